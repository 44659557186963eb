"""Files of users that are being taken in: their content, how far each is, and what was rejected."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Integer, bindparam, delete, null, or_, select, update

from persistence.documents import is_storable
from persistence.statements import Statement, adding, oldest
from persistence.tables_imports import import_parts, import_rejections, imports
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Parameters, Row


class ImportStatus(StrEnum):
    """How far a file is."""

    RECEIVING = "receiving"  # not all of it is here yet
    CHECKING = "checking"  # each line is tried, and nothing is written
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
    UNREADABLE = "unreadable"


UNDERWAY = frozenset({ImportStatus.CHECKING, ImportStatus.IMPORTING})
"""What somebody works through, or has stopped to."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file.

    Attributes:
        actor: The id of who brought it.
        line: The last line that was taken; the next run goes on behind it.
        total: How many lines were checked; None before the check is over.
        counts: How many lines became what, in this pass.
        fault: Why it cannot be read, or has been halted.
        leased_until: Until when whoever works through it has it for themselves.
    """

    id: str
    actor: str
    form: str
    file_name: str
    may_update: bool
    status: ImportStatus
    size: int
    created_at: datetime
    line: int = 0
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    fault: str | None = None
    leased_until: datetime | None = None

    @property
    def taken(self) -> int:
        """Return how many lines this pass has taken."""
        return sum(self.counts.values())

    def is_stopped(self, now: datetime) -> bool:
        """Tell whether it is under way, and nobody works on it."""
        return self.status in UNDERWAY and (self.leased_until is None or self.leased_until <= now)


_COLUMNS = (
    imports.c.id,
    imports.c.actor,
    imports.c.form,
    imports.c.file_name,
    imports.c.may_update,
    imports.c.status,
    imports.c.size,
    imports.c.created_at,
    imports.c.line,
    imports.c.total,
    imports.c.counts,
    imports.c.fault,
    imports.c.leased_until,
)
_ADD = Statement(adding(imports))
_ADD_PART = Statement(adding(import_parts))
_ADD_REJECTION = Statement(adding(import_rejections))
_LOOKUP = Statement(select(*_COLUMNS).where(imports.c.id == bindparam("id")))
_NEWEST = Statement(
    # Why one cannot be read is no matter of the list.
    select(*(null().label("fault") if column is imports.c.fault else column for column in _COLUMNS))
    .order_by(imports.c.created_at.desc(), imports.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_RECEIVED = Statement(
    update(imports)
    .where(imports.c.id == bindparam("the_id"), imports.c.status == ImportStatus.RECEIVING.value)
    .values(status=ImportStatus.CHECKING.value, size=bindparam("new_size", type_=imports.c.size.type))
)
_BEGIN = Statement(
    update(imports)
    .where(imports.c.id == bindparam("the_id"), imports.c.status == ImportStatus.CHECKED.value)
    .values(status=ImportStatus.IMPORTING.value, line=0, counts="{}")
)
_CLAIM = Statement(
    update(imports)
    .where(
        imports.c.id == bindparam("the_id"),
        or_(*(imports.c.status == status.value for status in sorted(UNDERWAY))),
        or_(imports.c.leased_until.is_(None), imports.c.leased_until <= bindparam("now", type_=Moment)),
    )
    .values(
        fault=null(),
        lease_token=bindparam("token", type_=Key),
        leased_until=bindparam("new_leased_until", type_=Moment),
    )
)
_HELD = (imports.c.id == bindparam("the_id"), imports.c.lease_token == bindparam("token", type_=Key))
_ADVANCE = Statement(
    update(imports)
    .where(*_HELD)
    .values(
        line=bindparam("new_line", type_=Integer),
        counts=bindparam("new_counts", type_=Key),
        leased_until=bindparam("new_leased_until", type_=Moment),
    )
)
_FINISH = Statement(
    update(imports)
    .where(*_HELD)
    .values(
        status=bindparam("new_status", type_=Key),
        total=bindparam("new_total", type_=Integer),
        fault=bindparam("new_fault", type_=Key),
        lease_token=null(),
        leased_until=null(),
    )
)
_HALT = Statement(
    update(imports)
    .where(*_HELD)
    .values(fault=bindparam("new_fault", type_=Key), lease_token=null(), leased_until=null())
)
_PART = Statement(
    select(import_parts.c.sealed).where(
        import_parts.c.import_id == bindparam("id"), import_parts.c.number == bindparam("number", type_=Integer)
    )
)
_REJECTIONS = Statement(
    select(import_rejections.c.line, import_rejections.c.reason)
    .where(import_rejections.c.import_id == bindparam("id"), import_rejections.c.line > bindparam("after"))
    .order_by(import_rejections.c.line)
    .limit(bindparam("limit", type_=Integer))
)
_FORGET_REJECTIONS = Statement(delete(import_rejections).where(import_rejections.c.import_id == bindparam("id")))
_REMOVE = Statement(delete(imports).where(imports.c.id == bindparam("id")))
_PRUNE = Statement(oldest(imports.c.created_at, keeps_last=True))


class Imports:
    """All files that are kept."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, item: Import) -> None:
        """Add a file, its content to follow."""
        self._link.later(
            _ADD,
            {
                "id": item.id,
                "actor": item.actor,
                "form": item.form,
                "file_name": item.file_name,
                "may_update": item.may_update,
                "status": item.status.value,
                "size": item.size,
                "line": item.line,
                "total": item.total,
                "counts": orjson.dumps(dict(item.counts)).decode(),
                "fault": item.fault,
                "lease_token": None,
                "leased_until": None,
                "created_at": item.created_at,
            },
        )

    def add_part(self, import_id: str, number: int, sealed: str) -> None:
        """Add a part of the content."""
        self._link.later(_ADD_PART, {"import_id": import_id, "number": number, "sealed": sealed})

    def part(self, import_id: str, number: int) -> str | None:
        """Return a part of the content, None behind the last one."""
        row = self._link.row(_PART, {"id": import_id, "number": number})
        return None if row is None else row[0]

    def received(self, import_id: str, size: int) -> bool:
        """Note that all of a file is here."""
        return self._link.run(_RECEIVED, {"the_id": import_id, "new_size": size}) > 0

    def lookup(self, import_id: str) -> Import | None:
        """Find a file by its id."""
        row = self._link.row(_LOOKUP, {"id": import_id}) if is_storable(import_id) else None
        return None if row is None else _read(row)

    def newest(self, limit: int) -> list[Import]:
        """List files, newest first."""
        return [_read(row) for row in self._link.rows(_NEWEST, {"limit": limit})]

    def begin(self, import_id: str) -> bool:
        """Begin to take in what was checked; tell whether it was."""
        if self._link.run(_BEGIN, {"the_id": import_id}) == 0:
            return False
        self._link.run(_FORGET_REJECTIONS, {"id": import_id})
        return True

    def claim(self, import_id: str, token: str, now: datetime, until: datetime) -> bool:
        """Take a file that is under way and that nobody works on; tell whether it was so."""
        return self._link.run(_CLAIM, {"the_id": import_id, "token": token, "now": now, "new_leased_until": until}) > 0

    def advance(
        self,
        import_id: str,
        token: str,
        line: int,
        counts: Mapping[str, int],
        rejected: Iterable[tuple[int, str]],
        until: datetime,
    ) -> bool:
        """Note how far a file is; tell whether it is still held by this token, else nothing is noted."""
        parameters: Parameters = {
            "the_id": import_id,
            "token": token,
            "new_line": line,
            "new_counts": orjson.dumps(dict(counts)).decode(),
            "new_leased_until": until,
        }
        if self._link.run(_ADVANCE, parameters) == 0:
            return False
        rows = [{"import_id": import_id, "line": number, "reason": reason} for number, reason in rejected]
        self._link.run_many(_ADD_REJECTION, rows)
        return True

    def finish(
        self, import_id: str, token: str, status: ImportStatus, total: int | None, fault: str | None = None
    ) -> bool:
        """Note that a pass is over; tell whether the file was still held by this token."""
        parameters: Parameters = {
            "the_id": import_id,
            "token": token,
            "new_status": status.value,
            "new_total": total,
            "new_fault": fault,
        }
        return self._link.run(_FINISH, parameters) > 0

    def halt(self, import_id: str, token: str, fault: str) -> bool:
        """Leave a file for others to go on with, and say why; tell whether it was still held by this token."""
        return self._link.run(_HALT, {"the_id": import_id, "token": token, "new_fault": fault}) > 0

    def rejections(self, import_id: str, after: int, limit: int) -> list[tuple[int, str]]:
        """List rejected lines behind a line, each with the reason."""
        rows = self._link.rows(_REJECTIONS, {"id": import_id, "after": after, "limit": limit})
        return [(line, reason) for line, reason in rows]

    def remove(self, import_id: str) -> bool:
        """Remove a file with all that belongs to it; tell whether there was one."""
        return self._link.run(_REMOVE, {"id": import_id}) > 0

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some files from before a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})


def _read(row: Row) -> Import:
    number, actor, form, name, may_update, status, size, created_at, line, total, counts, fault, leased_until = row
    return Import(
        id=number,
        actor=actor,
        form=form,
        file_name=name,
        may_update=bool(may_update),
        status=ImportStatus(status),
        size=size,
        created_at=created_at,
        line=line,
        total=total,
        counts=orjson.loads(counts),
        fault=fault,
        leased_until=leased_until,
    )
