"""Moments on pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.pages.times import utc


@pytest.mark.parametrize(
    ("zone", "expected"),
    [(UTC, "2026-11-26 01:04 UTC"), (timezone(timedelta(hours=5, minutes=30)), "2026-11-25 19:34 UTC")],
)
def test_moment_is_written_in_utc(zone, expected):
    assert utc(datetime(2026, 11, 26, 1, 4, 5, tzinfo=zone)) == expected
