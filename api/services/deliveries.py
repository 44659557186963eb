"""The messages on their way, for those who look after users: what became of each, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.cursors import CursorSeal, Place, moment_and_id
from persistence.delivery_lists import DeliveryQuery
from persistence.resources import Position
from verification.delivery import DeliveryStatus
from verification.errors import UnknownUser

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.core import Core
    from persistence.delivery_lists import ListedDelivery
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Scenario

LOOKED_BACK = timedelta(days=31)
"""How far back deliveries are listed that are not those of one user: a search for what there is not must end."""


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries: those with all that is given."""

    status: DeliveryStatus | None = None
    provider: str | None = None
    user_name: str | None = None
    scenario: Scenario | None = None

    def identity(self) -> list[object]:
        """Return what makes a walk the same one on every page."""
        return ["deliveries", self.status, self.provider, self.user_name, self.scenario]


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, newest first, and where to go on; None where there are no more."""

    deliveries: list[ListedDelivery]
    next_cursor: str | None

    @property
    def is_underway(self) -> bool:
        """Tell whether any of them may still change by itself."""
        return any(each.delivery.status is DeliveryStatus.QUEUED for each in self.deliveries)


@dataclass(frozen=True, slots=True)
class DeliveryListService:
    """The use case of those who ask where a message is."""

    core: Core
    seal: CursorSeal

    def page(self, wanted: DeliveryFilter, count: int, cursor: str | None) -> DeliveryPage:
        """Return a page of deliveries.

        Raises:
            UnknownUser: nobody has this name.
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        now = self.core.clock.now()
        place = self.seal.open(cursor, wanted.identity(), now).position if cursor else None
        before = moment_and_id(place) if place else None
        # One more than is shown tells whether there are more.
        found = self.core.database.read(
            lambda unit: unit.delivery_lists.list(_query(unit, wanted, now), before=before, limit=count + 1)
        )
        shown = found[:count]
        if len(found) == len(shown):
            return DeliveryPage(shown, None)
        last = shown[-1].delivery
        following = Place(Position(last.id, last.created_at.isoformat()))
        return DeliveryPage(shown, self.seal.seal(following, wanted.identity(), now))


def _query(unit: UnitOfWork, wanted: DeliveryFilter, now: datetime) -> DeliveryQuery:
    user_id = None
    if wanted.user_name is not None:
        user = unit.resources.find("User", wanted.user_name)
        if user is None:
            raise UnknownUser
        user_id = user.id
    since = now - LOOKED_BACK if user_id is None else None
    return DeliveryQuery(wanted.status, wanted.provider, user_id, wanted.scenario, since)
