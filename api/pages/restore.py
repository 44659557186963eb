"""A lost phone is restored, step by step; docs/restore.md has the rules.

Which step a page is of stands in its path, and whose flow it is in a cookie. What a flow waits for is known to the use
case alone: a page that comes out of turn looks like any other, and its form is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.cookies import Cookie
from api.pages.form_errors import FormError, missing
from api.pages.waits import wait_fault
from api.services.errors import NoSuchFlow, ProofRefused
from api.services.restores import Hold
from verification.errors import CodeExpired, CodeInvalid, InvalidPhoneNumber, LimitReached
from verification.policy import Alphabet
from verification.restoration import Proof, RestoreStep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    from api.pages.visits import Visit
    from api.services.restore import RestoreService
    from api.services.restores import Onward

    Take = Callable[[RestoreService, Hold, str, Visit], Onward]

START = "/restore"
_BETWEEN = "."


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a page: the field it asks for, and the use case that takes it."""

    field: str
    take: Take
    has_code: bool = False


STEPS: Mapping[str, Step] = {
    "email": Step("code", lambda use, hold, code, visit: use.verify_email(hold, code, visit.caller), has_code=True),
    "password": Step("password", lambda use, hold, text, visit: use.prove_by_password(hold, text, visit.caller)),
    "recovery-code": Step("code", lambda use, hold, code, visit: use.prove_by_recovery_code(hold, code, visit.caller)),
    "phone": Step("phone", lambda use, hold, number, visit: use.phone(hold, number, visit.caller)),
    "code": Step("code", lambda use, hold, code, visit: use.verify_phone(hold, code, visit.caller), has_code=True),
}
"""By the last part of their paths."""
_PLACES: Mapping[RestoreStep | Proof, str] = {
    Proof.PASSWORD: "password",
    Proof.RECOVERY_CODE: "recovery-code",
    RestoreStep.PHONE: "phone",
    RestoreStep.CODE: "code",
}


def show(visit: Visit) -> Response:
    """Ask for the mail address."""
    return _start_form(visit, is_late=visit.request.args.get("notice") == "expired")


def start(visit: Visit) -> Response:
    """Begin; what follows is the same whether there is such an address."""
    if errors := missing(visit, "email"):
        return _start_form(visit, *errors)
    try:
        begun = visit.services.restore.start(visit.field("email").strip(), visit.caller)
    except LimitReached as error:
        return _start_form(visit, wait_fault(visit, error))
    visit.keep(Cookie.RESTORE, f"{begun.flow_id}{_BETWEEN}{begun.secret}")
    return visit.go(visit.onwards(f"{START}/email"))


def show_step(visit: Visit, name: str) -> Response:
    """Show the form of a step."""
    if name not in STEPS or not visit.kept(Cookie.RESTORE):
        return visit.go(visit.onwards(START))
    return _form(visit, name)


def take_step(visit: Visit, name: str) -> Response:
    """Take what a step asks for, and go on to the next one."""
    if name not in STEPS:
        return visit.go(visit.onwards(START))
    step = STEPS[name]
    if errors := missing(visit, step.field):
        return _form(visit, name, *errors)

    def take() -> Response:
        return _onwards(visit, step.take(visit.services.restore, _hold(visit), visit.field(step.field), visit))

    return _with_faults(visit, name, take)


def send(visit: Visit, name: str) -> Response:
    """Send another code."""
    if name not in STEPS:
        return visit.go(visit.onwards(START))

    def send_again() -> Response:
        visit.services.restore.resend(_hold(visit), visit.caller)
        return visit.go(visit.onwards(f"{START}/{name}"))

    return _with_faults(visit, name, send_again)


def done(visit: Visit) -> Response:
    """Say that it is done."""
    return visit.render("restored.html")


def _hold(visit: Visit) -> Hold:
    flow_id, _, secret = visit.kept(Cookie.RESTORE).partition(_BETWEEN)
    return Hold(flow_id, secret)


def _onwards(visit: Visit, onward: Onward) -> Response:
    if onward.step is None:
        visit.forget(Cookie.RESTORE)
        return visit.go(visit.onwards("/restored"))
    return visit.go(visit.onwards(f"{START}/{_PLACES[onward.proof or onward.step]}"))


def _with_faults(visit: Visit, name: str, act: Callable[[], Response]) -> Response:
    field = STEPS[name].field
    try:
        return act()
    except CodeExpired:
        return _form(visit, name, FormError(visit.text("error.code.expired"), field))
    except InvalidPhoneNumber:
        return _form(visit, name, FormError(visit.text("error.phone.refused"), field))
    except (CodeInvalid, ProofRefused):
        return _form(visit, name, FormError(visit.text(f"error.{field}.wrong"), field))
    except LimitReached as error:
        return _form(visit, name, wait_fault(visit, error))
    except NoSuchFlow:
        visit.forget(Cookie.RESTORE)
        return visit.go(visit.onwards(START, notice="expired"))


def _start_form(visit: Visit, *errors: FormError, is_late: bool = False) -> Response:
    return visit.render("restore.html", errors=errors, email=visit.field("email"), is_late=is_late)


def _form(visit: Visit, name: str, *errors: FormError) -> Response:
    step = STEPS[name]
    is_numeric = step.has_code and visit.services.core.policy.otp.alphabet is Alphabet.NUMERIC
    return visit.render(
        "restore_step.html",
        errors=errors,
        name=name,
        step=step,
        phone=visit.field("phone"),
        is_numeric=is_numeric,
        here=visit.onwards(f"{START}/{name}"),
    )
