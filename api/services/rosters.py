"""The members of one group, page by page, whatever its size, and the groups of one member: for who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services.core import Core
    from persistence.rosters import Membership, NamedMember
    from persistence.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RosterPage:
    """Some members of a group, how many there are in all, and behind whom the next page begins (None: no more)."""

    members: tuple[NamedMember, ...]
    total: int
    next_after: str | None


@dataclass(frozen=True, slots=True)
class RosterService:
    """Use cases of those who look at the members of groups; who changes them does so by the use cases of groups."""

    core: Core

    def page(self, group_id: str, *, after: str, count: int) -> RosterPage:
        """Return some members by their ids, from behind one on."""

        def read(unit: UnitOfWork) -> RosterPage:
            # One more than is shown tells whether there are more.
            found = unit.rosters.page(group_id, after=after, limit=count + 1)
            shown = found[:count]
            next_after = shown[-1].member_id if len(found) > len(shown) else None
            return RosterPage(shown, unit.members.count(group_id), next_after)

        return self.core.database.read(read)

    def count(self, group_id: str) -> int:
        """Return how many members there are."""
        return self.core.database.read(lambda unit: unit.members.count(group_id))

    def groups_of(self, member_id: str) -> Sequence[Membership]:
        """Return the groups that somebody is in, the nearest first."""
        return self.core.database.read(lambda unit: unit.rosters.groups_of([member_id])).get(member_id, ())

    def holding(self, group_id: str, member_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these are members of a group."""
        return frozenset(self.core.database.read(lambda unit: unit.members.holding(group_id, member_ids)))
