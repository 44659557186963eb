"""Figures of what is sent and what comes back, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from persistence.statistics import CallCount, DeliveryCount, FailureCount, Step, StoredCircuit, VerificationCount
from tests.factories.stored import AT, add_delivery, add_user, add_verification
from verification.conversion import Area, AreaKind
from verification.delivery import DeliveryStatus
from verification.verifications import Status

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LANKA, PREFIX = Area(AreaKind.COUNTRY, "LK"), Area(AreaKind.PREFIX, "+9471234")


def add_code(database, at, provider=None, **changes):
    user = add_user(database, f"user {at} {provider}")
    verification = add_verification(
        database, user.id, created_at=at, status=Status.APPROVED, ended_at=at + timedelta(minutes=1)
    )
    delivery = add_delivery(database, verification, at)
    settled = replace(delivery, provider=provider, settled_at=at, **changes)
    claimed = database.transact(lambda unit: unit.deliveries.claim(at, f"token {delivery.id}", DAY, 10))
    assert len(claimed) == 1
    assert database.transact(lambda unit: unit.deliveries.settle(f"token {delivery.id}", settled))


def test_codes_are_counted_by_the_hour_and_by_the_day(database):
    late = AT.replace(hour=23, minute=59)
    add_code(database, AT + timedelta(minutes=59), "twilio", status=DeliveryStatus.SENT)
    add_code(database, late, "twilio", status=DeliveryStatus.DELIVERED)
    add_code(database, late + timedelta(minutes=1), status=DeliveryStatus.FAILED, reason="number barred")
    until = AT + 3 * DAY

    def read(ask):
        return database.read(lambda unit: ask(unit.statistics))

    midnight = AT.replace(hour=0)
    assert sorted(read(lambda found: found.of_verifications(Step.DAY, AT, until)), key=lambda each: each.at) == [
        VerificationCount(midnight, Status.APPROVED, 2),
        VerificationCount(midnight + DAY, Status.APPROVED, 1),
    ]
    assert sorted(read(lambda found: found.of_deliveries(Step.HOUR, AT, until)), key=lambda each: each.at) == [
        DeliveryCount(AT, True, "twilio", DeliveryStatus.SENT, 1),
        DeliveryCount(late.replace(minute=0), True, "twilio", DeliveryStatus.DELIVERED, 1),
        DeliveryCount(midnight + DAY, True, None, DeliveryStatus.FAILED, 1),
    ]
    assert read(lambda found: found.of_failures(AT, until)) == [FailureCount("number barred", None, 1)]
    assert read(lambda found: found.of_failures(AT, AT + HOUR)) == []
    assert read(lambda found: found.of_deliveries(Step.DAY, AT + 2 * DAY, until)) == []


def countries(database, since):
    return database.read(lambda unit: unit.statistics.of_countries(since))


def test_figures_of_countries_outlive_the_judgement(database):
    sent = [(LANKA, AT, 5), (LANKA, AT + timedelta(minutes=10), 1), (PREFIX, AT, 6), (LANKA, AT + 2 * HOUR, 2)]
    database.transact(lambda unit: unit.conversions.count_sent(sent, 0))
    database.transact(lambda unit: unit.conversions.count_verified([LANKA, PREFIX], AT, 3))
    before = countries(database, AT)

    removed = database.transact(lambda unit: unit.conversions.prune(AT + HOUR, 100))

    assert removed == 5
    assert before == countries(database, AT) == {"LK": (8, 1)}
    assert countries(database, AT + HOUR) == {"LK": (2, 0)}
    assert database.transact(lambda unit: unit.conversions.take(LANKA, AT + 3 * HOUR))
    assert countries(database, AT) == {"LK": (8, 1)}


def test_calls_are_added_up(database):
    calls = [CallCount("vonage", "accepted", 1, 10), CallCount("twilio", "refused", 2, 30)]
    for hours in (0, 0, 1):
        database.transact(lambda unit, at=AT + hours * HOUR: unit.provider_figures.count_calls(at, calls))

    def found(since):
        return sorted(database.read(lambda unit: unit.statistics.of_calls(since)), key=lambda call: call.provider)

    assert found(AT) == [CallCount("twilio", "refused", 6, 90), CallCount("vonage", "accepted", 3, 30)]
    assert found(AT + 2 * HOUR) == []
    assert found(AT + HOUR)[0].count == 2


def test_the_last_word_of_a_worker_counts(database):
    first = StoredCircuit("w1", "twilio", "closed", AT, AT)
    other = StoredCircuit("w2", "twilio", "closed", AT, AT + HOUR)
    last = StoredCircuit("w1", "twilio", "open", AT + HOUR, AT + HOUR)
    for said in ([first], [last, other]):
        database.transact(lambda unit, said=said: unit.provider_figures.save_circuits(said))

    assert database.read(lambda unit: unit.statistics.circuits(AT + HOUR)) == [last, other]
    assert database.read(lambda unit: unit.statistics.circuits(AT + 2 * HOUR)) == []


def test_what_is_no_longer_shown_is_pruned(database):
    database.transact(lambda unit: unit.provider_figures.count_calls(AT, [CallCount("twilio", "refused", 2, 30)]))
    database.transact(lambda unit: unit.provider_figures.save_circuits([StoredCircuit("w1", "twilio", "open", AT, AT)]))
    database.transact(lambda unit: unit.conversions.count_sent([(LANKA, AT, 5)], 0))
    database.transact(lambda unit: unit.conversions.prune(AT + HOUR, 10))

    def prune(before):
        return database.transact(lambda unit: unit.provider_figures.prune(before, 10))

    assert [prune(AT), prune(AT + HOUR), prune(AT + HOUR)] == [0, 3, 0]
    assert countries(database, AT) == {}
