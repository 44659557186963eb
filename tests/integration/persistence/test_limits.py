"""Events of a subject are counted by one at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.races import race
from tests.factories.stored import AT
from verification.errors import Limit

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def add(database, *minutes, subject="bob", limit=Limit.HOURLY):
    for count in minutes:
        database.transact(lambda unit, count=count: unit.limits.add(limit, subject, AT + count * MINUTE))


def nth_latest(database, n, *, since=AT - HOUR, subject="bob", limit=Limit.HOURLY):
    return database.read(lambda unit: unit.limits.nth_latest(limit, subject, n, since))


def test_events_are_counted_from_the_latest(database):
    add(database, 1, 3, 2)

    assert [nth_latest(database, n) for n in (1, 2, 3)] == [AT + 3 * MINUTE, AT + 2 * MINUTE, AT + MINUTE]
    assert nth_latest(database, 4) is None


def test_an_event_that_has_left_the_window_does_not_count(database):
    add(database, 1, 2)

    assert nth_latest(database, 1, since=AT + MINUTE) == AT + 2 * MINUTE
    assert nth_latest(database, 2, since=AT + MINUTE) is None


def test_subjects_and_limits_are_counted_apart(database):
    add(database, 1)

    assert nth_latest(database, 1, subject="ann") is None
    assert nth_latest(database, 1, limit=Limit.DAILY) is None


def test_events_of_one_moment_all_count(database):
    add(database, 1, 1, 1)

    assert nth_latest(database, 3) == AT + MINUTE


def test_an_event_with_a_key_counts_once(database):
    for _ in range(2):
        database.transact(lambda unit: unit.limits.add(Limit.HOURLY, "bob", AT, "v1/1"))

    assert nth_latest(database, 1) == AT
    assert nth_latest(database, 2) is None


def test_who_holds_a_subject_counts_alone(database):
    maximum = 5

    def act(_):
        def work(unit):
            unit.limits.hold("bob")
            if unit.limits.nth_latest(Limit.HOURLY, "bob", maximum, AT - HOUR) is not None:
                return False
            unit.limits.add(Limit.HOURLY, "bob", AT)
            return True

        return database.transact(work)

    assert sum(race(act, 20)) == maximum


def test_old_events_are_pruned_in_portions(database):
    add(database, 1, 2, 3)
    database.transact(lambda unit: unit.limits.hold("bob"))
    database.transact(lambda unit: unit.limits.hold("ann"))

    def prune():
        return database.transact(lambda unit: unit.limits.prune(AT + 2 * MINUTE, 1))

    assert [prune(), prune(), prune()] == [1, 1, 0]
    assert nth_latest(database, 1) == AT + 3 * MINUTE


@pytest.mark.parametrize("again", [False, True])
def test_a_pruned_subject_can_be_held_again(database, again):
    database.transact(lambda unit: unit.limits.hold("bob"))
    if again:
        database.transact(lambda unit: unit.limits.prune(AT, 10))

    assert database.transact(lambda unit: unit.limits.hold("bob")) is None
