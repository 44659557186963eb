"""An authenticator is added: in the course of a sign-in, where it is the first second factor, or afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.pages.clients import form_targets
from api.pages.cookies import Cookie
from api.pages.form_errors import FormError, missing
from api.pages.sign_in import ENROLMENT, begin_again
from api.services.errors import NoSuchFlow
from verification.errors import CodeInvalid

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from api.services.attempts import Authenticated
    from api.services.enrolment import Enrolment


def show_first(visit: Visit) -> Response:
    """Show what the authenticator has to be told, to who needs a second factor and has none."""
    try:
        return show(visit, visit.services.sign_in.enrol(visit.kept(Cookie.SIGN_IN)), ENROLMENT)
    except NoSuchFlow:
        return begin_again(visit)


def take_first(visit: Visit) -> Response:
    """Take its first code: that is the second factor of this sign-in."""
    sign_in, flow = visit.services.sign_in, visit.kept(Cookie.SIGN_IN)
    try:
        if errors := missing(visit, "code"):
            return show(visit, sign_in.enrol(flow), ENROLMENT, *errors)
        attempt = sign_in.confirm(flow, visit.field("code"), visit.caller)
    except CodeInvalid:
        return _first_again(visit)
    except NoSuchFlow:
        return begin_again(visit)
    if attempt.authenticated is None:
        raise NoSuchFlow
    visit.forget(Cookie.SIGN_IN)
    visit.begin_session(attempt.authenticated)
    return _first_codes(visit, attempt.authenticated)


def show(visit: Visit, enrolment: Enrolment, action: str, *errors: FormError) -> Response:
    """Show what an authenticator has to be told, and ask for its first code."""
    return visit.render(
        "authenticator.html",
        errors=errors,
        form_targets=form_targets(visit),
        picture=enrolment.qr,
        key=grouped(enrolment.secret),
        action=action,
    )


def grouped(secret: str) -> str:
    """Write a secret in groups that the eye can hold; authenticators skip the spaces."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _first_again(visit: Visit) -> Response:
    try:
        enrolment = visit.services.sign_in.enrol(visit.kept(Cookie.SIGN_IN))
    except NoSuchFlow:
        return begin_again(visit)
    return show(visit, enrolment, ENROLMENT, FormError(visit.text("error.code.wrong"), "code"))


def _first_codes(visit: Visit, who: Authenticated) -> Response:
    caller = replace(visit.caller, subject=who.user_id, user_id=who.user_id, authenticated_at=who.at)
    codes = visit.services.factors.new_recovery_codes(who.user_id, caller)
    return visit.render("recovery_codes.html", codes=codes, onto=visit.return_to)
