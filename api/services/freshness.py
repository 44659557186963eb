"""What only somebody may do who has signed in a moment ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.errors import StaleAuthentication

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from api.services.callers import Caller


def require_fresh(caller: Caller, at: datetime, span: timedelta) -> None:
    """Raise StaleAuthentication to a caller who signed in longer ago than a span."""
    if caller.authenticated_at is None or at - caller.authenticated_at > span:
        raise StaleAuthentication(int(span.total_seconds()))
