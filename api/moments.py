"""Moments on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def rfc3339(moment: datetime) -> str:
    """Return an aware UTC moment as RFC 3339 with milliseconds and `Z` (the form of the guide's answers)."""
    # strftime takes twenty times as long; the offset of UTC is always these six characters.
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"
