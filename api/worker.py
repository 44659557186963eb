"""The delivery worker: a loop that claims, carries and settles, and sweeps what has lapsed."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from api.identifiers import new_id
from persistence.errors import PersistenceError
from verification.delivery import CALL_TIMEOUT, LEASE, DeliveryStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.services.core import Core
    from api.services.delivering import Carrier, DeliveryService
    from api.services.sweeping import SweepService
    from api.wakeups import Doorbell
    from persistence.deliveries import Claimed
    from verification.channels import Channel
    from verification.delivery import Delivery
    from verification.verifications import Verification

THREADS = 16
"""Gateway calls at a time: they wait for the network, and one gateway rarely wants more connections."""
AHEAD = 8
"""Deliveries claimed for each thread while the gateway is fast, so that claiming costs one transaction for many."""
SLOW = 0.1
"""Seconds of a call from which on nothing is claimed ahead: what waits here would wait out its lease."""
POLL = 0.5
"""Seconds between looks at the outbox when nobody knocks: the bound on a retry's and a crash's delay."""
SWEEP_EVERY = 1.0
PAUSE = 1.0
"""Seconds to leave a database alone that does not answer."""
FINISH_WITHIN = CALL_TIMEOUT.total_seconds() + PAUSE
"""Seconds in which a worker that was told to stop is done: a gateway call takes no longer."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """What a worker does beside delivering, every so many seconds."""

    every: float
    act: Callable[[], object]


def _ignore(verification: Verification) -> None:
    del verification


@dataclass(slots=True)
class Worker:
    """One worker process; any number of them may work on one database."""

    deliveries: DeliveryService
    sweeper: SweepService
    doorbell: Doorbell
    chores: Sequence[Chore] = ()
    on_sent: Callable[[Verification], None] = _ignore
    _claimed: queue.SimpleQueue[tuple[str, Claimed] | None] = field(default_factory=queue.SimpleQueue)
    _results: queue.SimpleQueue[tuple[str, Delivery | None] | None] = field(default_factory=queue.SimpleQueue)
    _unsettled: list[tuple[str, Delivery]] = field(default_factory=list)
    _in_flight: int = 0
    _is_slow: bool = False
    _is_stopping: bool = False
    _swept_at: float = 0.0
    _done_at: dict[int, float] = field(default_factory=dict)

    def run(self) -> None:
        """Work until told to stop; then hand back what was not begun, finish the calls in flight and settle them."""
        for number in range(THREADS):
            # Not waited for at the end: a call that takes longer than it may must not keep the process.
            threading.Thread(target=self._call, name=f"delivery-{number}", daemon=True).start()
        while not self._is_stopping:
            try:
                self._turn()
            except PersistenceError as error:
                _log.warning("database unavailable to the worker", kind=type(error).__name__)
                self.doorbell.wait(PAUSE)
        self._finish()
        for _ in range(THREADS):
            self._claimed.put(None)

    def stop(self) -> None:
        """Have `run` come to its end; a signal handler may call this, for nothing in it waits for a lock."""
        self._is_stopping = True
        self._results.put(None)
        self.doorbell.ring()

    def adopt(self, core: Core) -> None:
        """Go on under another policy."""
        self.deliveries = replace(self.deliveries, core=core)
        self.sweeper = replace(self.sweeper, core=core)

    def carry_by(self, carriers: Mapping[Channel, Carrier]) -> None:
        """Go on with other gateways; calls in flight end where they began."""
        self.deliveries = replace(self.deliveries, carriers=carriers)

    def _turn(self) -> None:
        self._sweep()
        self._settle()
        capacity = THREADS if self._is_slow else THREADS * AHEAD
        room = capacity - self._in_flight
        # Claiming a few at a time while many are in flight would cost a transaction for each.
        if room * 2 >= capacity:
            self._claim(room)
        core = self.deliveries.core
        core.observe.worked(core.clock.now())
        if self._in_flight:
            self._collect(POLL)
        else:
            self.doorbell.wait(POLL)

    def _claim(self, room: int) -> None:
        core = self.deliveries.core
        token, at = new_id(), core.clock.now()
        claimed = core.database.transact(lambda unit: unit.deliveries.claim(at, token, LEASE, room))
        self._in_flight += len(claimed)
        for item in claimed:
            self._claimed.put((token, item))

    def _call(self) -> None:
        while (item := self._claimed.get()) is not None:
            token, claimed = item
            self._results.put((token, self._carry(claimed)))

    def _carry(self, claimed: Claimed) -> Delivery | None:
        clock = self.deliveries.core.clock
        try:
            # What has waited here for too long is left to its lease: a call begun now might outlive it.
            if claimed.delivery.available_at - clock.now() < CALL_TIMEOUT:
                return None
            began = time.monotonic()
            settled = self.deliveries.carry(claimed)
            self._is_slow = time.monotonic() - began > SLOW
            if claimed.verification is not None and settled.status is DeliveryStatus.SENT:
                self.on_sent(claimed.verification)
        except Exception as error:  # noqa: BLE001 - the edge of a job: one bad delivery must not stop the others
            _log.error("delivery failed unexpectedly", delivery_id=claimed.delivery.id, kind=type(error).__name__)
            return claimed.delivery.retry(clock.now(), "internal error", self.deliveries.rng)
        return settled

    def _collect(self, seconds: float) -> None:
        try:
            self._take(self._results.get(timeout=seconds))
            while True:
                self._take(self._results.get_nowait())
        except queue.Empty:
            return

    def _take(self, item: tuple[str, Delivery | None] | None) -> None:
        if item is None:
            # From stop(), to end the wait.
            return
        token, delivery = item
        self._in_flight -= 1
        if delivery is not None:
            self._unsettled.append((token, delivery))

    def _settle(self) -> None:
        if self._unsettled:
            batch = tuple(self._unsettled)
            self.deliveries.core.database.transact(lambda unit: unit.deliveries.settle_many(batch))
            del self._unsettled[: len(batch)]

    def _sweep(self) -> None:
        now = time.monotonic()
        if now - self._swept_at >= SWEEP_EVERY:
            self.sweeper.sweep()
            self._swept_at = now
        for number, chore in enumerate(self.chores):
            if now - self._done_at.setdefault(number, now) >= chore.every:
                self._done_at[number] = now
                chore.act()

    def _finish(self) -> None:
        deadline = time.monotonic() + FINISH_WITHIN
        self._hand_back()
        while True:
            try:
                self._settle()
            except PersistenceError as error:
                _log.warning("deliveries left to their leases", kind=type(error).__name__, count=len(self._unsettled))
            if not self._in_flight or time.monotonic() >= deadline:
                return
            self._collect(PAUSE)

    def _hand_back(self) -> None:
        at = self.deliveries.core.clock.now()
        try:
            while (item := self._claimed.get_nowait()) is not None:
                token, claimed = item
                self._take((token, claimed.delivery.release(at)))
        except queue.Empty:
            return
