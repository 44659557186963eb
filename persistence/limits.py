"""Events within sliding windows of time, counted where others cannot count at the same moment."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, adding, oldest
from persistence.tables import limit_entries, limit_subjects
from persistence.types import Moment

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link

_SUBJECT = insert(limit_subjects).values(subject=bindparam("subject"))
# The update changes nothing; it takes the lock of a row that was there as well as of a new one.
_HOLD = Statement(
    _SUBJECT.on_conflict_do_update(
        index_elements=[limit_subjects.c.subject], set_={"subject": _SUBJECT.excluded.subject}
    )
)
_NTH_LATEST = Statement(
    select(limit_entries.c.at)
    .where(
        limit_entries.c.limit_name == bindparam("limit_name"),
        limit_entries.c.subject == bindparam("subject"),
        limit_entries.c.at > bindparam("since", type_=Moment),
    )
    .order_by(limit_entries.c.at.desc())
    .offset(bindparam("skipped", type_=Integer))
    .limit(1)
)
_ADD = Statement(adding(limit_entries))
_REMOVE = Statement(
    delete(limit_entries).where(
        limit_entries.c.limit_name == bindparam("limit_name"),
        limit_entries.c.subject == bindparam("subject"),
        limit_entries.c.at == bindparam("at", type_=Moment),
        limit_entries.c.entry_key == bindparam("entry_key"),
    )
)
_PRUNE = Statement(oldest(limit_entries.c.at))
_UNUSED = (
    select(limit_subjects.c.subject)
    .where(~exists().where(and_(limit_entries.c.subject == limit_subjects.c.subject)))
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("unused")
)
_PRUNE_SUBJECTS = Statement(delete(limit_subjects).where(limit_subjects.c.subject.in_(select(_UNUSED.c.subject))))


class Limits:
    """The events that limits count."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def hold(self, subject: str) -> None:
        """Keep others from counting the events of a subject until the transaction ends."""
        self._link.run(_HOLD, {"subject": subject})

    def nth_latest(self, limit_name: str, subject: str, n: int, since: datetime) -> datetime | None:
        """Return the moment of the n-th event counted from the latest, None where fewer came after `since`."""
        row = self._link.row(
            _NTH_LATEST, {"limit_name": str(limit_name), "subject": subject, "since": since, "skipped": max(0, n - 1)}
        )
        return None if row is None else row[0]

    def add(self, limit_name: str, subject: str, at: datetime, entry_key: str | None = None) -> None:
        """Add an event.

        With a key of its own, such as the id of what it is about, it counts once however often it is added.
        """
        self._link.later(
            _ADD,
            {
                "limit_name": str(limit_name),
                "subject": subject,
                "at": at,
                "entry_key": entry_key or str(uuid.uuid4()),
            },
        )

    def remove(self, limit_name: str, subject: str, at: datetime, entry_key: str) -> None:
        """Take an event back that was counted before it was known what it is."""
        self._link.later(_REMOVE, {"limit_name": str(limit_name), "subject": subject, "at": at, "entry_key": entry_key})

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some events that no window reaches any more; return how many."""
        removed = self._link.run(_PRUNE, {"before": before, "limit": limit})
        self._link.run(_PRUNE_SUBJECTS, {"limit": limit})
        return removed
