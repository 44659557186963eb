"""The page behind the link of an invitation: whoever has the mailbox sets the first password."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.form_errors import FormError, missing
from api.request_state import anonymous_caller
from api.services.errors import NoSuchInvitation
from verification.errors import PasswordRefused

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

BY_LINK = "invitation-link"
"""The actor of the audit trail: whoever has the mailbox."""


def show(visit: Visit, token: str) -> Response:
    """Show the form; scanners of mail follow links, and change nothing by it."""
    return _form(visit, token)


def take(visit: Visit, token: str) -> Response:
    """Set the password, and go on to signing in with it."""
    errors = missing(visit, "password")
    if not errors and visit.field("password") != visit.field("again"):
        errors = (FormError(visit.text("error.again.different"), "again"),)
    if errors:
        return _form(visit, token, *errors)
    caller = replace(anonymous_caller(), subject=BY_LINK)
    try:
        visit.services.invitations.accept(token, visit.field("password"), caller)
    except NoSuchInvitation:
        return _gone(visit)
    except PasswordRefused:
        return _form(visit, token, FormError(visit.text("error.password.refused"), "password"))
    return visit.go("/sign-in?notice=password_set")


def _form(visit: Visit, token: str, *errors: FormError) -> Response:
    try:
        user_name = visit.services.invitations.offered(token)
    except NoSuchInvitation:
        return _gone(visit)
    return visit.render(
        "invitation.html",
        errors=errors,
        user_name=user_name,
        min_length=visit.services.settings.password_min_length,
    )


def _gone(visit: Visit) -> Response:
    return visit.render("invitation_gone.html", status=HTTPStatus.GONE)
