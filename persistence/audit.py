"""The audit trail: what was done, written in the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Integer, bindparam, select, tuple_

from persistence.documents import is_storable
from persistence.moments import END_OF_TIME
from persistence.statements import Statement, adding
from persistence.tables import audit_events
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from persistence.links import Link
    from persistence.statements import Row


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One deed: what, by whom, to whom. Its detail holds no code and no whole number."""

    id: str
    at: datetime
    event: str
    actor: str | None
    subject_id: str | None
    detail: dict[str, Any] = field(default_factory=dict)
    request_id: str | None = None
    ip: str | None = None


_COLUMNS = (
    audit_events.c.id,
    audit_events.c.at,
    audit_events.c.event,
    audit_events.c.actor,
    audit_events.c.subject_id,
    audit_events.c.detail,
    audit_events.c.request_id,
    audit_events.c.ip,
)
_ADD = Statement(adding(audit_events))
_BEFORE = tuple_(audit_events.c.at, audit_events.c.id) < tuple_(
    bindparam("before_at", type_=Moment), bindparam("before_id", type_=Key)
)
_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "subject_id": audit_events.c.subject_id == bindparam("subject_id"),
    "event": audit_events.c.event == bindparam("event"),
    "actor": audit_events.c.actor == bindparam("actor"),
    "since": audit_events.c.at >= bindparam("since", type_=Moment),
}
_HAS = Statement(select(audit_events.c.id).where(audit_events.c.id == bindparam("id")))


class Audit:
    """The trail.

    `added` are the events added here: they tell one attempt at a transaction from all others.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self.added: list[AuditEvent] = []

    def has(self, event_id: str) -> bool:
        """Tell whether an event is on record."""
        return self._link.row(_HAS, {"id": event_id}) is not None

    def add(self, event: AuditEvent) -> None:
        """Put a deed on record."""
        self.added.append(event)
        self._link.later(
            _ADD,
            {
                "id": event.id,
                "at": event.at,
                "event": str(event.event),
                "actor": event.actor,
                "subject_id": event.subject_id,
                "detail": orjson.dumps(event.detail).decode(),
                "request_id": event.request_id,
                "ip": event.ip,
            },
        )

    def list(
        self,
        before: datetime | None = None,
        *,
        before_id: str = "",
        subject_id: str | None = None,
        event: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[AuditEvent, ...]:
        """List what was put on record before a moment (None: ever), newest first: what has all that is given.

        To go on, give the moment and the id of the last event listed.
        """
        named = {"subject_id": subject_id, "event": event, "actor": actor}
        if not all(value is None or is_storable(value) for value in named.values()):
            return ()
        given = {name: value for name, value in {**named, "since": since}.items() if value is not None}
        parameters = {"before_at": before or END_OF_TIME, "before_id": before_id, "limit": limit, **given}
        return tuple(_read(row) for row in self._link.rows(listing(frozenset(given)), parameters))


@cache
def listing(names: frozenset[str]) -> Statement:
    """Build the list of events that have what is named."""
    return Statement(
        select(*_COLUMNS)
        .where(_BEFORE, *(condition for name, condition in _CONDITIONS.items() if name in names))
        .order_by(audit_events.c.at.desc(), audit_events.c.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


def _read(row: Row) -> AuditEvent:
    number, at, event, actor, subject_id, detail, request_id, ip = row
    return AuditEvent(number, at, event, actor, subject_id, orjson.loads(detail), request_id, ip)
