"""Policies of second factors, places of sign-ins, and guesses that are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from persistence.sign_ins import CLIENT, USER
from tests.factories.stored import AT, add_user
from verification.errors import Limit
from verification.factors import MfaPolicy


@pytest.fixture
def user(database):
    return add_user(database)


def test_policies_are_the_clients_and_the_users(database, user):
    def write(unit):
        unit.sign_ins.set_policy(CLIENT, "shop", MfaPolicy.OFF)
        unit.sign_ins.set_policy(CLIENT, "shop", MfaPolicy.RISKY)
        unit.sign_ins.set_policy(USER, user.id, MfaPolicy.ON)
        unit.sign_ins.set_policy(USER, "shop", MfaPolicy.OFF)

    database.transact(write)

    assert database.read(lambda unit: unit.sign_ins.policies("shop", user.id)) == {
        CLIENT: MfaPolicy.RISKY,
        USER: MfaPolicy.ON,
    }
    assert database.read(lambda unit: unit.sign_ins.policies(None, "nobody")) == {}


def test_place_is_known_by_its_last_sign_in(database, user):
    database.transact(lambda unit: unit.sign_ins.see(user.id, "here", AT))
    database.transact(lambda unit: unit.sign_ins.see(user.id, "here", AT + timedelta(days=1)))

    assert database.read(lambda unit: unit.sign_ins.seen_at(user.id, "here")) == AT + timedelta(days=1)
    assert database.read(lambda unit: unit.sign_ins.seen_at(user.id, "there")) is None


def test_places_are_forgotten(database, user):
    database.transact(lambda unit: unit.sign_ins.see(user.id, "here", AT))

    assert database.transact(lambda unit: unit.sign_ins.prune(AT - timedelta(seconds=1), 10)) == 0
    assert database.transact(lambda unit: unit.sign_ins.prune(AT, 10)) == 1


def test_an_event_that_is_taken_back_does_not_count(database):
    database.transact(lambda unit: [unit.limits.add(Limit.SIGN_IN, "bob", AT, key) for key in ("a", "b")])
    database.transact(lambda unit: unit.limits.remove(Limit.SIGN_IN, "bob", AT, "a"))

    def nth(n):
        return database.read(lambda unit: unit.limits.nth_latest(Limit.SIGN_IN, "bob", n, AT - timedelta(1)))

    assert (nth(1), nth(2)) == (AT, None)
