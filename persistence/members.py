"""The members of groups, one row each: a group of any size costs the same to change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from persistence.batches import chunks, named, places
from persistence.statements import Statement
from persistence.tables import group_members, resources
from persistence.types import Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from persistence.links import Link


@dataclass(frozen=True, slots=True)
class Member:
    """One member of one group."""

    group_id: str
    member_id: str
    member_type: str


_ADD = Statement(
    insert(group_members)
    .values({column.name: bindparam(column.name) for column in group_members.columns})
    .on_conflict_do_nothing(index_elements=[group_members.c.group_id, group_members.c.member_id])
)
_REMOVE = Statement(
    delete(group_members).where(
        group_members.c.group_id == bindparam("group_id"), group_members.c.member_id == bindparam("member_id")
    )
)
_CLEAR = Statement(delete(group_members).where(group_members.c.group_id == bindparam("group_id")))
_LIST = Statement(
    select(group_members.c.group_id, group_members.c.member_id, group_members.c.member_type)
    .where(group_members.c.group_id == bindparam("group_id"), group_members.c.member_id > bindparam("after", type_=Key))
    .order_by(group_members.c.member_id)
    .offset(bindparam("offset", type_=Integer))
    .limit(bindparam("limit", type_=Integer))
)
_COUNT = Statement(
    select(func.count()).select_from(group_members).where(group_members.c.group_id == bindparam("group_id"))
)


class Members:
    """The members of all groups."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, members: Iterable[Member]) -> int:
        """Add members; return how many were none yet."""
        return self._link.run_many(
            _ADD,
            (
                {"group_id": item.group_id, "member_id": item.member_id, "member_type": item.member_type}
                for item in members
            ),
        )

    def remove(self, group_id: str, member_ids: Iterable[str]) -> int:
        """Remove members of a group; return how many were some."""
        return self._link.run_many(_REMOVE, ({"group_id": group_id, "member_id": item} for item in member_ids))

    def clear(self, group_id: str) -> int:
        """Remove all members of a group; return how many there were."""
        return self._link.run(_CLEAR, {"group_id": group_id})

    def list(self, group_id: str, *, after: str = "", offset: int = 0, limit: int = 1000) -> tuple[Member, ...]:
        """List members of a group by their ids, from behind an id or an offset on."""
        parameters = {"group_id": group_id, "after": after, "offset": offset, "limit": limit}
        return tuple(Member(*row) for row in self._link.rows(_LIST, parameters))

    def count(self, group_id: str) -> int:
        """Count the members of a group."""
        return int(self._link.rows(_COUNT, {"group_id": group_id})[0][0])

    def holding(self, group_id: str, member_ids: Sequence[str]) -> set[str]:
        """Return which of these are members of a group."""
        found: set[str] = set()
        for some in chunks(member_ids):
            found.update(row[0] for row in self._link.rows(_holding(len(some)), {"group_id": group_id, **named(some)}))
        return found

    def types_of(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the resource type of each of these resources that exists."""
        found: dict[str, str] = {}
        for some in chunks(ids):
            found.update((row[0], row[1]) for row in self._link.rows(_types_of(len(some)), named(some)))
        return found


@cache
def _types_of(count: int) -> Statement:
    return Statement(select(resources.c.id, resources.c.resource_type).where(resources.c.id.in_(places(count))))


@cache
def _holding(count: int) -> Statement:
    return Statement(
        select(group_members.c.member_id).where(
            group_members.c.group_id == bindparam("group_id"), group_members.c.member_id.in_(places(count))
        )
    )
