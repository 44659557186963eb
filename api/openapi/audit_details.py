"""What is said of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from api.openapi.details import Details
from api.openapi.samples import REQUEST_ID, USER_ID
from api.resources.audit import CSV, JSON_LINES, PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

_EVENT: dict[str, Any] = {
    "id": "0198c0de-0000-7000-8000-00000000000e",
    "at": "2026-01-31T12:05:00.000Z",
    "event": "user.phone_changed",
    "actor": USER_ID,
    "subject": USER_ID,
    "detail": {"before": "********11", "after": "********89"},
    "requestId": REQUEST_ID,
    "ip": "198.51.100.7",
}
_HEADER = '"id","at","event","actor","subject","detail","requestId","ip"\r\n'


def audit_details() -> Mapping[Operation, Details]:
    """Return the details of its operations."""
    return {
        (f"{PREFIX}/audit", "get"): Details(
            id="listAuditEvents",
            failures=("InvalidRequest",),
            answer={"events": [_EVENT], "nextCursor": "gAAAAABp…"},
            files={CSV: _HEADER, JSON_LINES: orjson.dumps(_EVENT, option=orjson.OPT_APPEND_NEWLINE).decode()},
        ),
    }
