"""What becomes of a code on its way, as its user sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from api.services.delivering import DeliveryService
from api.texting import load_texts
from providers.failover import Carried
from tests.factories.people import ANN, DAN, add_person
from verification.delivery import LEASE
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError


@dataclass
class FailingCarrier:
    """A gateway that refuses a few times before it takes a message."""

    faults: list[Exception] = field(default_factory=list)
    messages: list[object] = field(default_factory=list)

    def send(self, message):
        self.messages.append(message)
        if self.faults:
            raise self.faults.pop(0)
        return Carried("memory", "m1")


@pytest.fixture
def carrier(application):
    application.carrier = FailingCarrier()
    return application.carrier


@pytest.fixture
def waiting(application, carrier):
    """Return bob, whose code is about to be carried."""
    bob = add_person(application)
    bob.send(p=DAN)
    return bob


def _state(user):
    return user.listed()[0]["delivery"]


def test_a_code_that_was_taken_is_sent(waiting):
    assert _state(waiting) == "queued"

    waiting.application.deliver()

    assert _state(waiting) == "sent"


def test_a_temporary_fault_is_tried_again_with_the_same_text(waiting, carrier):
    carrier.faults = [TemporaryDeliveryError("busy"), TemporaryDeliveryError("busy")]
    waiting.application.deliver()
    assert (_state(waiting), len(carrier.messages)) == ("queued", 1)
    assert waiting.application.deliver() == []

    for _ in range(2):
        waiting.application.clock.move(seconds=5)
        waiting.application.deliver()

    assert (_state(waiting), len(carrier.messages)) == ("sent", 3)
    assert len({message.body for message in carrier.messages}) == 1


def test_a_gateway_that_asks_for_a_pause_gets_it(waiting, carrier):
    carrier.faults = [TemporaryDeliveryError("slow down", retry_after=20)]
    waiting.application.deliver()
    waiting.application.clock.move(seconds=19)

    assert waiting.application.deliver() == []

    waiting.application.clock.move(seconds=1)
    waiting.application.deliver()
    assert _state(waiting) == "sent"


def test_a_refusal_for_good_is_told_and_the_number_still_waits(waiting, carrier):
    carrier.faults = [PermanentDeliveryError("unknown number")]

    waiting.application.deliver()

    assert _state(waiting) == "failed"
    assert waiting.numbers().pending == DAN
    assert waiting.numbers().primary == ANN
    waiting.application.clock.move(seconds=30)
    assert waiting.resend().status_code == 201
    waiting.application.deliver()
    assert _state(waiting) == "sent"


def test_a_code_that_expired_on_its_way_is_not_sent(waiting, carrier):
    waiting.application.clock.move(minutes=5)

    waiting.application.deliver()

    assert (_state(waiting), carrier.messages) == ("failed", [])


def test_retries_end_when_the_code_expires(waiting, carrier):
    carrier.faults = [TemporaryDeliveryError("busy")] * 100

    while _state(waiting) == "queued":
        waiting.application.deliver()
        waiting.application.clock.move(seconds=15)

    assert _state(waiting) == "failed"
    assert 5 < len(carrier.messages) < 25


def test_a_channel_that_nobody_carries_fails_at_once(application):
    bob = add_person(application)
    bob.send(p=DAN)
    core = application.services.core
    (claimed,) = core.database.transact(lambda unit: unit.deliveries.claim(core.clock.now(), "token", LEASE, 10))

    settled = DeliveryService(core, {}, load_texts(application.services.settings), "", lambda: 0.5).carry(claimed)

    assert (settled.status, settled.reason) == ("failed", "nobody carries this channel")


def test_the_text_is_in_the_users_language(application, carrier):
    bob = add_person(application, preferredLanguage="de-CH,en;q=0.5")

    bob.send(p=DAN)
    application.deliver()

    assert "Code" in carrier.messages[0].body
    assert carrier.messages[0].body != add_and_deliver(application, carrier, "eve")


def add_and_deliver(application, carrier, name):
    """Return the text that another user gets."""
    add_person(application, name).send(p=DAN)
    application.deliver()
    return carrier.messages[-1].body


def test_a_worker_that_died_leaves_the_code_to_the_next_one(waiting, carrier):
    core = waiting.application.services.core
    clock = waiting.application.clock
    lost = core.database.transact(lambda unit: unit.deliveries.claim(clock.now(), "lost", LEASE, 10))
    assert len(lost) == 1
    assert waiting.application.deliver() == []

    clock.move(seconds=15)
    waiting.application.deliver()

    assert (_state(waiting), len(carrier.messages)) == ("sent", 1)
