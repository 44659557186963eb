"""The senders of messages that administrators have set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from persistence.documents import is_storable
from persistence.statements import Statement, adding
from persistence.tables_senders import sms_senders

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row


@dataclass(frozen=True, slots=True)
class StoredSender:
    """A sender as it lies in its row; what it holds is sealed."""

    name: str
    provider: str
    sealed: str = field(repr=False)
    created_at: datetime
    changed_at: datetime


_COLUMNS = tuple(sms_senders.columns)
_LIST = Statement(select(*_COLUMNS).order_by(sms_senders.c.created_at, sms_senders.c.name))
_LOOKUP = Statement(select(*_COLUMNS).where(sms_senders.c.name == bindparam("the_name")))
_ADD = Statement(adding(sms_senders))
_SAVE = Statement(
    update(sms_senders)
    .where(sms_senders.c.name == bindparam("the_name"), sms_senders.c.changed_at == bindparam("expected"))
    .values(provider=bindparam("provider"), sealed=bindparam("sealed"), changed_at=bindparam("changed_at"))
)
_REMOVE = Statement(delete(sms_senders).where(sms_senders.c.name == bindparam("the_name")))


class Senders:
    """All senders of SMS."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(self) -> tuple[StoredSender, ...]:
        """List all of them in the order in which they were made: there are a few at most."""
        return tuple(_sender(row) for row in self._link.rows(_LIST, {}))

    def lookup(self, name: str) -> StoredSender | None:
        """Return a sender, None where there is none."""
        # No name has what a database cannot hold.
        row = self._link.row(_LOOKUP, {"the_name": name}) if is_storable(name) else None
        return None if row is None else _sender(row)

    def add(self, sender: StoredSender) -> bool:
        """Store a new sender; tell whether its name was free."""
        values = {column.name: getattr(sender, column.name) for column in _COLUMNS}
        return self._link.run(_ADD, values) > 0

    def save(self, sender: StoredSender, *, expected: datetime) -> bool:
        """Store what has become of a sender; tell whether it was still as it was changed at a moment."""
        values = {
            "the_name": sender.name,
            "expected": expected,
            "provider": sender.provider,
            "sealed": sender.sealed,
            "changed_at": sender.changed_at,
        }
        return self._link.run(_SAVE, values) > 0

    def remove(self, name: str) -> bool:
        """Remove a sender; tell whether there was one."""
        return is_storable(name) and self._link.run(_REMOVE, {"the_name": name}) > 0


def _sender(row: Row) -> StoredSender:
    return StoredSender(*row)
