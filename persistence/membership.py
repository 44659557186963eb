"""Memberships in SQL: who is in the groups that meet a condition, directly or by a group in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, literal, select

from persistence.tables import group_members, resources

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

# How far groups in groups are followed. It also ends the walk where groups hold each other.
MOST_LEVELS = 10

# Whether a resource is in any group, asked along with the resource itself. For each of many, PostgreSQL might answer
# EXISTS by reading all memberships first, as if every resource were on the page; with a limit inside it cannot.
_ITS_GROUPS = group_members.c.member_id == resources.c.id
IS_MEMBER = exists().where(_ITS_GROUPS)
EACH_IS_MEMBER = select(literal(1)).where(_ITS_GROUPS).limit(1).scalar_subquery().is_not(None)


def direct_members(groups: FromClause, condition: ColumnElement[bool]) -> Select[tuple[str]]:
    """Select the ids of the members of groups that meet a condition."""
    return select(group_members.c.member_id).join(groups, groups.c.id == group_members.c.group_id).where(condition)


def indirect_members(groups: FromClause, condition: ColumnElement[bool]) -> Select[tuple[str]]:
    """Select the ids of those who are in such a group by way of another group."""
    below = (
        select(group_members.c.member_id.label("id"), literal(1).label("level"))
        .join(groups, groups.c.id == group_members.c.group_id)
        .where(condition)
        .cte("below", recursive=True)
    )
    step = (
        select(group_members.c.member_id, below.c.level + 1)
        .join(below, below.c.id == group_members.c.group_id)
        .where(below.c.level < MOST_LEVELS)
    )
    walked = below.union(step)
    return select(walked.c.id.label("member_id")).where(walked.c.level > 1)
