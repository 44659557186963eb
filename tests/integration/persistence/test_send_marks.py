"""Limits on sends hold whoever sends at the same moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persistence.errors import StaleVersion
from tests.factories.races import race
from tests.factories.stored import AT
from verification.errors import Limit
from verification.limits import Window
from verification.send_limits import HOUR, Budget, longest_wait

MINUTE = timedelta(minutes=1)


def budget(maximum, subject="+9471", limit=Limit.PREFIX):
    return Budget(Window(limit, HOUR, maximum), subject)


def send(database, *budgets, at=AT):
    """Count a send, and tell whether it was let pass."""
    try:
        database.transact(lambda unit: unit.send_marks.add(budgets, at))
    except StaleVersion:
        return False
    return True


def wait(database, *budgets, at=AT):
    marks = database.read(lambda unit: unit.send_marks.list(budgets)).marks
    found = longest_wait(budgets, marks, at)
    return found and found.seconds


def test_a_window_takes_its_maximum_and_no_more(database):
    three = budget(3)

    sent = [send(database, three, at=AT + number * MINUTE) for number in range(5)]

    assert sent == [True, True, True, False, False]
    assert wait(database, three, at=AT + 5 * MINUTE) == 55 * 60


def test_a_window_slides(database):
    two = budget(2)
    for minute in (0, 10):
        send(database, two, at=AT + minute * MINUTE)

    assert not send(database, two, at=AT + 59 * MINUTE)
    assert send(database, two, at=AT + 60 * MINUTE)
    assert not send(database, two, at=AT + 69 * MINUTE)
    assert wait(database, two, at=AT + 69 * MINUTE) == 60
    assert send(database, two, at=AT + 70 * MINUTE)


def test_where_one_limit_is_full_none_is_used(database):
    full, free = budget(1), budget(5, "LK", Limit.COUNTRY)
    send(database, full)

    assert not send(database, free, full)

    assert database.read(lambda unit: unit.send_marks.list([free])).marks == {}


def test_without_a_limit_nothing_is_counted(database):
    assert send(database)
    assert database.read(lambda unit: unit.send_marks.list([])).marks == {}


@pytest.mark.parametrize("maximum", [150, 1000])
def test_a_large_limit_is_never_exceeded_and_hardly_undercut(database, maximum):
    """Each mark stands for some sends, so that the row stays short."""
    large = budget(maximum)

    def fill(unit):
        for _ in range(large.grain * large.most):
            unit.send_marks.add((large,), AT)

    database.transact(fill)

    assert not send(database, large)
    marks = database.read(lambda unit: unit.send_marks.list([large])).marks[large.key]
    assert len(marks) == 13 * large.most
    assert send(database, large, at=AT + HOUR)


def test_a_row_keeps_no_more_marks_than_fill_it(database):
    two = budget(2)
    for hour in range(5):
        send(database, two, at=AT + hour * HOUR)

    (marks,) = database.read(lambda unit: unit.send_marks.list([two])).marks.values()
    assert len(marks) == 26


def test_a_smaller_maximum_holds_at_once(database):
    for minute in range(4):
        send(database, budget(10), at=AT + minute * MINUTE)

    assert not send(database, budget(2), at=AT + 61 * MINUTE)
    assert send(database, budget(2), at=AT + 62 * MINUTE)


def test_sends_at_once_get_no_more_than_the_maximum(database):
    """Half of them count for two limits, given in the order in which all lock their rows."""
    shared, other = budget(5), budget(100, "LK", Limit.COUNTRY)

    def act(number):
        return send(database, *((other, shared) if number % 2 else (shared,)))

    assert sum(race(act, 20)) == 5
    assert wait(database, shared) == 3600


def test_what_is_within_no_window_any_more_is_pruned_in_portions(database):
    for subject in ("a", "b", "c"):
        send(database, budget(5, subject))
    send(database, budget(5, "later"), at=AT + 5 * HOUR)

    def prune(at):
        return database.transact(lambda unit: unit.send_marks.prune(at, 2))

    assert prune(AT + HOUR) == 0
    assert [prune(AT + 2 * HOUR) for _ in range(3)] == [2, 1, 0]
    assert wait(database, budget(1, "later"), at=AT + 5 * HOUR) == 3600
