"""Whoever listens to a database is told what has been put on record, once and when it is committed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persistence.database import Database
from persistence.errors import WriteConflict
from tests.factories.breaking import BreakingWay, Moment
from tests.factories.stored import AT, new_event


def listening(url, **options):
    """Open a database, and return it with the list of what its listener is told."""
    heard = []
    return Database.open(url, on_record=lambda events: heard.append([event.id for event in events]), **options), heard


@pytest.fixture
def told(database):
    """Listen to an empty database."""
    listener, heard = listening(database.url.render_as_string(hide_password=False))
    yield listener, heard
    listener.close()


def test_events_are_told_together_when_they_are_committed(told):
    database, heard = told
    first, second = new_event(), new_event()

    def work(unit):
        unit.audit.add(first)
        unit.audit.add(second)
        assert heard == []

    database.transact(work)

    assert heard == [[first.id, second.id]]


def test_what_is_taken_back_is_not_told(told):
    database, heard = told

    def work(unit):
        unit.audit.add(new_event())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.transact(work)
    assert heard == []


def test_work_that_is_done_again_is_told_once(told):
    database, heard = told
    attempts = iter([WriteConflict(), None])
    last = []

    def work(unit):
        event = new_event()
        last[:] = [event.id]
        unit.audit.add(event)
        if (error := next(attempts)) is not None:
            raise error

    database.transact(work)

    assert heard == [last]


def test_work_that_puts_nothing_on_record_is_not_told(told):
    database, heard = told

    database.transact(lambda unit: unit.limits.add("hourly", "bob", new_event().at))

    assert heard == []


@pytest.mark.parametrize("moment", Moment)
def test_a_commit_whose_answer_is_lost_is_told_once(postgresql_server, postgresql_url, moment):
    with BreakingWay(postgresql_server) as way:
        database, heard = listening(way.url(postgresql_url))
        way.break_at_commit(moment)

        database.transact(lambda unit: unit.audit.add(new_event()))

        (stored,) = database.read(lambda unit: unit.audit.list(AT + timedelta(days=1)))
        database.close()
    assert heard == [[stored.id]]
