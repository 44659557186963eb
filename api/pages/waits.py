"""How long somebody has to wait, said so that people understand it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.translations import Translation

_A_MINUTE = 60
_AN_HOUR = 3600


def wait_text(text: Translation, seconds: int) -> str:
    """Say after how long another try makes sense."""
    if seconds <= _A_MINUTE:
        return text("wait.seconds", seconds=seconds)
    if seconds <= _AN_HOUR:
        return text("wait.minutes", minutes=ceil(seconds / _A_MINUTE))
    return text("wait.hours", hours=ceil(seconds / _AN_HOUR))
