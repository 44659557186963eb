"""What the use cases of contacts refuse, said beside the field that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.form_errors import FormError
from api.pages.waits import wait_fault
from scim.errors import Forbidden, InvalidValue, TooManyRequests
from verification.errors import (
    AmbiguousCode,
    ChangesBlocked,
    CodeExpired,
    CodeInvalid,
    LimitReached,
    NumberChanged,
    PrivilegedValidationDisabled,
    TargetRefused,
    VerificationError,
)

if TYPE_CHECKING:
    from flask import Response

    from api.pages.contacts.desk import Desk
    from scim.errors import ScimError

FAULTS = (
    AmbiguousCode,
    ChangesBlocked,
    CodeExpired,
    CodeInvalid,
    Forbidden,
    InvalidValue,
    LimitReached,
    NumberChanged,
    PrivilegedValidationDisabled,
    TargetRefused,
    TooManyRequests,
)
"""What the page is shown again for; other errors are pages of their own."""
_TEXTS: dict[type[Exception], str] = {
    AmbiguousCode: "error.code.wrong",
    ChangesBlocked: "fault.changes_blocked.text",
    CodeExpired: "error.code.expired",
    CodeInvalid: "error.code.wrong",
    Forbidden: "contact.error.prove_first",
    NumberChanged: "contact.error.changed_meanwhile",
    PrivilegedValidationDisabled: "contact.error.not_for_others",
    TargetRefused: "contact.error.refused",
}


def refused(desk: Desk, error: ScimError | VerificationError, field: str | None = None) -> Response:
    """Answer with the page and what is wrong, in the visitor's language."""
    if isinstance(error, LimitReached | TooManyRequests):
        return desk.refuse(wait_fault(desk.visit, error, "contact.error.limit", field))
    return desk.refuse(FormError(desk.visit.text(_key(desk, error)), field))


def _key(desk: Desk, error: Exception) -> str:
    if isinstance(error, InvalidValue):
        # The rules of users wrap what the guard refuses, with its code before it.
        is_refused = (error.detail or "").startswith(f"{TargetRefused.code}:")
        return "contact.error.refused" if is_refused else f"contact.{desk.kind}.invalid"
    return _TEXTS[type(error)]
