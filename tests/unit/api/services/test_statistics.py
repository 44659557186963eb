"""Figures: by which steps they are put together, and what is known of providers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.services.provider_health import SAID_EVERY, ProviderTally
from api.services.statistics import Point, ProviderHealth, Span, points, providers
from persistence.statistics import CallCount, DeliveryCount, StoredCircuit, VerificationCount
from verification.delivery import DeliveryStatus
from verification.verifications import Status

NOW = datetime(2026, 11, 22, 9, 41, 7, tzinfo=UTC)
HOUR = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "count", "first"),
    [
        (Span.DAY, 24, datetime(2026, 11, 21, 10, tzinfo=UTC)),
        (Span.WEEK, 7, datetime(2026, 11, 16, tzinfo=UTC)),
        (Span.MONTH, 30, datetime(2026, 10, 24, tzinfo=UTC)),
    ],
)
def test_the_last_step_is_the_one_that_is_under_way(span, count, first):
    steps = span.steps_until(NOW)

    assert (len(steps), steps[0]) == (count, first)
    assert steps[-1] == (HOUR if span is Span.DAY else HOUR.replace(hour=0))


def test_a_step_has_what_became_of_its_codes():
    asked = [
        VerificationCount(HOUR, Status.APPROVED, 5),
        VerificationCount(HOUR, Status.EXPIRED, 2),
        VerificationCount(HOUR, Status.PENDING, 1),
        VerificationCount(HOUR - DAY, Status.APPROVED, 9),
    ]
    messages = [
        DeliveryCount(HOUR, True, "twilio", DeliveryStatus.DELIVERED, 4),
        DeliveryCount(HOUR, True, "twilio", DeliveryStatus.SENT, 2),
        DeliveryCount(HOUR, True, "twilio", DeliveryStatus.FAILED, 1),
        DeliveryCount(HOUR, True, None, DeliveryStatus.FAILED, 1),
        DeliveryCount(HOUR, True, None, DeliveryStatus.QUEUED, 1),
        DeliveryCount(HOUR, False, "smtp", DeliveryStatus.SENT, 7),
    ]

    empty, full = points((HOUR - timedelta(hours=1), HOUR), asked, messages)

    assert empty == Point(HOUR - timedelta(hours=1))
    assert full == Point(HOUR, requested=8, sent=7, delivered=4, verified=5, expired=2, failed=2)


def circuit(provider, state, worker="w1", at=NOW):
    return StoredCircuit(worker, provider, state, at, at)


def test_a_circuit_is_open_where_one_worker_says_so():
    since = NOW - timedelta(minutes=5)
    said = [
        circuit("twilio", "closed", at=NOW),
        circuit("twilio", "half-open", "w2", since),
        circuit("vonage", "closed"),
    ]

    twilio, vonage = providers([], [], said)

    assert (twilio.circuit, twilio.since) == ("open", since)
    assert (vonage.circuit, vonage.since) == ("closed", NOW)


def test_a_provider_has_its_calls_and_its_receipts():
    messages = [
        DeliveryCount(HOUR, True, "twilio", DeliveryStatus.SENT, 3),
        DeliveryCount(HOUR, True, "twilio", DeliveryStatus.DELIVERED, 2),
        DeliveryCount(HOUR, False, "twilio", DeliveryStatus.FAILED, 1),
        DeliveryCount(HOUR, True, None, DeliveryStatus.FAILED, 8),
    ]
    calls = [CallCount("twilio", "accepted", 6, 600), CallCount("twilio", "refused", 2, 1000)]

    assert providers(messages, calls, []) == (
        ProviderHealth("twilio", None, None, {"accepted": 6, "refused": 2}, 200, accepted=6, delivered=2, failed=1),
    )


def test_a_provider_that_only_failed_has_no_receipts():
    (found,) = providers([], [CallCount("twilio", "refused", 2, 10)], [])

    assert (found.name, found.accepted, found.milliseconds) == ("twilio", 0, 5)


def test_what_was_taken_is_not_told_again():
    tally = ProviderTally("w1")
    tally.called("twilio", "accepted", 0.1)
    tally.called("twilio", "accepted", 0.3)

    assert tally.take_calls() == [CallCount("twilio", "accepted", 2, 400)]
    assert tally.take_calls() == []


def test_circuits_are_said_when_they_change_and_again_after_a_while():
    tally = ProviderTally("w1")
    tally.circuit("twilio", "closed")

    assert tally.circuits_to_say(NOW) == [circuit("twilio", "closed")]
    assert tally.circuits_to_say(NOW + SAID_EVERY / 2) == []
    later = NOW + SAID_EVERY
    assert tally.circuits_to_say(later) == [StoredCircuit("w1", "twilio", "closed", NOW, later)]
    tally.circuit("twilio", "open")
    assert tally.circuits_to_say(later) == [StoredCircuit("w1", "twilio", "open", later, later)]


def test_who_has_no_circuit_says_nothing():
    assert ProviderTally("w1").circuits_to_say(NOW) == []
