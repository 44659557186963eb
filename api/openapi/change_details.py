"""What is said of the endpoints of changes, and what can go wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.openapi.samples import USER_ID
from api.resources.codes import PREFIX
from api.services.errors import NoSuchChange, NoSuchUser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    from api.openapi.details import Operation

    Cause = Callable[[], Exception | Response]

Document = dict[str, Any]

CHANGE_ID = "7d1d6d5c-2b37-4a0e-9d58-0e0f6a4f1c22"

CHANGE_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "NoSuchChange": {"endedOrUnknown": NoSuchChange},
    "NoUserOfThatName": {"unknownUser": lambda: NoSuchUser("There is no such user.")},
}
"""By name: examples, and what causes each."""


def change_details() -> Mapping[Operation, Details]:
    """Return the details of the endpoints of changes."""
    reverted = {**_CHANGE, "status": "reverted", "endedAt": "2026-01-31T13:00:00.000Z"}
    return {
        (f"{PREFIX}/me/changes", "get"): Details(
            id="listOwnChanges", failures=("NoSuchUser",), answer={"changes": [_CHANGE]}
        ),
        (f"{PREFIX}/changes", "get"): Details(
            id="listChanges", failures=("InvalidRequest", "NoUserOfThatName"), answer={"changes": [_CHANGE]}
        ),
        (f"{PREFIX}/changes/{{change_id}}/revert", "post"): Details(
            id="revertChange", failures=("NoSuchChange",), answer=reverted
        ),
    }


_CHANGE: Document = {
    "id": CHANGE_ID,
    "userId": USER_ID,
    "what": "phone_changed",
    "before": "********11",
    "after": "********89",
    "status": "open",
    "changedAt": "2026-01-31T12:05:00.000Z",
    "revertibleUntil": "2026-02-03T12:05:00.000Z",
    "endedAt": None,
}
