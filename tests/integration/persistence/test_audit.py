"""The audit trail keeps what was put on record, newest first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.stored import AT, add_user, new_event

SECOND = timedelta(seconds=1)
LATER = AT + timedelta(hours=1)


def record(database, *events):
    def work(unit):
        for event in events:
            unit.audit.add(event)

    database.transact(work)


def test_an_event_comes_back_as_it_was_put_on_record(database):
    event = new_event("bob", detail={"target": "********89", "attempts": 1})
    bare = new_event(actor=None, request_id=None, ip=None, at=AT - SECOND)
    record(database, event, bare)

    assert database.read(lambda unit: unit.audit.list(LATER)) == (event, bare)


def test_the_events_of_one_subject_are_listed_apart(database):
    mine, other = new_event("bob"), new_event("ann")
    record(database, mine, other)

    assert database.read(lambda unit: unit.audit.list(LATER, subject_id="bob")) == (mine,)


def test_a_list_has_what_has_all_that_is_given(database):
    both = new_event("bob", event="b", actor="ann", at=AT)
    record(database, both, new_event("bob", event="b", at=AT), new_event("bob", event="c", actor="ann", at=AT))

    found = database.read(lambda unit: unit.audit.list(event="b", actor="ann"))
    none = database.read(lambda unit: unit.audit.list(event="b", actor="ann", since=AT + SECOND))
    at_once = database.read(lambda unit: unit.audit.list(event="b", actor="ann", since=AT))

    assert (found, none, at_once) == ((both,), (), (both,))


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_what_no_database_can_hold_is_not_on_record(database, text):
    record(database, new_event("bob"))

    assert database.read(lambda unit: unit.audit.list(subject_id=text)) == ()


def test_a_list_goes_on_behind_its_last_event(database):
    events = sorted((new_event(at=AT) for _ in range(5)), key=lambda event: event.id, reverse=True)
    record(database, *events)

    first = database.read(lambda unit: unit.audit.list(LATER, limit=2))
    rest = database.read(lambda unit: unit.audit.list(first[-1].at, before_id=first[-1].id))

    assert [*first, *rest] == events


def test_the_same_event_is_put_on_record_once(database):
    event = new_event()
    record(database, event)
    record(database, event)

    assert database.read(lambda unit: unit.audit.list(LATER)) == (event,)


def test_nothing_is_on_record_of_what_was_taken_back(database):
    def work(unit):
        unit.audit.add(new_event())
        raise LookupError

    with pytest.raises(LookupError):
        database.transact(work)

    assert database.read(lambda unit: unit.audit.list(LATER)) == ()


def test_the_trail_outlives_its_subject(database):
    user = add_user(database)
    event = new_event(user.id)
    record(database, event)

    database.transact(lambda unit: unit.resources.remove(user))

    assert database.read(lambda unit: unit.audit.list(LATER, subject_id=user.id)) == (event,)
