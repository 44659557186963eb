"""Who is in which groups, for many resources at once: a page of them is one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, literal, select, update

from persistence.batches import chunks, named, places
from persistence.documents import is_storable
from persistence.labels import NAME
from persistence.membership import MOST_LEVELS
from persistence.statements import Statement
from persistence.tables import group_members, resources
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from persistence.links import Link


@dataclass(frozen=True, slots=True)
class Membership:
    """A group somebody belongs to; indirectly by way of another group."""

    group_id: str
    display: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A member as its group shows it."""

    member_id: str
    member_type: str
    display: str | None


_TOUCH = Statement(
    update(resources)
    .where(
        resources.c.id.in_(
            select(group_members.c.group_id)
            .where(group_members.c.member_id == bindparam("member_id"))
            .scalar_subquery()
        )
    )
    .values(version=resources.c.version + 1, last_modified_at=bindparam("at", type_=Moment))
)


_PAGE = Statement(
    select(group_members.c.member_id, group_members.c.member_type, NAME)
    .join(resources, resources.c.id == group_members.c.member_id)
    .where(group_members.c.group_id == bindparam("group_id"), group_members.c.member_id > bindparam("after", type_=Key))
    .order_by(group_members.c.member_id)
    .limit(bindparam("limit", type_=Integer))
)


class Rosters:
    """Memberships as answers show them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def groups_of(self, member_ids: Sequence[str]) -> dict[str, list[Membership]]:
        """Return the groups each of these belongs to, the nearest first; who is in none is left out.

        Groups in groups are followed some levels up.
        """
        found: dict[str, list[Membership]] = {}
        for some in chunks(member_ids):
            for member_id, group_id, label, level in self._link.rows(_groups_of(len(some)), named(some)):
                found.setdefault(member_id, []).append(Membership(group_id, label, level == 1))
        return found

    def members_of(self, group_ids: Sequence[str]) -> dict[str, list[NamedMember]]:
        """Return the members of each of these groups by their ids; a group without members is left out."""
        found: dict[str, list[NamedMember]] = {}
        for some in chunks(group_ids):
            for group_id, member_id, member_type, label in self._link.rows(_members_of(len(some)), named(some)):
                found.setdefault(group_id, []).append(NamedMember(member_id, member_type, label))
        return found

    def page(self, group_id: str, *, after: str, limit: int) -> tuple[NamedMember, ...]:
        """Return some members of a group by their ids, from behind one on; who has no other name has the userName."""
        # What cannot be stored is nobody's id.
        place = after if is_storable(after) else ""
        rows = self._link.rows(_PAGE, {"group_id": group_id, "after": place, "limit": limit})
        return tuple(NamedMember(*row) for row in rows)

    def touch_groups_of(self, member_id: str, at: datetime) -> int:
        """Give the groups that somebody is a direct member of their next version; return how many."""
        return self._link.run(_TOUCH, {"member_id": member_id, "at": at})


@cache
def _groups_of(count: int) -> Statement:
    above = (
        select(
            group_members.c.member_id.label("member_id"),
            group_members.c.group_id.label("group_id"),
            literal(1).label("level"),
        )
        .where(group_members.c.member_id.in_(places(count)))
        .cte("above", recursive=True)
    )
    walked = above.union(
        select(above.c.member_id, group_members.c.group_id, above.c.level + 1)
        .join(above, above.c.group_id == group_members.c.member_id)
        .where(above.c.level < MOST_LEVELS)
    )
    nearest = (
        select(walked.c.member_id, walked.c.group_id, func.min(walked.c.level).label("level"))
        .group_by(walked.c.member_id, walked.c.group_id)
        .subquery()
    )
    return Statement(
        select(nearest.c.member_id, nearest.c.group_id, resources.c.label, nearest.c.level)
        .join(resources, resources.c.id == nearest.c.group_id)
        .order_by(nearest.c.member_id, nearest.c.level, nearest.c.group_id)
    )


@cache
def _members_of(count: int) -> Statement:
    return Statement(
        select(group_members.c.group_id, group_members.c.member_id, group_members.c.member_type, resources.c.label)
        .join(resources, resources.c.id == group_members.c.member_id)
        .where(group_members.c.group_id.in_(places(count)))
        .order_by(group_members.c.group_id, group_members.c.member_id)
    )
