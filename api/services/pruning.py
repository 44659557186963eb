"""Removing what has been kept for long enough, while the service runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services import trail
from api.services.trail import Deed
from persistence.pruning import Heap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.callers import Caller
    from persistence.database import Database

BATCH = 500
"""Rows removed in one transaction: a moment's work, between which others get their turn."""
NO_LONGER_OF_USE = timedelta(days=1)
"""How long sessions and grants are kept after they have expired: nothing is asked of them any more."""

FORGOTTEN_AFTER = timedelta(days=180)
"""How long a place is known that a user has not signed in from again: after it the place is a new one."""
REPORTED_FOR = timedelta(days=90)
"""How long the report of a reset is kept for those who repeat its request; the audit trail has it for longer."""
ENDED_FOR = timedelta(days=90)
"""How long a block of the guard is kept after its end: longer than one makes the next one of its area longer."""


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long each heap is kept; None for ever."""

    audit: timedelta | None
    verifications: timedelta | None
    limits: timedelta | None
    changes: timedelta | None

    def spans(self) -> Iterator[tuple[Heap, timedelta]]:
        """Yield the heaps that are pruned, and for how long they are kept."""
        spans = {
            Heap.AUDIT: self.audit,
            Heap.VERIFICATIONS: self.verifications,
            Heap.LIMITS: self.limits,
            Heap.SESSIONS: NO_LONGER_OF_USE,
            Heap.PLACES: FORGOTTEN_AFTER,
            Heap.GRANTS: NO_LONGER_OF_USE,
            # First, for they go with their changes besides, and then are not counted.
            Heap.NOTICES: self.changes,
            Heap.CHANGES: self.changes,
            Heap.RESETS: REPORTED_FOR,
            Heap.BLOCKS: ENDED_FOR,
        }
        yield from ((heap, span) for heap, span in spans.items() if span is not None)


@dataclass(frozen=True, slots=True)
class PruneService:
    """The use case of `lineproof prune`; any number may run at the same time, beside the service."""

    database: Database
    retention: Retention
    batch: int = BATCH

    def prune(self, caller: Caller, at: datetime) -> dict[Heap, int]:
        """Remove what is older than it is to be kept, put on record that it was, and return how much of each heap."""
        removed = {heap: self._remove(heap, at - span) for heap, span in self.retention.spans()}
        if any(removed.values()):
            told = {heap.name.lower(): count for heap, count in removed.items() if count}
            self.database.transact(lambda unit: trail.record(unit, Deed.PRUNED, caller, None, at, **told))
        return removed

    def survey(self, at: datetime) -> dict[Heap, int]:
        """Return how much would be removed of each heap."""
        return {heap: self._count(heap, at - span) for heap, span in self.retention.spans()}

    def _remove(self, heap: Heap, before: datetime) -> int:
        removed = 0
        while True:
            some = self.database.transact(lambda unit: unit.pruning.remove(heap, before, self.batch))
            removed += some
            if some < self.batch:
                return removed

    def _count(self, heap: Heap, before: datetime) -> int:
        return self.database.read(lambda unit: unit.pruning.count(heap, before))
