"""How long an invitation is good, for whom, and the link that it comes with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT, key_ring
from verification.addresses import stored_address
from verification.errors import UnknownKey
from verification.invitations import Invitation, invitation_token
from verification.notices import revert_token

HOUR = timedelta(hours=1)
BOB = stored_address("bob@example.com")


def invitation():
    return Invitation("user-1", BOB.key, "digest", MOMENT, MOMENT + HOUR)


@pytest.mark.parametrize(
    ("address", "span", "is_good"),
    [
        (BOB, timedelta(0), True),
        (BOB, HOUR - timedelta(milliseconds=1), True),
        (BOB, HOUR, False),
        (stored_address("bob@EXAMPLE.com"), timedelta(0), True),
        (stored_address("ben@example.com"), timedelta(0), False),
        (None, timedelta(0), False),
    ],
)
def test_an_invitation_is_good_for_a_while_and_for_one_address(address, span, is_good):
    assert invitation().is_good(address, MOMENT + span) is is_good


def test_an_invitation_shows_neither_address_nor_digest():
    assert "bob@" not in repr(invitation())
    assert "digest'" not in repr(invitation())


def test_every_retry_has_the_same_token_and_no_other_notice_has_it():
    ring = key_ring("k1", "k2")
    token = invitation_token(ring, "k1", "notice-1")

    assert token == invitation_token(ring, "k1", "notice-1")
    assert len(token) == 43
    others = {
        invitation_token(ring, "k1", "notice-2"),
        invitation_token(ring, "k2", "notice-1"),
        revert_token(ring, "k1", "notice-1"),
    }
    assert token not in others


def test_a_key_that_is_gone_makes_no_link():
    with pytest.raises(UnknownKey):
        invitation_token(key_ring("k1"), "k2", "notice-1")
