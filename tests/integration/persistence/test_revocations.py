"""A revocation is told to whoever asks what has changed."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.stored import AT

SECOND = timedelta(seconds=1)


def add(database, subject, valid_after, recorded_at):
    database.transact(lambda unit: unit.revocations.add(subject, valid_after, recorded_at))


def since(database, moment):
    return database.read(lambda unit: unit.revocations.list_since(moment))


def test_what_was_recorded_since_a_moment_is_listed(database):
    add(database, "bob", AT, AT)
    add(database, "ann", AT, AT + 2 * SECOND)

    assert since(database, AT - SECOND) == [("bob", AT, AT), ("ann", AT, AT + 2 * SECOND)]
    assert since(database, AT) == [("ann", AT, AT + 2 * SECOND)]


def test_a_later_revocation_takes_the_place_of_the_earlier(database):
    add(database, "bob", AT, AT)
    add(database, "bob", AT + SECOND, AT + SECOND)

    assert since(database, AT - SECOND) == [("bob", AT + SECOND, AT + SECOND)]


def test_an_earlier_revocation_that_arrives_late_opens_nothing_again(database):
    add(database, "bob", AT + SECOND, AT)
    add(database, "bob", AT, AT + 2 * SECOND)

    assert since(database, AT) == [("bob", AT + SECOND, AT + 2 * SECOND)]
