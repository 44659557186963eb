"""How one signs in: the password, the second factors there are, and what can be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.account.frame import HOME, ask, render, while_fresh
from api.pages.cookies import Cookie
from api.pages.enrolment import show as show_authenticator
from api.pages.form_errors import FormError, missing
from api.pages.masks import shown
from api.pages.questions import is_sure
from api.services.errors import NoSuchFactor, NoSuchFlow
from verification.errors import CodeInvalid
from verification.factors import MfaPolicy

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

PATH = f"{HOME}/security"
CONFIRMATION = f"{PATH}/authenticator/confirm"
POLICIES = ("", MfaPolicy.RISKY, MfaPolicy.ON)
"""When users may have themselves asked for a second factor; the empty one is what the service says, and the least."""


def moved(visit: Visit) -> Response:
    """Send on who comes by the path of before."""
    return visit.go(PATH)


def show(visit: Visit, *errors: FormError) -> Response:
    """Show how one signs in."""
    own = visit.services.factors.list(visit.user_id)
    return render(
        visit,
        "account/security.html",
        here=PATH,
        errors=errors,
        number=shown(own.number),
        authenticator_since=own.authenticator_since,
        codes_left=own.recovery_codes_left,
        policies=[(each, visit.text(f"account.policy.{each or 'none'}")) for each in POLICIES],
        policy=own.policy or "",
        min_length=visit.services.settings.password_min_length,
        is_password_changed=visit.request.args.get("done") == "password",
    )


def begin_authenticator(visit: Visit) -> Response:
    """Show what an authenticator has to be told."""

    def begin() -> Response:
        enrolment = visit.services.factors.begin_authenticator(visit.user_id, visit.caller)
        visit.keep(Cookie.ENROLMENT, enrolment.flow)
        return show_authenticator(visit, enrolment, CONFIRMATION)

    return while_fresh(PATH, begin)


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
        visit.tell("account.authenticator.added")
        return visit.go(PATH)

    return while_fresh(PATH, confirm)


def remove_authenticator(visit: Visit) -> Response:
    """Remove the authenticator; that it is gone already is no fault."""

    def remove() -> Response:
        try:
            visit.services.factors.remove_authenticator(visit.user_id, visit.caller)
        except NoSuchFactor:
            return visit.go(PATH)
        visit.tell("account.authenticator.removed")
        return visit.go(PATH)

    return while_fresh(PATH, remove) if is_sure(visit) else ask(visit, "authenticator", PATH)


def make_codes(visit: Visit) -> Response:
    """Make recovery codes and show them, this once; those before work no more, which is asked about."""

    def make() -> Response:
        codes = visit.services.factors.new_recovery_codes(visit.user_id, visit.caller)
        return visit.render("recovery_codes.html", codes=codes, onto=PATH, here=PATH)

    has_some = visit.services.factors.list(visit.user_id).recovery_codes_left > 0
    if has_some and not is_sure(visit):
        return ask(visit, "codes", PATH)
    return while_fresh(PATH, make)


def set_policy(visit: Visit) -> Response:
    """Say when a second factor is asked for."""

    def save() -> Response:
        wanted = visit.field("policy")
        policy = MfaPolicy(wanted) if wanted in POLICIES and wanted else None
        visit.services.factors.set_own_policy(visit.user_id, policy, visit.caller)
        visit.tell("account.policy.saved")
        return visit.go(PATH)

    return while_fresh(PATH, save)


def _code_form(visit: Visit, *errors: FormError) -> Response:
    return visit.render(
        "authenticator.html",
        errors=errors,
        picture=None,
        key=None,
        action=CONFIRMATION,
        here=PATH,
    )
