"""Watching what is sent: figures of areas, blocks that follow from them, and what an administrator sees of both."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from api.identifiers import new_id
from api.services import trail
from api.services.callers import Caller
from api.services.errors import NoSuchBlock
from api.services.sending import SLOTS
from api.services.sweeping import SWEEPER
from api.services.timelines import Timeline
from api.services.trail import Deed
from verification.conversion import areas_of, bucket_of, next_block, span_judged, suspicious

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from api.services.core import Core
    from api.services.timelines import Mark, TimePage
    from persistence.blocked_attempts import AttemptQuery, BlockedAttempt
    from persistence.unit_of_work import UnitOfWork
    from verification.conversion import Area, Block, Figures
    from verification.verifications import Verification

MOST_BLOCKS = 1000
"""Blocks that are listed; more areas than these are hardly ever shut at once."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tally:
    """The codes that a worker has sent since it last said so.

    What a worker that is killed has not said is lost: figures are for judging, not for billing.
    """

    _counts: Counter[tuple[Area, datetime]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, verification: Verification) -> None:
        """Count a code that a gateway has accepted."""
        with self._lock:
            for area in areas_of(verification.target.key):
                self._counts[area, bucket_of(verification.sent_at)] += 1

    def take(self) -> list[tuple[Area, datetime, int]]:
        """Return what has been counted, and begin anew."""
        with self._lock:
            taken = [(area, bucket_at, count) for (area, bucket_at), count in self._counts.items()]
            self._counts.clear()
        return taken


@dataclass(frozen=True, slots=True)
class GuardService:
    """Use cases of the guard beside the door itself."""

    core: Core

    def record(self, tally: Tally, rng: Callable[[], float]) -> None:
        """Store what a worker has sent."""
        sent = tally.take()
        if sent:
            slot = int(rng() * SLOTS)
            self.core.database.transact(lambda unit: unit.conversions.count_sent(sent, slot))

    def watch(self) -> int:
        """Shut the areas whose codes don't come back, and return how many."""
        rules, at = self.core.policy.guard.conversion, self.core.clock.now()
        if not rules.min_percent:
            return 0
        first, last = span_judged(rules, self.core.policy.otp.lifetime, at)
        figures = self.core.database.read(lambda unit: unit.conversions.list(first, last, max(1, rules.min_samples)))
        blocks = [self._shut(found, last, at) for found in suspicious(figures, rules)]
        return sum(block is not None for block in blocks)

    def current(self) -> list[Block]:
        """Return the areas that are shut."""
        at = self.core.clock.now()
        return self.core.database.read(lambda unit: unit.blocks.list_current(at, MOST_BLOCKS))

    def lift(self, block_id: str, caller: Caller) -> None:
        """Open an area before its time; raise NoSuchBlock where it is not shut."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            if not unit.blocks.lift(block_id, caller.subject, at):
                raise NoSuchBlock
            trail.record(unit, Deed.SENDS_UNBLOCKED, caller, None, at, block_id=block_id)

        self.core.database.transact(write)

    def attempts(self, query: AttemptQuery, count: int, cursor: str | None) -> TimePage[BlockedAttempt]:
        """Return a page of what the guard has refused.

        Raises:
            InvalidCursor, ExpiredCursor: the walk cannot go on from there.
        """
        identity = ["blocked attempts", query.country, query.reason, query.since, query.until]

        def read(unit: UnitOfWork, before: Mark | None, limit: int) -> Sequence[BlockedAttempt]:
            return unit.blocked_attempts.list(query, before=before, limit=limit)

        return Timeline(identity, read, _mark).page(self.core, count, cursor)

    def _shut(self, figures: Figures, last: datetime, at: datetime) -> Block | None:
        caller = Caller(subject=SWEEPER, user_id=None, request_id=new_id())
        block_id = new_id()

        def write(unit: UnitOfWork) -> Block | None:
            # The figures go with the block that they led to; where another worker was faster they are gone.
            if not unit.conversions.take(figures.area, last):
                return None
            earlier = unit.blocks.find_latest(figures.area)
            block = next_block(block_id, figures, earlier, rules=self.core.policy.guard.conversion, at=at)
            unit.blocks.add(block)
            trail.record(unit, Deed.SENDS_BLOCKED, caller, None, at, **_told(block))
            return block

        block = self.core.database.transact(write)
        if block is not None:
            _log.warning("sends blocked", **_told(block))
        return block


def _mark(attempt: BlockedAttempt) -> Mark:
    return attempt.at, attempt.id


def _told(block: Block) -> dict[str, str | int]:
    return {
        "block_id": block.id,
        "area": block.area.key,
        "sent": block.sent,
        "verified": block.verified,
        "until": block.ends_at.isoformat(),
    }
