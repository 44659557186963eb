"""How long somebody has to wait, said so that people understand it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from api.pages.form_errors import FormError

if TYPE_CHECKING:
    from api.pages.translations import Translation
    from api.pages.visits import Visit
    from scim.errors import TooManyRequests
    from verification.errors import LimitReached

_A_MINUTE = 60
_AN_HOUR = 3600


def wait_text(text: Translation, seconds: int) -> str:
    """Say after how long another try makes sense."""
    if seconds <= _A_MINUTE:
        return text("wait.seconds", seconds=seconds)
    if seconds <= _AN_HOUR:
        return text("wait.minutes", minutes=ceil(seconds / _A_MINUTE))
    return text("wait.hours", hours=ceil(seconds / _AN_HOUR))


def wait_fault(
    visit: Visit, error: LimitReached | TooManyRequests, key: str | None = None, field: str | None = None
) -> FormError:
    """Say in a form that a limit is reached; `key` is of what stands before how long to wait."""
    wait = wait_text(visit.text, error.retry_after)
    return FormError(f"{visit.text(key)} {wait}" if key else wait, field, error.retry_after)
