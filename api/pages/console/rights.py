"""What a user may do in the Console, set by who may do everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from api.auth.scopes import ALL_SCOPES, Scope
from api.pages.console.frame import ask
from api.pages.console.people import person_of
from api.pages.console.tabs import RIGHTS, render_tab
from api.pages.console.targets import changed_user, path_of, shown_user
from api.pages.errors import SignInAgain
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.services.administrators import LastAdministrator
from api.services.errors import StaleAuthentication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from api.pages.visits import Visit

AREAS: tuple[tuple[str, tuple[Scope, ...]], ...] = (
    ("users", (Scope.USER_LIST, Scope.USER_VIEW, Scope.USER_CREATE, Scope.USER_UPDATE, Scope.USER_DELETE)),
    ("groups", (Scope.GROUP_VIEW, Scope.GROUP_CREATE, Scope.GROUP_UPDATE, Scope.GROUP_DELETE)),
    ("codes", (Scope.USER_CODE_VIEW, Scope.USER_CODE_CREATE, Scope.MFA_RESET, Scope.MFA_PHONE_ASSERT)),
    ("senders", (Scope.SENDER_VIEW, Scope.SENDER_CREATE, Scope.SENDER_UPDATE, Scope.SENDER_DELETE)),
    ("service", (Scope.GOVERNANCE_VIEW, Scope.GOVERNANCE_UPDATE, Scope.BULK_CREATE, Scope.INTROSPECT, Scope.LOGIN)),
)
"""The scopes by what they are about."""
WHOLE: Mapping[str, frozenset[str]] = {"all": ALL_SCOPES, "none": frozenset()}
"""What is given or taken at once."""


def show(visit: Visit, user_id: str) -> Response:
    """Show what the user may do."""
    return _page(visit, user_id)


def ask_whole(visit: Visit, user_id: str, which: str) -> Response:
    """Ask whether the user is to have every right, or none."""
    if which not in WHOLE:
        raise NotFound
    name = person_of(visit, changed_user(visit, user_id, RIGHTS, which)).name
    return ask(
        visit,
        title=visit.text(f"console.rights.{which}.title", name=name),
        text=visit.text(f"console.rights.{which}.text"),
        button=visit.text(f"console.rights.{which}"),
        action=path_of(user_id, RIGHTS),
        back=path_of(user_id, RIGHTS),
        fields={"rights": which},
    )


def save(visit: Visit, user_id: str) -> Response:
    """Take what the user may do from now on."""
    service = visit.services.administrators
    before = service.lookup(user_id).scopes
    try:
        service.set_scopes(user_id, _wanted(visit), visit.caller)
    except StaleAuthentication:
        # Whoever finds a browser open must not make themselves an administrator.
        raise SignInAgain(path_of(user_id, RIGHTS), "stale_rights") from None
    except LastAdministrator:
        return _page(visit, user_id, FormError(visit.text("console.rights.last")))
    name = person_of(visit, shown_user(visit, user_id)).name
    undo = Undo(path_of(user_id, RIGHTS), dict.fromkeys(sorted(before), "yes"))
    visit.tell("console.done.rights", undo=undo, name=name)
    return visit.go(path_of(user_id, RIGHTS))


def _page(visit: Visit, user_id: str, *errors: FormError) -> Response:
    return render_tab(
        visit,
        shown_user(visit, user_id),
        RIGHTS,
        errors=errors,
        areas=AREAS,
        scopes=visit.services.administrators.lookup(user_id).scopes,
    )


def _wanted(visit: Visit) -> frozenset[str]:
    whole = WHOLE.get(visit.field("rights"))
    return frozenset(scope for scope in ALL_SCOPES if visit.field(scope)) if whole is None else whole
