"""Moments as texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scim.moments import read_moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T08:00:00Z", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31t08:00:00z", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T08:00:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T08:00:00+02:00", datetime(2026, 1, 31, 6, tzinfo=UTC)),
        ("2026-01-31T08:00:00.1234567-01:30", datetime(2026, 1, 31, 9, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_moment_is_read_in_utc(text: str, expected: datetime):
    moment = read_moment(text)

    assert moment == expected
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-31",
        "2026-01-31 08:00:00Z",
        "20260131T080000Z",
        "2026-02-30T08:00:00Z",
        "2026-01-31T24:30:00Z",
        "2026-01-31T08:00:00+99:99",
        "0001-01-01T00:00:00+14:00",
        "2026-01-31T08:00:00Z ",
        "२०२६-01-31T08:00:00Z",
    ],
)
def test_other_text_is_no_moment(text: str):
    assert read_moment(text) is None
