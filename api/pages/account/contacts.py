"""One's own numbers and addresses."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, LAYOUT, render
from api.pages.contacts.acts import act
from api.pages.contacts.desk import Desk, Frame
from api.pages.contacts.panel import Panel

if TYPE_CHECKING:
    from flask import Response

    from api.pages.form_errors import FormError
    from api.pages.visits import Visit


def show_mobile(visit: Visit) -> Response:
    """Show one's mobile numbers."""
    return _page("mobile", visit)


def act_on_mobile(visit: Visit, act: str) -> Response:
    """Change something about one's mobile numbers."""
    return _act("mobile", visit, act)


def show_email(visit: Visit) -> Response:
    """Show one's mail addresses."""
    return _page("email", visit)


def act_on_email(visit: Visit, act: str) -> Response:
    """Change something about one's mail addresses."""
    return _act("email", visit, act)


def back(visit: Visit, **parts: str) -> Response:
    """Send who asks for the path of a form to the page that it is on."""
    del parts
    return visit.go(visit.request.path.rpartition("/")[0])


def _act(kind: str, visit: Visit, name: str) -> Response:
    frame = Frame(LAYOUT, render, partial(_page, kind))
    return act(Desk(visit, kind, visit.user_id, visit.caller, f"{HOME}/{kind}", frame), name)


def _page(kind: str, visit: Visit, *errors: FormError, status: int | None = None) -> Response:
    stored, base = visit.services.resources.users.get(visit.user_id), f"{HOME}/{kind}"
    panel = replace(Panel.of(visit.services, stored, kind, base), typed=visit.field(f"{kind}_value"))
    is_proof_needed = (
        kind == "mobile"
        and visit.services.core.policy.change_needs_old_number
        and panel.primary is not None
        and panel.primary.is_verified
    )
    return render(
        visit,
        "account/contacts.html",
        status=status,
        here=base,
        errors=errors,
        panel=panel,
        is_proof_needed=is_proof_needed,
    )
