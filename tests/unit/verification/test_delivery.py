"""Deliveries: their states and when they are tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT, delivery, key_ring, verification
from verification.delivery import CALL_TIMEOUT, LEASE, Delivery, DeliveryStatus, next_retry
from verification.errors import IllegalTransition
from verification.policy import OtpRules

LATER = MOMENT + timedelta(seconds=40)

MOVES = {
    "claim": lambda d: d.claim(LATER),
    "release": lambda d: d.release(LATER),
    "retry": lambda d: d.retry(LATER, "timeout", lambda: 0.5),
    "send": lambda d: d.send(LATER, "console", None),
    "fail": lambda d: d.fail(LATER, "bad number"),
    "drop": lambda d: d.drop(LATER),
}


def test_a_delivery_is_queued_for_the_current_code():
    proof = verification()

    assert Delivery.queue("delivery-1", proof, MOMENT) == Delivery(
        id="delivery-1",
        verification_id=proof.id,
        notice_id=None,
        user_id=proof.user_id,
        channel="sms",
        generation=1,
        status=DeliveryStatus.QUEUED,
        attempts=0,
        available_at=MOMENT,
        expires_at=proof.expires_at,
        provider=None,
        reference=None,
        reason=None,
        created_at=MOMENT,
        settled_at=None,
    )


def test_a_claim_counts_the_call_and_keeps_others_away_for_the_lease():
    claimed = delivery().claim(LATER)

    assert (claimed.attempts, claimed.available_at) == (1, LATER + LEASE)


def test_a_lease_is_longer_than_a_call():
    assert LEASE > CALL_TIMEOUT


def test_a_claim_can_be_taken_over_after_its_worker_died():
    assert delivery().claim(MOMENT).claim(LATER).attempts == 2


def test_a_released_claim_counts_no_call_and_can_be_taken_at_once():
    released = delivery().claim(MOMENT).claim(LATER).release(LATER)

    assert released == replace(delivery().claim(MOMENT), available_at=LATER)


def test_a_sent_delivery_names_its_gateway():
    sent = delivery(reason="timeout").send(LATER, "twilio", "SM1")

    assert (sent.status, sent.provider, sent.reference) == (DeliveryStatus.SENT, "twilio", "SM1")
    assert (sent.reason, sent.settled_at) == (None, LATER)


def test_a_failed_delivery_tells_why():
    failed = delivery().fail(LATER, "bad number")

    assert (failed.status, failed.reason, failed.settled_at) == (DeliveryStatus.FAILED, "bad number", LATER)


def test_a_dropped_delivery_is_settled():
    dropped = delivery().drop(LATER)

    assert (dropped.status, dropped.reason, dropped.settled_at) == (DeliveryStatus.DROPPED, "superseded", LATER)


def test_a_retry_waits_in_the_queue():
    waiting = delivery(attempts=1).retry(LATER, "timeout", lambda: 0.0)

    assert (waiting.status, waiting.reason) == (DeliveryStatus.QUEUED, "timeout")
    assert waiting.available_at == LATER + timedelta(seconds=1)


@pytest.mark.parametrize(("asked", "granted"), [(0, 1), (7, 7), (3600, 60)])
def test_a_retry_grants_the_gateway_its_wait_up_to_a_minute(asked, granted):
    waiting = delivery(attempts=1).retry(LATER, "throttled", lambda: 0.0, timedelta(seconds=asked))

    assert waiting.available_at == LATER + timedelta(seconds=granted)


def test_a_retry_that_would_come_too_late_fails():
    late = delivery(attempts=1, expires_at=LATER + timedelta(seconds=1)).retry(LATER, "timeout", lambda: 0.0)

    assert (late.status, late.reason) == (DeliveryStatus.FAILED, "timeout")


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("status", [s for s in DeliveryStatus if s is not DeliveryStatus.QUEUED])
def test_a_settled_delivery_moves_no_more(status, move):
    with pytest.raises(IllegalTransition):
        move(delivery(status=status))


@pytest.mark.parametrize(("seconds", "expected"), [(299, False), (300, True)])
def test_a_delivery_expires_with_its_code(seconds, expected):
    assert delivery().has_expired(MOMENT + timedelta(seconds=seconds)) is expected


def test_a_delivery_is_current_while_its_code_is():
    proof = verification()

    assert delivery().is_current(proof)


def test_a_delivery_of_an_earlier_code_is_not_current():
    proof = verification().resend(LATER, key_ring(), OtpRules())

    assert not delivery().is_current(proof)


def test_a_delivery_of_an_ended_verification_is_not_current():
    assert not delivery().is_current(verification().cancel(LATER))


def test_a_delivery_of_no_verification_is_not_current():
    assert not delivery().is_current(None)


@pytest.mark.parametrize(
    ("attempts", "soonest", "latest"),
    [(1, 1, 2), (2, 2, 4), (3, 4, 8), (5, 16, 32), (6, 30, 60), (7, 30, 60), (1000, 30, 60)],
)
def test_the_wait_doubles_up_to_a_minute(attempts, soonest, latest):
    assert next_retry(attempts, MOMENT, lambda: 0.0) == MOMENT + timedelta(seconds=soonest)
    assert next_retry(attempts, MOMENT, lambda: 1.0) == MOMENT + timedelta(seconds=latest)


def test_a_receipt_says_that_it_arrived():
    arrived = delivery().send(LATER, "custom", "r1").arrive()

    assert (arrived.status, arrived.reason, arrived.settled_at) == (DeliveryStatus.DELIVERED, None, LATER)


def test_a_receipt_says_that_it_will_not_arrive():
    missed = delivery().send(LATER, "custom", "r1").miss("handset unreachable")

    assert (missed.status, missed.reason) == (DeliveryStatus.FAILED, "handset unreachable")


@pytest.mark.parametrize(
    "state",
    [
        delivery(),
        delivery().fail(LATER, "bad number"),
        delivery().drop(LATER),
        delivery().send(LATER, "custom", "r1").arrive(),
        delivery().send(LATER, "custom", "r1").miss("expired"),
    ],
    ids=["queued", "failed", "dropped", "delivered", "missed"],
)
def test_only_what_was_sent_has_a_receipt(state):
    for receipt in (state.arrive, lambda: state.miss("expired")):
        with pytest.raises(IllegalTransition):
            receipt()
