"""The loop of a delivery worker, on an outbox and a bell in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from api.services.observing import NullObserver
from api.worker import AHEAD, PAUSE, POLL, THREADS, Chore, Worker
from persistence.deliveries import Claimed
from persistence.errors import DatabaseUnavailable
from tests.factories.verification import MOMENT, FrozenClock, delivery, verification
from verification.delivery import CALL_TIMEOUT, LEASE, DeliveryStatus


@dataclass
class Outbox:
    """Deliveries that are due; `failures` are raised by the next transactions."""

    due: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    rooms: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    lease: object = LEASE
    on_settle: object = staticmethod(lambda: None)

    def transact(self, work):
        if self.failures:
            failure = self.failures.pop(0)
            if failure is not None:
                raise failure
        return work(SimpleNamespace(deliveries=self))

    def claim(self, at, token, lease, room):
        self.rooms.append(room)
        taken, self.due = self.due[:room], self.due[room:]
        return [Claimed(replace(item, attempts=1, available_at=at + self.lease), None) for item in taken]

    def settle_many(self, batch):
        self.settled.extend(item for _, item in batch)
        self.on_settle()


@dataclass
class Bell:
    """A doorbell nobody presses: whoever waits at it ends the work once there is none."""

    worker: Worker = None
    waits: list = field(default_factory=list)
    is_last: object = staticmethod(lambda: True)

    def wait(self, seconds):
        self.waits.append(seconds)
        if self.is_last():
            self.worker.stop()

    def ring(self):
        pass


@dataclass
class Carrying:
    """What the worker is given to carry with."""

    core: object
    carry: object
    rng: object = staticmethod(lambda: 0.5)


@dataclass
class Broom:
    sweeps: int = 0

    def sweep(self):
        self.sweeps += 1


@dataclass
class Scene:
    """A worker and its surroundings."""

    outbox: Outbox = field(default_factory=Outbox)
    bell: Bell = field(default_factory=Bell)
    broom: Broom = field(default_factory=Broom)
    clock: FrozenClock = field(default_factory=FrozenClock)

    def worker(self, carry=None):
        carrying = Carrying(
            SimpleNamespace(clock=self.clock, database=self.outbox, observe=NullObserver()), carry or sent
        )
        self.bell.worker = Worker(carrying, self.broom, self.bell)
        return self.bell.worker


def sent(claimed):
    return claimed.delivery.send(MOMENT, "memory", claimed.delivery.id)


def deliveries(count):
    return [delivery(id=f"delivery-{n}") for n in range(count)]


@pytest.fixture
def scene():
    return Scene()


def test_what_is_due_is_carried_and_settled(scene):
    scene.outbox.due = deliveries(3)

    scene.worker().run()

    assert sorted(item.id for item in scene.outbox.settled) == ["delivery-0", "delivery-1", "delivery-2"]
    assert {item.status for item in scene.outbox.settled} == {DeliveryStatus.SENT}
    assert scene.bell.waits == [POLL]


def test_as_much_is_claimed_as_all_threads_can_take_for_some_time(scene):
    scene.worker().run()

    assert scene.outbox.rooms == [THREADS * AHEAD]


def test_while_the_gateway_is_slow_nothing_is_claimed_ahead(scene):
    worker = scene.worker()
    worker._is_slow = True

    worker.run()

    assert scene.outbox.rooms == [THREADS]


def test_more_than_one_batch_is_carried(scene):
    scene.outbox.due = deliveries(THREADS * AHEAD * 2 + 5)
    scene.bell.is_last = lambda: not scene.outbox.due

    scene.worker().run()

    assert len(scene.outbox.settled) == THREADS * AHEAD * 2 + 5


def test_what_lapses_is_swept_at_the_first_turn_and_not_at_each(scene):
    scene.bell.is_last = lambda: len(scene.bell.waits) == 3

    scene.worker().run()

    assert scene.broom.sweeps == 1


def test_one_bad_delivery_does_not_stop_the_others(scene):
    scene.outbox.due = deliveries(3)

    def carry(claimed):
        if claimed.delivery.id == "delivery-1":
            raise ZeroDivisionError("0123456789")
        return sent(claimed)

    with capture_logs() as logs:
        scene.worker(carry).run()

    states = {item.id: (item.status, item.reason) for item in scene.outbox.settled}
    assert states["delivery-0"] == states["delivery-2"] == (DeliveryStatus.SENT, None)
    assert states["delivery-1"] == (DeliveryStatus.QUEUED, "internal error")
    (entry,) = logs
    assert (entry["kind"], entry["delivery_id"]) == ("ZeroDivisionError", "delivery-1")
    assert "0123456789" not in str(entry)


def test_what_a_lease_leaves_no_time_for_is_not_begun(scene):
    """A call takes up to ten seconds: begun later than that before the end of the lease, two might be made."""
    scene.outbox.due = deliveries(1)
    scene.outbox.lease = CALL_TIMEOUT / 2
    carried = []

    scene.worker(carried.append).run()

    assert carried == []
    assert scene.outbox.settled == []


def test_a_database_that_is_away_is_left_alone_for_a_while(scene):
    scene.outbox.due = deliveries(1)
    scene.outbox.failures = [DatabaseUnavailable()]
    scene.bell.is_last = lambda: scene.bell.waits[-1] != PAUSE

    with capture_logs() as logs:
        scene.worker().run()

    assert scene.bell.waits == [PAUSE, POLL]
    assert [item.id for item in scene.outbox.settled] == ["delivery-0"]
    assert [entry["event"] for entry in logs] == ["database unavailable to the worker"]


def test_what_could_not_be_settled_is_settled_later(scene):
    scene.outbox.due = deliveries(2)
    # The claim succeeds, the first attempt to settle does not.
    scene.outbox.failures = [None, DatabaseUnavailable()]
    scene.bell.is_last = lambda: scene.bell.waits[-1] != PAUSE

    with capture_logs():
        scene.worker().run()

    assert sorted(item.id for item in scene.outbox.settled) == ["delivery-0", "delivery-1"]


def test_what_was_claimed_and_not_begun_is_handed_back_while_the_calls_go_on(scene):
    scene.outbox.due = deliveries(THREADS + 4)
    begun, may_end = threading.Barrier(THREADS + 1), threading.Event()
    # The calls in flight end when something has been settled: what was handed back.
    scene.outbox.on_settle = may_end.set

    def carry(claimed):
        begun.wait(30)
        may_end.wait(30)
        return sent(claimed)

    worker = scene.worker(carry)
    stopper = threading.Thread(target=lambda: begun.wait(30) is not None and worker.stop())
    stopper.start()
    worker.run()
    stopper.join(30)

    handed_back, finished = scene.outbox.settled[:4], scene.outbox.settled[4:]
    assert {(item.status, item.attempts, item.available_at) for item in handed_back} == {
        (DeliveryStatus.QUEUED, 0, scene.clock.now())
    }
    assert [item.status for item in finished] == [DeliveryStatus.SENT] * THREADS


def test_what_cannot_be_settled_at_the_end_is_left_to_its_lease(scene):
    scene.outbox.due = deliveries(1)
    worker = scene.worker(lambda claimed: worker.stop() or sent(claimed))
    scene.outbox.failures = [None, *[DatabaseUnavailable()] * 10]

    with capture_logs() as logs:
        worker.run()

    assert scene.outbox.settled == []
    assert "deliveries left to their leases" in {entry["event"] for entry in logs}


def test_a_chore_is_done_when_its_time_has_come(scene):
    done = []
    worker = scene.worker()
    worker.chores = (Chore(0.0, lambda: done.append("often")), Chore(3600.0, lambda: done.append("seldom")))

    worker.run()

    assert set(done) == {"often"}


def test_what_a_gateway_has_accepted_is_told(scene):
    told, proof = [], verification()
    worker = scene.worker()
    worker.on_sent = told.append
    queued = deliveries(2)

    for each, carried in zip(queued, (sent, lambda claimed: claimed.delivery.fail(MOMENT, "no")), strict=True):
        worker.deliveries.carry = carried
        worker._carry(Claimed(replace(each, available_at=MOMENT + LEASE), proof))
    worker._carry(Claimed(replace(queued[0], available_at=MOMENT + LEASE), None))

    assert told == [proof]
