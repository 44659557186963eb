"""Verifications change only where they are as they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from persistence.errors import StaleVersion
from tests.factories.races import race
from tests.factories.stored import AT, add_user, add_verification, new_id, new_verification
from verification.verifications import Purpose, Scenario, Status

MINUTE = timedelta(minutes=1)


@pytest.fixture
def user(database):
    return add_user(database)


def test_a_verification_comes_back_as_it_was_added(database, user):
    added = add_verification(database, user.id)

    found = database.read(lambda unit: unit.verifications.lookup(added.id))

    assert found == added
    assert (found.target.text, found.locale) == ("0123 456789", "en")


def test_absent_values_come_back_absent(database, user):
    added = add_verification(database, user.id, pending_until=None, original_key=None, locale=None)

    assert database.read(lambda unit: unit.verifications.lookup(added.id)) == added


@pytest.mark.parametrize("unknown", ["x", "a\0b"])
def test_an_unknown_verification_is_not_found(database, unknown):
    assert database.read(lambda unit: unit.verifications.lookup(unknown)) is None


def test_the_live_one_of_a_user_and_purpose_is_found(database, user):
    add_verification(database, user.id, status=Status.APPROVED, ended_at=AT)
    live = add_verification(database, user.id)
    add_verification(database, add_user(database, "ann").id)

    found = database.read(
        lambda unit: (
            unit.verifications.find_live(user.id, Purpose.MOBILE),
            unit.verifications.list_live(user.id),
            unit.verifications.find_live(new_id(), Purpose.MOBILE),
        )
    )

    assert found == (live, [live], None)


def test_a_transition_is_written_where_nothing_has_changed(database, user):
    live = add_verification(database, user.id)
    approved = live.approve(AT + MINUTE)

    assert database.transact(lambda unit: unit.verifications.save(approved, expected=live)) is True

    assert database.read(lambda unit: unit.verifications.lookup(live.id)) == approved
    assert database.read(lambda unit: unit.verifications.find_live(user.id, Purpose.MOBILE)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.CANCELED, "ended_at": AT},
        {"generation": 2},
        {"attempts": 1},
    ],
    ids=["status", "generation", "attempts"],
)
def test_a_transition_from_another_state_is_not_written(database, user, change):
    live = add_verification(database, user.id)
    other = replace(live, **change)
    database.transact(lambda unit: unit.verifications.save(other, expected=live))

    written = database.transact(lambda unit: unit.verifications.save(live.approve(AT), expected=live))

    assert written is False
    assert database.read(lambda unit: unit.verifications.lookup(live.id)) == other


def test_a_transition_put_off_to_the_commit_fails_there(database, user):
    live = add_verification(database, user.id)
    database.transact(lambda unit: unit.verifications.save_or_fail(live.cancel(AT), expected=live))

    with pytest.raises(StaleVersion):
        database.transact(lambda unit: unit.verifications.save_or_fail(live.approve(AT), expected=live))

    assert database.read(lambda unit: unit.verifications.lookup(live.id)).status is Status.CANCELED


def test_another_one_may_start_in_the_work_that_ends_the_first(database, user):
    live, following = add_verification(database, user.id), new_verification(user.id)

    def work(unit):
        unit.verifications.save_or_fail(live.supersede(AT), expected=live)
        unit.verifications.add(following)

    database.transact(work)

    assert database.read(lambda unit: unit.verifications.list_live(user.id)) == [following]


def test_of_verifications_added_at_the_same_moment_one_lives(database, user):
    """The others find it when their work is done again."""

    def start(_):
        mine = new_verification(user.id)

        def work(unit):
            live = unit.verifications.find_live(user.id, Purpose.MOBILE)
            if live is None:
                unit.verifications.add(mine)
            return live or mine

        return database.transact(work).id

    winners = race(start, 8)

    live = database.read(lambda unit: unit.verifications.list_live(user.id))
    assert [item.id for item in live] == list(set(winners))


@pytest.mark.parametrize("maximum", [1, 5])
def test_no_more_attempts_are_counted_than_there_are(database, user, maximum):
    """Fifty parallel guesses give at most the maximum of comparisons."""
    live = add_verification(database, user.id)

    counted = race(lambda _: database.transact(lambda unit: unit.verifications.count_attempt(live.id, maximum)), 50)

    assert sorted(item.attempts for item in counted if item is not None) == list(range(1, maximum + 1))
    assert database.read(lambda unit: unit.verifications.lookup(live.id)).attempts == maximum


def test_without_a_maximum_every_attempt_is_counted(database, user):
    live = add_verification(database, user.id)

    counted = [database.transact(lambda unit: unit.verifications.count_attempt(live.id, 0)).attempts for _ in range(3)]

    assert counted == [1, 2, 3]


def test_no_attempt_is_counted_on_what_has_ended(database, user):
    ended = add_verification(database, user.id, status=Status.CANCELED, ended_at=AT)

    assert database.transact(lambda unit: unit.verifications.count_attempt(ended.id, 5)) is None


def test_live_codes_are_found_by_kid_and_digest(database, user):
    other = add_user(database, "ann")
    mine = add_verification(database, user.id, digest="same", kid="k1")
    same = add_verification(database, other.id, digest="same", kid="k1")
    add_verification(database, add_user(database, "cat").id, digest="same", kid="k2")
    add_verification(database, user.id, digest="same", kid="k1", status=Status.EXPIRED, ended_at=AT)

    def find(*digests, purposes=(Purpose.MOBILE,)):
        return database.read(lambda unit: unit.verifications.find_live_by_digest(digests, purposes))

    assert {item.id for item in find(("k1", "same"))} == {mine.id, same.id}
    assert len(find(("k1", "same"), ("k2", "same"))) == 3
    assert find(("k1", "other")) == []
    assert find() == []
    assert find(("k1", "same"), purposes=()) == []


def test_those_that_have_waited_too_long_are_listed(database, user):
    waited = add_verification(database, user.id, pending_until=AT)
    add_verification(database, add_user(database, "ann").id, pending_until=AT + MINUTE)
    add_verification(database, add_user(database, "cat").id, pending_until=None)

    assert database.read(lambda unit: unit.verifications.list_lapsed(AT, 10)) == [waited]


def test_those_without_attempts_left_are_listed_where_there_is_a_maximum(database, user):
    used_up = add_verification(database, user.id, attempts=5)
    both = add_verification(database, add_user(database, "ann").id, attempts=5, pending_until=AT)

    def listed(limit, maximum):
        return database.read(lambda unit: unit.verifications.list_lapsed(AT, limit, max_attempts=maximum))

    assert {item.id for item in listed(10, 5)} == {both.id, used_up.id}
    assert listed(10, 6) == [both]
    assert listed(1, 5) == [both]


def test_every_changing_value_is_written(database, user):
    live = add_verification(database, user.id)
    changed = replace(
        live,
        scenario=Scenario.MOBILE_ON_LIST_UPDATE,
        kid="k2",
        digest="another",
        generation=2,
        attempts=1,
        sends=2,
        sent_at=AT + MINUTE,
        expires_at=AT + 6 * MINUTE,
        pending_until=None,
        original_key=None,
    )

    database.transact(lambda unit: unit.verifications.save(changed, expected=live))

    assert database.read(lambda unit: unit.verifications.lookup(live.id)) == changed


def test_the_verifications_of_a_user_go_with_the_user(database, user):
    live = add_verification(database, user.id)

    database.transact(lambda unit: unit.resources.remove(user))

    assert database.read(lambda unit: unit.verifications.lookup(live.id)) is None
