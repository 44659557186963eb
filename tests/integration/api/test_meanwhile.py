"""Somebody else changes a user between the moment a request reads it and the moment it is decided."""

from __future__ import annotations

import pytest

from api.services.callers import Caller
from scim.patch_request import read_patch
from tests.factories.people import ANN, DAN, EVE, add_person
from tests.factories.servers import PATCH_SCHEMA


def ask_for(user, number, meanwhile):
    """Ask for a number; the user has been read when the other act comes in between, once."""
    acts = [meanwhile]
    value = {"phoneNumbers": [{"type": "mobile", "value": number}]}
    operations = read_patch({"schemas": [PATCH_SCHEMA], "Operations": [{"op": "replace", "value": value}]})
    caller = Caller(subject=user.id, user_id=user.id, request_id="a-request")
    users = user.application.services.resources.users
    return users.patch(user.id, operations, caller, lambda _: acts.pop()() if acts else None)


@pytest.mark.parametrize("asked", [DAN, EVE], ids=["the first number again", "another number"])
def test_what_is_shown_as_pending_is_what_is_verified(bob, asked):
    bob.send(p=DAN)

    ask_for(bob, asked, lambda: bob.send(p=EVE))

    assert bob.numbers().pending == bob.live().target.text == asked
    assert bob.validate(bob.application.last_code()).status_code == 200
    assert bob.numbers().primary == asked


def test_a_change_that_shows_nothing_new_keeps_the_version(start):
    """The code in hand has expired: the next one is sent, and the document stays as it is."""
    bob = add_person(start(), p=ANN)
    bob.send(p=DAN)
    bob.application.deliver()
    version = bob.version()
    bob.application.clock.move(minutes=5)

    bob.send(p=DAN)

    assert (bob.version(), bob.live().generation) == (version, 2)


def test_a_code_sent_again_does_not_outlive_a_change_that_came_before(bob):
    bob.send(p=DAN)
    bob.application.deliver()
    bob.application.clock.move(minutes=5)

    ask_for(bob, DAN, lambda: bob.send(p=""))

    assert bob.numbers().primary is None
    assert bob.numbers().pending == bob.live().target.text == DAN
