"""Moments on pages: in UTC from the server, and rewritten in the reader's zone where scripts run (`live.time`)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def utc(moment: datetime) -> str:
    """Return a moment as people read it anywhere, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
