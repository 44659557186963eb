"""The numbers and addresses of a user, on behalf of whom codes are checked and sent again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.fields import EMAIL, MOBILE
from api.pages.console.frame import render
from api.pages.console.tabs import render_tab
from api.pages.console.targets import changed_user, exposed_user, path_of, shown_user
from api.pages.contacts.acts import act as do
from api.pages.contacts.desk import Desk, Frame
from api.pages.contacts.panel import KINDS, Panel, Proved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.contacts.panel import Value
    from api.pages.form_errors import FormError
    from api.pages.visits import Visit
    from persistence.resources import StoredResource

LAYOUT = "console/base.html"
CHANGES = frozenset({"change", "primary", "add", "prove", "remove"})
"""Acts that lead codes elsewhere (what is proved is listed by that); what was begun so is ended by its code alone."""


def panel_of(visit: Visit, stored: StoredResource, kind: str) -> Panel:
    """Return the controls of one kind, with those that the visitor may use."""
    may_check = stored.id == visit.user_id or visit.services.core.policy.privileged_validation
    return replace(
        Panel.of(visit.services, stored, kind, path_of(stored.id, kind)),
        may_change=visit.may(Scope.USER_UPDATE),
        may_check=visit.may(Scope.USER_CODE_CREATE) and may_check,
        may_send=visit.may(Scope.USER_CODE_CREATE),
    )


def _show(kind: str, visit: Visit, user_id: str) -> Response:
    return _page(kind, user_id, visit)


def _act(kind: str, visit: Visit, user_id: str, act: str) -> Response:
    reach = exposed_user if act in CHANGES else changed_user
    reach(visit, user_id, kind)
    frame = Frame(LAYOUT, render, partial(_page, kind, user_id))
    return do(Desk(visit, kind, user_id, visit.caller, path_of(user_id, kind), frame), act)


def _page(kind: str, user_id: str, visit: Visit, *errors: FormError, status: int | None = None) -> Response:
    stored = shown_user(visit, user_id)
    panel = panel_of(visit, stored, kind)
    panel = replace(panel, values=_with_proofs(visit, user_id, panel), typed=visit.field(f"{kind}_value"))
    return render_tab(visit, stored, kind, template="console/contacts.html", status=status, errors=errors, panel=panel)


def _with_proofs(visit: Visit, user_id: str, panel: Panel) -> tuple[Value, ...]:
    """Return the values of a panel, those that are verified with when and by whom they were proved, if that is kept."""
    proofs = visit.services.verifications.proofs(user_id, KINDS[panel.kind].kind.purpose)
    names = visit.services.names.of({each.actor for each in proofs.values() if each.actor})
    told = {key: Proved(each.at, _by(visit, user_id, each.actor, names)) for key, each in proofs.items()}
    return tuple(replace(value, proved=told.get(value.key)) if value.is_verified else value for value in panel.values)


def _by(visit: Visit, user_id: str, actor: str | None, names: Mapping[str, str | None]) -> str:
    if actor is None:
        return ""
    name = names[actor] or actor
    return visit.text("contact.proof.owner") if actor == user_id else visit.text("contact.proof.other", name=name)


show_mobile, show_email = partial(_show, MOBILE), partial(_show, EMAIL)
act_on_mobile, act_on_email = partial(_act, MOBILE), partial(_act, EMAIL)
verify_mobile, verify_email = partial(_act, MOBILE, act="verify"), partial(_act, EMAIL, act="verify")
resend_mobile, resend_email = partial(_act, MOBILE, act="resend"), partial(_act, EMAIL, act="resend")
