"""Authentication methods that are records: added, changed and removed by their directory's users."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, delete, select, update

from persistence.statements import Statement, adding
from persistence.tables_methods import authentication_methods as table

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link


@dataclass(frozen=True, slots=True)
class MethodRecord:
    """One method of one user, with the attributes of its kind."""

    user_id: str
    kind: str
    method_id: str
    created_at: datetime
    detail: dict[str, Any] = field(default_factory=dict, repr=False)


_IS_THIS = (
    table.c.user_id == bindparam("of_user"),
    table.c.kind == bindparam("of_kind"),
    table.c.method_id == bindparam("of_method"),
)
_ADD = Statement(adding(table))
_LIST = Statement(
    select(table.c.user_id, table.c.kind, table.c.method_id, table.c.created_at, table.c.detail)
    .where(table.c.user_id == bindparam("user_id"))
    .order_by(table.c.created_at, table.c.method_id)
)
_SAVE = Statement(update(table).where(*_IS_THIS).values(detail=bindparam("new_detail")))
_REMOVE = Statement(delete(table).where(*_IS_THIS))


class MethodRecords:
    """The records of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def list(self, user_id: str) -> tuple[MethodRecord, ...]:
        """List those of a user, the oldest first."""
        rows = self._link.rows(_LIST, {"user_id": user_id})
        return tuple(
            MethodRecord(owner, kind, method_id, created_at, orjson.loads(detail))
            for owner, kind, method_id, created_at, detail in rows
        )

    def add(self, record: MethodRecord) -> None:
        """Add one; one of the same user, kind and id stays as it is."""
        self._link.later(
            _ADD,
            {
                "user_id": record.user_id,
                "kind": record.kind,
                "method_id": record.method_id,
                "detail": orjson.dumps(record.detail).decode(),
                "created_at": record.created_at,
            },
        )

    def save(self, record: MethodRecord) -> bool:
        """Save its attributes; tell whether it was there."""
        parameters = {**_named(record), "new_detail": orjson.dumps(record.detail).decode()}
        return self._link.run(_SAVE, parameters) > 0

    def remove(self, user_id: str, kind: str, method_id: str) -> bool:
        """Remove one; tell whether it was there."""
        return self._link.run(_REMOVE, {"of_user": user_id, "of_kind": kind, "of_method": method_id}) > 0


def _named(record: MethodRecord) -> dict[str, str]:
    return {"of_user": record.user_id, "of_kind": record.kind, "of_method": record.method_id}
