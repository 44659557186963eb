"""What became of verifications, for those who look after users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.names import user_named
from api.services.timelines import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.services.core import Core
    from api.services.timelines import Mark, TimePage
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
class HistoryService:
    """The use case of the privileged view."""

    core: Core

    def page(self, wanted: HistoryFilter, count: int, cursor: str | None) -> TimePage[Past]:
        """Return a page of verifications with the latest delivery of each.

        Raises:
            UnknownUser: nobody has this name.
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """

        def read(unit: UnitOfWork, before: Mark | None, limit: int) -> Sequence[Past]:
            return _behind(unit, wanted, before, limit)

        return Timeline(wanted.identity(), read, _mark).page(self.core, count, cursor)


def _behind(unit: UnitOfWork, wanted: HistoryFilter, before: Mark | None, limit: int) -> list[Past]:
    user_id = wanted.user_id
    if wanted.user_name is not None:
        named = user_named(unit, wanted.user_name)
        if user_id not in {None, named}:
            return []
        user_id = named
    before_at, before_id = before or (wanted.until, "")
    return unit.histories.list(
        before_at,
        before_id=before_id,
        user_id=user_id,
        status=wanted.state,
        purpose=wanted.purpose,
        since=wanted.since,
        limit=limit,
    )


def _mark(past: Past) -> Mark:
    verification, _ = past
    return verification.created_at, verification.id
