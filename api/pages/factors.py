"""How a user signs in: the second factors there are, and what can be done about them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.pages.cookies import Cookie
from api.pages.enrolment import show as show_authenticator
from api.pages.form_errors import FormError, missing
from api.pages.masks import shown
from api.services.errors import NoSuchFactor, NoSuchFlow, StaleAuthentication
from verification.errors import CodeInvalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from api.pages.visits import Visit

PATH = "/factors"


def show(visit: Visit) -> Response:
    """List the second factors."""
    own = visit.services.factors.list(visit.user_id)
    return visit.render(
        "factors.html",
        number=shown(own.number),
        has_authenticator=own.authenticator_since is not None,
        codes_left=own.recovery_codes_left,
    )


def begin_authenticator(visit: Visit) -> Response:
    """Show what an authenticator has to be told."""

    def begin() -> Response:
        enrolment = visit.services.factors.begin_authenticator(visit.user_id, visit.caller)
        visit.keep(Cookie.ENROLMENT, enrolment.flow)
        return show_authenticator(visit, enrolment, f"{PATH}/authenticator/confirm")

    return _while_fresh(visit, begin)


def confirm_authenticator(visit: Visit) -> Response:
    """Take its first code. A wrong one may be mended: the authenticator has been told already."""

    def confirm() -> Response:
        if errors := missing(visit, "code"):
            return _code_form(visit, *errors)
        flow = visit.kept(Cookie.ENROLMENT)
        try:
            visit.services.factors.confirm_authenticator(visit.user_id, flow, visit.field("code"), visit.caller)
        except CodeInvalid:
            return _code_form(visit, FormError(visit.text("error.code.wrong"), "code"))
        except NoSuchFlow:
            visit.forget(Cookie.ENROLMENT)
            return visit.go(PATH)
        visit.forget(Cookie.ENROLMENT)
        return visit.go(PATH)

    return _while_fresh(visit, confirm)


def remove_authenticator(visit: Visit) -> Response:
    """Remove the authenticator; that it is gone already is no fault."""

    def remove() -> Response:
        try:
            visit.services.factors.remove_authenticator(visit.user_id, visit.caller)
        except NoSuchFactor:
            return visit.go(PATH)
        return visit.go(PATH)

    return _while_fresh(visit, remove)


def make_codes(visit: Visit) -> Response:
    """Make recovery codes and show them, this once."""

    def make() -> Response:
        codes = visit.services.factors.new_recovery_codes(visit.user_id, visit.caller)
        return visit.render("recovery_codes.html", codes=codes, onto=PATH)

    return _while_fresh(visit, make)


def _code_form(visit: Visit, *errors: FormError) -> Response:
    return visit.render(
        "authenticator.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        errors=errors,
        picture=None,
        key=None,
        action=f"{PATH}/authenticator/confirm",
        here=PATH,
    )


def _while_fresh(visit: Visit, act: Callable[[], Response]) -> Response:
    try:
        return act()
    except StaleAuthentication:
        # Whoever finds a browser open must not be able to lock its owner out.
        return visit.go(f"/sign-in?{urlencode({'return_to': PATH, 'notice': 'stale'})}")
