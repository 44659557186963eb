"""Authenticators and recovery codes: what is accepted once is so by one request alone."""

from __future__ import annotations

import pytest

from tests.factories.races import race
from tests.factories.stored import AT, add_user


@pytest.fixture
def user(database):
    return add_user(database)


def test_an_authenticator_takes_the_place_of_the_one_before(database, user):
    def write(unit):
        unit.factors.save_authenticator(user.id, "one", last_step=1, at=AT)
        unit.factors.save_authenticator(user.id, "two", last_step=2, at=AT)

    database.transact(write)
    found = database.read(lambda unit: unit.factors.authenticator(user.id))

    assert (found.sealed, found.last_step, found.added_at) == ("two", 2, AT)


def test_an_authenticator_is_removed_once(database, user):
    database.transact(lambda unit: unit.factors.save_authenticator(user.id, "one", last_step=1, at=AT))

    assert database.transact(lambda unit: unit.factors.remove_authenticator(user.id))
    assert not database.transact(lambda unit: unit.factors.remove_authenticator(user.id))


def test_a_step_is_accepted_once_and_none_before_it(database, user):
    database.transact(lambda unit: unit.factors.save_authenticator(user.id, "one", last_step=1, at=AT))

    accepted = race(lambda _: database.transact(lambda unit: unit.factors.accept_step(user.id, 7)), 12)

    assert accepted.count(True) == 1
    assert not database.transact(lambda unit: unit.factors.accept_step(user.id, 6))
    assert database.transact(lambda unit: unit.factors.accept_step(user.id, 8))


def test_a_secret_is_sealed_anew_where_it_is_still_the_same(database, user):
    database.transact(lambda unit: unit.factors.save_authenticator(user.id, "one", last_step=1, at=AT))
    database.transact(lambda unit: unit.factors.reseal(user.id, old="other", new="three"))
    database.transact(lambda unit: unit.factors.reseal(user.id, old="one", new="two"))

    assert database.read(lambda unit: unit.factors.authenticator(user.id)).sealed == "two"


def test_a_recovery_code_is_used_once(database, user):
    database.transact(lambda unit: unit.factors.replace_codes(user.id, ["a", "b"], AT))

    used = race(lambda _: database.transact(lambda unit: unit.factors.use_code(user.id, ("x", "a"), AT)), 12)

    assert used.count(True) == 1
    assert database.read(lambda unit: unit.factors.count_codes(user.id)) == 1


def test_new_recovery_codes_end_those_before(database, user):
    database.transact(lambda unit: unit.factors.replace_codes(user.id, ["a", "b"], AT))
    database.transact(lambda unit: unit.factors.replace_codes(user.id, ["c"], AT))

    assert not database.transact(lambda unit: unit.factors.use_code(user.id, ("a",), AT))
    assert database.read(lambda unit: unit.factors.count_codes(user.id)) == 1
