"""Moments in SCIM documents: text as the client sent it, compared as points in time (RFC 7643 §2.3.5)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def read_moment(text: str) -> datetime | None:
    """Read an xsd:dateTime as an aware moment in UTC; None for anything else.

    A text without an offset is taken as UTC. Digits beyond microseconds are cut off.
    """
    upper = text.upper()
    if _DATE_TIME.fullmatch(upper) is None:
        return None
    try:
        moment = datetime.fromisoformat(upper)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
