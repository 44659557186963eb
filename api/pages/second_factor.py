"""Signing in, the second step: a code of the method that the visitor chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.clients import form_targets
from api.pages.cookies import Cookie
from api.pages.form_errors import FormError, missing
from api.pages.masks import shown
from api.pages.sign_in import SECOND_STEP, begin_again, go_on
from api.pages.waits import wait_fault
from api.services.errors import NoSuchFlow
from verification.errors import CodeExpired, CodeInvalid, LimitReached
from verification.factors import Method
from verification.policy import Alphabet

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from api.services.attempts import Attempt


def show(visit: Visit) -> Response:
    """Show the form of a method."""
    try:
        return _form(visit, visit.services.sign_in.look(_flow(visit)))
    except NoSuchFlow:
        return begin_again(visit)


def take(visit: Visit) -> Response:
    """Take a code."""
    sign_in = visit.services.sign_in
    try:
        attempt = sign_in.look(_flow(visit))
        if errors := missing(visit, "code"):
            return _form(visit, attempt, *errors)
        method = _chosen(visit, attempt)
        return go_on(visit, sign_in.prove(attempt.flow, method, visit.field("code"), visit.caller))
    except (CodeInvalid, CodeExpired) as error:
        return _refused(visit, "error.code.expired" if isinstance(error, CodeExpired) else "error.code.wrong")
    except LimitReached as error:
        return _wait(visit, error)
    except NoSuchFlow:
        return begin_again(visit)


def send(visit: Visit) -> Response:
    """Send a code, or another one."""
    try:
        visit.services.sign_in.challenge(_flow(visit), Method.SMS, visit.caller)
        return visit.go(visit.onwards(SECOND_STEP, method=Method.SMS))
    except LimitReached as error:
        return _wait(visit, error)
    except NoSuchFlow:
        return begin_again(visit)


def _flow(visit: Visit) -> str:
    return visit.kept(Cookie.SIGN_IN)


def _chosen(visit: Visit, attempt: Attempt) -> Method:
    wanted = visit.field("method") or visit.request.args.get("method", "")
    return next((method for method in attempt.methods if method == wanted), attempt.methods[0])


def _refused(visit: Visit, key: str) -> Response:
    # Looked at anew: what was wrong once too often has ended it.
    try:
        attempt = visit.services.sign_in.look(_flow(visit))
    except NoSuchFlow:
        return begin_again(visit)
    return _form(visit, attempt, FormError(visit.text(key), "code"))


def _wait(visit: Visit, error: LimitReached) -> Response:
    attempt = visit.services.sign_in.look(_flow(visit))
    return _form(visit, attempt, wait_fault(visit, error))


def _form(visit: Visit, attempt: Attempt, *errors: FormError) -> Response:
    method = _chosen(visit, attempt)
    return visit.render(
        "second_factor.html",
        errors=errors,
        form_targets=form_targets(visit),
        method=method,
        others=[other for other in attempt.methods if other is not method],
        sent_to=shown(attempt.sent_to),
        resend_after=attempt.resend_after,
        is_numeric=visit.services.core.policy.otp.alphabet is Alphabet.NUMERIC,
        here=visit.onwards(SECOND_STEP, method=method),
    )
