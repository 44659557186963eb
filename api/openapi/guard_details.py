"""What is said of the guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.openapi.samples import REQUEST_ID, USER_ID
from api.resources.guard import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

Document = dict[str, Any]

BLOCK_ID = "9a3b1c7e-2f64-4a10-8a57-2b8d1f0c6e33"

_ATTEMPT: Document = {
    "id": "5d0c2f4e-51c9-4b0f-a2b8-8f0e6a1d9c22",
    "at": "2026-01-31T12:05:00.000Z",
    "userId": USER_ID,
    "purpose": "mobile",
    "target": "**********56",
    "country": "GB",
    "numberType": "premium",
    "reason": "number_type",
    "actor": USER_ID,
    "ip": "198.51.100.7",
    "requestId": REQUEST_ID,
}
_BLOCK: Document = {
    "id": BLOCK_ID,
    "kind": "prefix",
    "area": "+9471234",
    "beganAt": "2026-01-31T12:05:00.000Z",
    "endsAt": "2026-01-31T13:05:00.000Z",
    "repeats": 0,
    "sent": 64,
    "verified": 1,
}


def guard_details() -> Mapping[Operation, Details]:
    """Return the details of its operations."""
    return {
        (f"{PREFIX}/blocked-attempts", "get"): Details(
            id="listBlockedAttempts",
            failures=("InvalidRequest",),
            answer={"attempts": [_ATTEMPT], "nextCursor": "gAAAAABp…"},
        ),
        (f"{PREFIX}/blocks", "get"): Details(id="listBlocks", answer={"blocks": [_BLOCK]}),
        (f"{PREFIX}/blocks/{{block_id}}", "delete"): Details(id="liftBlock", failures=("NoSuchBlock",)),
    }
