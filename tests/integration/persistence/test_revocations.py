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

    assert since(database, AT - SECOND) == [("bob", AT, AT, None), ("ann", AT, AT + 2 * SECOND, None)]
    assert since(database, AT) == [("ann", AT, AT + 2 * SECOND, None)]


def test_a_later_revocation_takes_the_place_of_the_earlier(database):
    add(database, "bob", AT, AT)
    add(database, "bob", AT + SECOND, AT + SECOND)

    assert since(database, AT - SECOND) == [("bob", AT + SECOND, AT + SECOND, None)]


def test_an_earlier_revocation_that_arrives_late_opens_nothing_again(database):
    add(database, "bob", AT + SECOND, AT)
    add(database, "bob", AT, AT + 2 * SECOND)

    assert since(database, AT) == [("bob", AT + SECOND, AT + 2 * SECOND, None)]


def test_a_revocation_goes_when_the_last_of_its_tokens_has_expired(database):
    database.transact(lambda unit: unit.revocations.add("token", AT, AT, AT + SECOND))
    add(database, "bob", AT, AT)

    pruned = [database.transact(lambda unit, at=at: unit.revocations.prune(at, 100)) for at in (AT, AT + SECOND)]

    assert pruned == [0, 1]
    assert since(database, AT - SECOND) == [("bob", AT, AT, None)]


def test_a_revocation_that_is_to_stay_stays(database):
    add(database, "bob", AT, AT)
    database.transact(lambda unit: unit.revocations.add("bob", AT, AT, AT + SECOND))
    for expires_at in (AT + 3 * SECOND, AT + 2 * SECOND):
        database.transact(lambda unit, expires_at=expires_at: unit.revocations.add("grant", AT, AT, expires_at))

    assert {row.subject: row.expires_at for row in since(database, AT - SECOND)} == {
        "bob": None,
        "grant": AT + 3 * SECOND,
    }
