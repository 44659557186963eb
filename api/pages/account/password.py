"""One's own password: another one, for who knows the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import while_fresh
from api.pages.account.security import PATH, show
from api.pages.form_errors import FormError
from api.pages.waits import wait_fault
from api.services.attempts import Authenticated
from api.services.own_passwords import PasswordWrong
from scim.errors import InvalidValue
from verification.errors import LimitReached

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit


def change(visit: Visit) -> Response:
    """Set another password; this browser goes on with a session of its own, and all others are signed out."""
    if errors := _missing(visit):
        return show(visit, *errors)
    return while_fresh(PATH, lambda: _change(visit))


def _change(visit: Visit) -> Response:
    text, session = visit.text, visit.session
    try:
        at = visit.services.own_passwords.change(
            visit.user_id, visit.field("old_password"), visit.field("password"), visit.caller
        )
    except PasswordWrong:
        return show(visit, FormError(text("error.password.wrong"), "old_password"))
    except InvalidValue:
        return show(visit, FormError(text("error.password.refused"), "password"))
    except LimitReached as error:
        return show(visit, wait_fault(visit, error))
    if session is not None:
        visit.begin_session(Authenticated(session.user_id, session.amr, session.acr, at))
    return visit.go(f"{PATH}?done=password")


def _missing(visit: Visit) -> tuple[FormError, ...]:
    names = ("old_password", "password", "again")
    empty = tuple(FormError(visit.text("error.password.missing"), name) for name in names if not visit.field(name))
    if empty or visit.field("password") == visit.field("again"):
        return empty
    return (FormError(visit.text("error.again.different"), "again"),)
