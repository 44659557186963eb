"""The messages on their way, for those who look after users: what became of each, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.names import user_named
from api.services.timelines import Timeline
from persistence.delivery_lists import DeliveryQuery
from verification.delivery import DeliveryStatus
from verification.kinds import CONTACT_PURPOSES
from verification.verifications import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.services.core import Core
    from api.services.timelines import Mark, TimePage
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
class DeliveryListService:
    """The use case of those who ask where a message is."""

    core: Core

    def page(self, wanted: DeliveryFilter, count: int, cursor: str | None) -> TimePage[ListedDelivery]:
        """Return a page of deliveries.

        Raises:
            UnknownUser: nobody has this name.
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        now = self.core.clock.now()

        def read(unit: UnitOfWork, before: Mark | None, limit: int) -> Sequence[ListedDelivery]:
            return unit.delivery_lists.list(_query(unit, wanted, now), before=before, limit=limit)

        return Timeline(wanted.identity(), read, _mark).page(self.core, count, cursor)

    def providers(self) -> frozenset[str]:
        """Return the names of those who were asked to carry messages lately, or are set up to."""
        since = self.core.clock.now() - LOOKED_BACK
        calls = self.core.database.read(lambda unit: unit.statistics.of_calls(since))
        return frozenset((*(call.provider for call in calls), *(each.name for each in self.core.senders.senders)))


def is_underway(listed: ListedDelivery) -> bool:
    """Tell whether a delivery may still change by itself."""
    return listed.delivery.status is DeliveryStatus.QUEUED


def is_waiting(listed: ListedDelivery) -> bool:
    """Tell whether the code of a delivery is still waited for, so that another one may be sent in its place."""
    code = listed.code
    return (
        code is not None
        and code.status is Status.PENDING
        and code.purpose in CONTACT_PURPOSES
        and code.generation == listed.delivery.generation
    )


def _query(unit: UnitOfWork, wanted: DeliveryFilter, now: datetime) -> DeliveryQuery:
    user_id = None if wanted.user_name is None else user_named(unit, wanted.user_name)
    since = now - LOOKED_BACK if user_id is None else None
    return DeliveryQuery(wanted.status, wanted.provider, user_id, wanted.scenario, since)


def _mark(listed: ListedDelivery) -> Mark:
    return listed.delivery.created_at, listed.delivery.id
