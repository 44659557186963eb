"""Signing in, the first step: a user name, or a proved mail address, and a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.clients import form_targets
from api.pages.cookies import Cookie
from api.pages.form_errors import FormError, missing
from api.pages.waits import wait_fault
from api.services.assurance import Acr
from api.services.attempts import Step
from api.services.errors import SignInRefused
from verification.errors import LimitReached
from verification.factors import Method

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from api.services.attempts import Attempt, Authenticated

SECOND_STEP = "/sign-in/code"
ENROLMENT = "/sign-in/enrol"
NOTICES = frozenset(
    {"expired", "stale", "stale_rights", "stale_rules", "stale_senders", "stale_console", "password_set", "reverted"}
)
"""What another page may have this one say; a text is `sign_in.<notice>`."""


def show(visit: Visit) -> Response:
    """Show the form, also to who is signed in: somebody else, or a fresh proof, may be wanted."""
    notice = visit.request.args.get("notice")
    return _form(visit, user_name=visit.asked.login_hint, notice=notice if notice in NOTICES else None)


def take(visit: Visit) -> Response:
    """Take the form: sign in, or go on to the second factor."""
    if errors := missing(visit, "user_name", "password"):
        return _form(visit, *errors)
    sign_in = visit.services.sign_in
    acr = Acr.TWO_FACTORS if Acr.TWO_FACTORS in visit.asked.acr_values else Acr.ONE_FACTOR
    name, password = visit.field("user_name").strip(), visit.field("password")
    try:
        attempt = sign_in.begin(name, password, client_id=visit.asked.client_id, caller=visit.caller, acr=acr)
    except SignInRefused:
        return _form(visit, FormError(visit.text("error.sign_in.refused"), "user_name"))
    except LimitReached as error:
        return _form(visit, wait_fault(visit, error))
    return go_on(visit, attempt)


def go_on(visit: Visit, attempt: Attempt) -> Response:
    """Send the browser to what comes next in a sign-in."""
    if attempt.authenticated is not None:
        return enter(visit, attempt.authenticated)
    visit.keep(Cookie.SIGN_IN, attempt.flow)
    if attempt.step is Step.ENROLMENT:
        return visit.go(visit.onwards(ENROLMENT))
    if attempt.methods[0] is Method.SMS:
        # The code is what everybody with this method would ask for next. Where none may be sent, that page says so.
        _send(visit, attempt.flow)
    return visit.go(visit.onwards(SECOND_STEP))


def enter(visit: Visit, authenticated: Authenticated) -> Response:
    """Begin the session of who has signed in, and let the browser go where it wanted to."""
    visit.begin_session(authenticated)
    visit.forget(Cookie.SIGN_IN)
    return visit.go(visit.return_to)


def begin_again(visit: Visit) -> Response:
    """Let the visitor begin again, with a word why."""
    visit.forget(Cookie.SIGN_IN)
    return visit.go(visit.onwards("/sign-in", notice="expired"))


def _send(visit: Visit, flow: str) -> None:
    try:
        visit.services.sign_in.challenge(flow, Method.SMS, visit.caller)
    except LimitReached:
        return


def _form(
    visit: Visit,
    *errors: FormError,
    user_name: str = "",
    notice: str | None = None,
) -> Response:
    return visit.render(
        "sign_in.html",
        errors=errors,
        form_targets=form_targets(visit),
        user_name=visit.field("user_name") if errors else user_name,
        notice=notice,
    )
