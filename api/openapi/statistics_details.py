"""What is said of the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.details import Details
from api.resources.statistics import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

_STEP = {
    "at": "2026-01-31T12:00:00.000Z",
    "requested": 52,
    "sent": 50,
    "delivered": 48,
    "verified": 41,
    "expired": 3,
    "failed": 2,
}
_PROVIDER = {
    "name": "twilio",
    "circuit": "closed",
    "since": "2026-01-31T08:00:00.000Z",
    "calls": {"accepted": 50, "postponed": 1, "refused": 2},
    "averageMilliseconds": 180,
    "accepted": 50,
    "delivered": 48,
    "failed": 1,
}


def statistics_details() -> Mapping[Operation, Details]:
    """Return the details of its operation."""
    return {
        (f"{PREFIX}/statistics", "get"): Details(
            id="getStatistics",
            failures=("InvalidRequest",),
            answer={
                "span": "day",
                "since": "2026-01-30T13:00:00.000Z",
                "until": "2026-01-31T12:05:00.000Z",
                "steps": [_STEP],
                "countries": [{"country": "LK", "callingCode": 94, "sent": 50, "verified": 41}],
                "providers": [_PROVIDER],
                "failures": [{"reason": "number barred", "provider": "twilio", "count": 1}],
                "queued": 0,
                "oldestQueuedAt": None,
            },
        ),
    }
