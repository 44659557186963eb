"""How a user signs in, as administrators see it: methods, sessions, invitation; and the reset of it all."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.auth.scopes import Scope
from api.pages.console.frame import ask, render
from api.pages.console.people import person_of
from api.pages.console.tabs import SIGN_IN, render_tab
from api.pages.console.targets import changed_user, exposed_user, path_of, shown_user
from api.pages.form_errors import FormError
from api.pages.masks import shown
from api.pages.waits import wait_fault
from api.services.errors import ConfirmationRefused, NotInvitable, ResetUnderWay
from api.services.local_directory import LOCAL
from api.services.mfa_reset import LONGEST_REASON, Wanted
from verification.errors import LimitReached, TargetRefused
from verification.method_rules import refusal_to_remove
from verification.methods import MethodKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from api.pages.visits import Visit
    from verification.methods import Method


def show(visit: Visit, user_id: str) -> Response:
    """Show the methods and the sessions of the user."""
    return page(visit, user_id)


def ask_sign_out(visit: Visit, user_id: str) -> Response:
    """Ask whether the user is to be signed out everywhere."""
    person = person_of(visit, changed_user(visit, user_id, "sign-out"))
    return ask(
        visit,
        title=visit.text("console.sign_out.title", name=person.name),
        text=visit.text("console.sign_out.text"),
        button=visit.text("console.sign_out.button"),
        back=path_of(user_id, SIGN_IN),
    )


def sign_out(visit: Visit, user_id: str) -> Response:
    """End the sessions and tokens of the user."""
    person = person_of(visit, changed_user(visit, user_id, "sign-out"))
    visit.services.methods.revoke_sessions(user_id, visit.caller)
    visit.tell("console.done.signed_out", name=person.name)
    return visit.go(path_of(user_id, SIGN_IN))


def end_session(visit: Visit, user_id: str) -> Response:
    """Sign the user out of one browser; that it is signed out already is no fault."""
    person = person_of(visit, changed_user(visit, user_id, SIGN_IN))
    visit.services.sessions.end(visit.field("session"), user_id=user_id, caller=visit.caller)
    visit.tell("console.done.session_ended", name=person.name)
    return visit.go(path_of(user_id, SIGN_IN))


def invite(visit: Visit, user_id: str) -> Response:
    """Send the user an invitation to set a password; one that was sent before is good no longer."""
    changed_user(visit, user_id, SIGN_IN)
    try:
        invited = visit.services.invitations.invite(visit.caller, user_id=user_id)
    except NotInvitable as error:
        return page(visit, user_id, FormError(visit.text(f"console.error.{error.code.lower()}")))
    except LimitReached as error:
        return page(visit, user_id, wait_fault(visit, error, "console.error.limit"))
    except TargetRefused:
        return page(visit, user_id, FormError(visit.text("console.error.target_refused")))
    visit.tell("console.done.invited", address=invited.sent_to)
    return visit.go(path_of(user_id, SIGN_IN))


def ask_reset(visit: Visit, user_id: str) -> Response:
    """Show what a reset would remove, and ask."""
    return _question(visit, user_id)


def reset(visit: Visit, user_id: str) -> Response:
    """Remove what was shown, and report; a pass is shown only here."""
    stored = exposed_user(visit, user_id, "reset")
    reason = visit.field("reason").strip()
    if len(reason) > LONGEST_REASON:
        return _question(visit, user_id, FormError(visit.text("console.error.reason"), "reason"))
    wanted = Wanted(
        name=user_id,
        directory=LOCAL,
        reason=reason or None,
        revokes_sessions=bool(visit.field("sessions")),
        issues_pass=bool(visit.field("pass")) and user_id != visit.user_id,
        confirmation=visit.field("confirmation"),
    )
    try:
        answered = visit.services.resets.reset(wanted, visit.caller)
    except ConfirmationRefused:
        return _question(visit, user_id, FormError(visit.text("console.error.reset_changed")))
    except ResetUnderWay:
        return _question(visit, user_id, FormError(visit.text("console.error.reset_under_way")))
    except LimitReached as error:
        return _question(visit, user_id, wait_fault(visit, error, "console.error.resets"))
    return render(
        visit,
        "console/reset_report.html",
        person=person_of(visit, stored),
        report=answered.report,
        access_pass=answered.access_pass,
        shown=shown,
        here=path_of(user_id, SIGN_IN),
    )


def _question(visit: Visit, user_id: str, *errors: FormError) -> Response:
    stored = exposed_user(visit, user_id, "reset")
    wanted = Wanted(name=user_id, directory=LOCAL, is_dry_run=True)
    planned = visit.services.resets.reset(wanted, visit.caller)
    return render(
        visit,
        "console/reset.html",
        errors=errors,
        person=person_of(visit, stored),
        methods=planned.report["methods"],
        confirmation=planned.confirmation,
        reason=visit.field("reason"),
        # A pass is a way in for somebody else; who is in has others.
        may_have_pass=user_id != visit.user_id,
        shown=shown,
        here=path_of(user_id),
    )


def page(visit: Visit, user_id: str, *errors: FormError) -> Response:
    """Answer with the tab, and what is wrong with what was asked for there."""
    stored = shown_user(visit, user_id)
    _, methods = visit.services.methods.list(user_id)
    present = [item.method for item in methods]
    return render_tab(
        visit,
        stored,
        SIGN_IN,
        status=HTTPStatus.CONFLICT if errors else HTTPStatus.OK,
        errors=errors,
        methods=[(method, _may_go(method, present)) for method in present],
        shown=shown,
        sessions=visit.services.sessions.list(user_id),
        may_reset=visit.may(Scope.MFA_RESET),
        may_invite=visit.may(Scope.USER_UPDATE) and all(each.kind is not MethodKind.PASSWORD for each in present),
    )


def _may_go(method: Method, present: Sequence[Method]) -> bool | None:
    """Tell whether a method can be removed by itself; None where it can never."""
    return refusal_to_remove(method, present) is None if method.is_removable else None
