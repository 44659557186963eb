"""Exports of the audit trail: lines of JSON or of comma-separated values, made as they are sent."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import orjson

from api.moments import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from persistence.audit import AuditEvent

COLUMNS = ("id", "at", "event", "actor", "subject", "detail", "requestId", "ip")

# A spreadsheet takes a cell that begins like this for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def shown(event: AuditEvent) -> dict[str, Any]:
    """Return an event as it is answered."""
    return {
        "id": event.id,
        "at": rfc3339(event.at),
        "event": event.event,
        "actor": event.actor,
        "subject": event.subject_id,
        "detail": event.detail,
        "requestId": event.request_id,
        "ip": event.ip,
    }


def json_lines(portions: Iterable[Sequence[AuditEvent]]) -> Iterator[bytes]:
    """Write an event a line."""
    for portion in portions:
        yield b"".join(orjson.dumps(shown(event), option=orjson.OPT_APPEND_NEWLINE) for event in portion)


def csv_lines(portions: Iterable[Sequence[AuditEvent]]) -> Iterator[bytes]:
    """Write a header and an event a line (RFC 4180), with nothing in a cell that a spreadsheet would run."""
    yield _csv([COLUMNS])
    for portion in portions:
        yield _csv([[_cell(value) for value in shown(event).values()] for event in portion])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
