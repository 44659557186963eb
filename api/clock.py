"""The real clock, the only place of the product that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Tell the machine's time as an aware UTC moment."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)
