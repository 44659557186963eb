"""The audit trail: what was done, written in the transaction of the deed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Integer, bindparam, select, tuple_

from persistence.statements import Statement, adding
from persistence.tables import audit_events
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from datetime import datetime

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
_NEWEST_FIRST = (
    select(*_COLUMNS)
    .where(
        tuple_(audit_events.c.at, audit_events.c.id)
        < tuple_(bindparam("before_at", type_=Moment), bindparam("before_id", type_=Key))
    )
    .order_by(audit_events.c.at.desc(), audit_events.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_HAS = Statement(select(audit_events.c.id).where(audit_events.c.id == bindparam("id")))
_LIST = Statement(_NEWEST_FIRST)
_LIST_OF_SUBJECT = Statement(_NEWEST_FIRST.where(audit_events.c.subject_id == bindparam("subject_id")))


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
        self, before: datetime, *, subject_id: str | None = None, before_id: str = "", limit: int = 100
    ) -> tuple[AuditEvent, ...]:
        """List what was put on record before a moment, newest first; of one subject, or of all.

        To go on, give the moment and the id of the last event listed.
        """
        parameters = {"before_at": before, "before_id": before_id, "limit": limit}
        if subject_id is None:
            return tuple(_read(row) for row in self._link.rows(_LIST, parameters))
        return tuple(_read(row) for row in self._link.rows(_LIST_OF_SUBJECT, {**parameters, "subject_id": subject_id}))


def _read(row: Row) -> AuditEvent:
    number, at, event, actor, subject_id, detail, request_id, ip = row
    return AuditEvent(number, at, event, actor, subject_id, orjson.loads(detail), request_id, ip)
