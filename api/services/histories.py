"""What became of verifications, for those who look after users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.cursors import CursorSeal, Place
from persistence.resources import Position
from scim.moments import read_moment
from verification.errors import UnknownUser

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.core import Core
    from persistence.histories import LastDelivery
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Purpose, Status, Verification

    Past = tuple[Verification, LastDelivery | None]


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which verifications: those with all that is given; `since` is the first moment, `until` the first one after."""

    user_id: str | None = None
    user_name: str | None = None
    state: Status | None = None
    purpose: Purpose | None = None
    since: datetime | None = None
    until: datetime | None = None

    def identity(self) -> list[object]:
        """Return what makes a walk the same one on every page."""
        return ["verifications", self.user_id, self.user_name, self.state, self.purpose, self.since, self.until]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some verifications, newest first, and where to go on; None where there are no more."""

    verifications: list[Past]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class HistoryService:
    """The use case of the privileged view."""

    core: Core
    seal: CursorSeal

    def page(self, wanted: HistoryFilter, count: int, cursor: str | None) -> HistoryPage:
        """Return a page of verifications with the latest delivery of each.

        Raises:
            UnknownUser: nobody has this name.
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        now = self.core.clock.now()
        place = self.seal.open(cursor, wanted.identity(), now).position if cursor else None
        # One more than is shown tells whether there are more.
        found = self.core.database.read(lambda unit: _behind(unit, wanted, place, count + 1))
        shown = found[:count]
        if len(found) == len(shown):
            return HistoryPage(shown, None)
        last = shown[-1][0]
        place = Position(last.id, last.created_at.isoformat())
        return HistoryPage(shown, self.seal.seal(Place(place), wanted.identity(), now))


def _behind(unit: UnitOfWork, wanted: HistoryFilter, place: Position | None, limit: int) -> list[Past]:
    user_id = wanted.user_id
    if wanted.user_name is not None:
        user = unit.resources.find("User", wanted.user_name)
        if user is None:
            raise UnknownUser
        if user_id not in {None, user.id}:
            return []
        user_id = user.id
    return unit.histories.list(
        (read_moment(str(place.key)) if place else None) or wanted.until,
        before_id=place.id if place else "",
        user_id=user_id,
        status=wanted.state,
        purpose=wanted.purpose,
        since=wanted.since,
        limit=limit,
    )
