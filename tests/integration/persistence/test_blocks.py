"""Areas that are shut, the figures by which they are, and what is removed of both."""

from __future__ import annotations

from datetime import timedelta

from persistence.blocked_attempts import AttemptQuery, BlockedAttempt
from tests.factories.races import race
from tests.factories.stored import AT, new_id
from verification.conversion import BUCKET, Area, AreaKind, Block, Figures

HOUR = timedelta(hours=1)
LANKA, PREFIX = Area(AreaKind.COUNTRY, "LK"), Area(AreaKind.PREFIX, "+9471234")


def add_block(database, area=PREFIX, at=AT, hours=1):
    block = Block(new_id(), area, at, at + hours * HOUR, 0, 60, 1)
    database.transact(lambda unit: unit.blocks.add(block))
    return block


def shut(database, *areas, at=AT):
    return database.read(lambda unit: unit.send_marks.list((), areas, at)).blocked


def test_an_area_is_shut_until_its_block_ends(database):
    add_block(database)

    assert shut(database, PREFIX, LANKA) == {PREFIX.key}
    assert shut(database, PREFIX, LANKA, at=AT + HOUR) == frozenset()


def test_a_block_is_found_by_its_area_and_by_its_id(database):
    first = add_block(database, at=AT - 5 * HOUR)
    second = add_block(database)
    other = add_block(database, LANKA, hours=2)

    assert database.read(lambda unit: unit.blocks.find_latest(PREFIX)) == second
    assert database.read(lambda unit: unit.blocks.lookup(first.id)) == first
    assert database.read(lambda unit: unit.blocks.lookup("none")) is None
    assert database.read(lambda unit: unit.blocks.list_current(AT, 10)) == [second, other]


def test_a_block_is_lifted_once(database):
    block = add_block(database)

    def lift(_):
        return database.transact(lambda unit: unit.blocks.lift(block.id, "admin", AT))

    assert sum(race(lift, 4)) == 1
    assert shut(database, PREFIX) == frozenset()
    lifted = database.read(lambda unit: unit.blocks.lookup(block.id))
    assert (lifted.ends_at, lifted.lifted_by) == (AT, "admin")


def figures(database, first=AT - 2 * HOUR, last=AT + HOUR, fewest=1):
    return database.read(lambda unit: unit.conversions.list(first, last, fewest))


def test_codes_are_counted_by_area_whoever_counts(database):
    def act(number):
        database.transact(lambda unit: unit.conversions.count_sent([(LANKA, AT, 2), (PREFIX, AT, 1)], number % 3))
        database.transact(lambda unit: unit.conversions.count_verified([PREFIX, LANKA], AT, number % 2))

    race(act, 6)

    assert figures(database) == [Figures(LANKA, 12, 6), Figures(PREFIX, 6, 6)]
    assert figures(database, fewest=7) == [Figures(LANKA, 12, 6)]


def test_figures_are_those_of_a_span(database):
    for hours in (-3, -1, 0):
        sent = [(LANKA, AT + hours * HOUR, 1)]
        database.transact(lambda unit, sent=sent: unit.conversions.count_sent(sent, 0))

    assert figures(database, last=AT - HOUR) == [Figures(LANKA, 1, 0)]
    assert figures(database, first=AT - 5 * HOUR) == [Figures(LANKA, 3, 0)]


def test_no_areas_are_counted_nowhere(database):
    database.transact(lambda unit: unit.conversions.count_verified([], AT, 0))

    assert figures(database) == []


def test_figures_are_taken_once(database):
    database.transact(lambda unit: unit.conversions.count_sent([(LANKA, AT, 5), (LANKA, AT + BUCKET, 1)], 0))

    def take(_):
        return database.transact(lambda unit: unit.conversions.take(LANKA, AT))

    assert sum(race(take, 4)) == 1
    assert figures(database) == [Figures(LANKA, 1, 0)]


def test_old_figures_are_pruned(database):
    for hours in (-3, -2, 0):
        sent = [(LANKA, AT + hours * HOUR, 1)]
        database.transact(lambda unit, sent=sent: unit.conversions.count_sent(sent, 0))

    assert [database.transact(lambda unit: unit.conversions.prune(AT, 1)) for _ in range(3)] == [1, 1, 0]
    assert figures(database) == [Figures(LANKA, 1, 0)]


def attempt(minutes=0, country="LK", reason="country"):
    return BlockedAttempt(
        new_id(), AT + timedelta(minutes=minutes), "bob", "mobile", "***78", country, None, reason, "bob", "::1", "r1"
    )


def listed(database, before=None, limit=10, **wanted):
    return database.read(lambda unit: unit.blocked_attempts.list(AttemptQuery(**wanted), before=before, limit=limit))


def test_attempts_are_listed_newest_first_and_found_by_what_they_are(database):
    old, other, new = attempt(), attempt(5, "GB", "number_type"), attempt(10)
    for each in (old, other, new):
        database.transact(lambda unit, each=each: unit.blocked_attempts.add(each))

    assert listed(database) == [new, other, old]
    assert listed(database, country="LK") == [new, old]
    assert listed(database, reason="number_type") == [other]
    assert listed(database, since=other.at) == [new, other]
    assert listed(database, until=other.at) == [old]
    assert listed(database, before=(new.at, new.id), limit=1) == [other]
    assert listed(database, before=(new.at, new.id), country="LK") == [old]


def test_attempts_of_long_ago_are_pruned(database):
    for minutes in range(3):
        database.transact(lambda unit, minutes=minutes: unit.blocked_attempts.add(attempt(minutes)))

    def prune():
        return database.transact(lambda unit: unit.blocked_attempts.prune(AT + timedelta(minutes=2), 1))

    assert [prune(), prune(), prune()] == [1, 1, 0]
    assert len(listed(database)) == 1
