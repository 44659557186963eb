"""A proof of the number in use, which a change of it needs where the deployment asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, render
from api.pages.form_errors import FormError, missing
from api.pages.waits import wait_fault
from api.services.errors import NoSuchFactor, NoSuchFlow
from verification.errors import CodeExpired, CodeInvalid, LimitReached

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = f"{HOME}/old-number"
MOBILE = f"{HOME}/mobile"


def show(visit: Visit, *errors: FormError) -> Response:
    """Show the form of the code, and how it is sent."""
    is_sent = bool(errors) or visit.request.args.get("sent") == "yes"
    return render(visit, "account/old_number.html", here=PATH, errors=errors, is_sent=is_sent)


def send(visit: Visit) -> Response:
    """Send a code to the number in use."""
    try:
        visit.services.old_numbers.send(visit.user_id, visit.caller)
    except NoSuchFactor:
        return visit.go(MOBILE)
    except LimitReached as error:
        return _wait(visit, error)
    return visit.go(f"{PATH}?sent=yes")


def take(visit: Visit) -> Response:
    """Take the code; then the number may be changed once."""
    if errors := missing(visit, "code"):
        return show(visit, *errors)
    try:
        visit.services.old_numbers.confirm(visit.user_id, visit.field("code"), visit.caller)
    except (CodeInvalid, CodeExpired) as error:
        key = "error.code.expired" if isinstance(error, CodeExpired) else "error.code.wrong"
        return show(visit, FormError(visit.text(key), "code"))
    except LimitReached as error:
        return _wait(visit, error)
    except NoSuchFlow:
        return visit.go(PATH)
    visit.tell("account.old_number.proved")
    return visit.go(MOBILE)


def _wait(visit: Visit, error: LimitReached) -> Response:
    return show(visit, wait_fault(visit, error))
