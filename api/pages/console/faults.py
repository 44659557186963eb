"""What the use cases of users refuse, as faults of a form: beside the field that it is about, where it is about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.fields import FIELDS, USER_NAME
from api.pages.form_errors import FormError
from api.pages.waits import wait_fault
from scim.errors import InvalidValue, ScimError, TooManyRequests, Uniqueness
from verification.errors import ChangesBlocked, LimitReached, TargetRefused, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.pages.visits import Visit

FAULTS = (InvalidValue, Uniqueness, TooManyRequests, ChangesBlocked, LimitReached, TargetRefused)
"""What a form is shown again for; other errors are pages of their own."""
_PASSWORD = "password"  # noqa: S105 - the name of a field
_ORDER = tuple(field.name for field in FIELDS)


def all_faults(
    visit: Visit, errors: Iterable[ScimError | VerificationError], *missing: FormError
) -> tuple[FormError, ...]:
    """Say all that is wrong in the order of the fields, of each field the first thing, and what is about none last."""
    found: dict[str, FormError] = {}
    for fault in (*missing, *(fault for error in errors for fault in faults_of(visit, error))):
        found.setdefault(fault.field or fault.text, fault)
    return tuple(sorted(found.values(), key=_place))


def faults_of(visit: Visit, error: ScimError | VerificationError) -> tuple[FormError, ...]:
    """Say what is wrong, in the visitor's language."""
    text = visit.text
    if isinstance(error, Uniqueness):
        kind = "taken_inactive" if "inactive" in error.detail else "taken"
        return (FormError(text(f"console.error.{kind}"), _field_of(error.detail)),)
    if isinstance(error, TooManyRequests | LimitReached):
        return (wait_fault(visit, error, "console.error.limit"),)
    if isinstance(error, ChangesBlocked):
        return (FormError(text("fault.changes_blocked.text")),)
    detail = error.detail if isinstance(error, ScimError) else f"{error.code}: {error}"
    if detail.startswith(f"{TargetRefused.code}:"):
        return (FormError(text("console.error.target_refused")),)
    name = _field_of(detail)
    key = f"console.error.{name}"
    # The text about a user name is of one that is missing.
    is_told = name not in {None, USER_NAME} and text.has(key)
    return (FormError(text(key) if is_told else text("console.error.other", detail=detail), name),)


def _place(fault: FormError) -> int:
    return _ORDER.index(fault.field) if fault.field in _ORDER else len(_ORDER) + (fault.field is None)


def _field_of(detail: str) -> str | None:
    """Return the field whose attribute a fault names at its beginning."""
    if detail.startswith(f"{_PASSWORD}:"):
        return _PASSWORD
    return next((field.name for field in FIELDS if detail.startswith(field.path)), None)
