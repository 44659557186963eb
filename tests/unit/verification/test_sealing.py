"""Sealed secrets open for their owner alone, and with a key that is in the ring."""

from __future__ import annotations

import pytest

from tests.factories.verification import key_ring
from verification import sealing
from verification.errors import SealBroken, UnknownKey

RING = key_ring("k1")
SECRET = b"twenty secret bytes."


def test_what_is_sealed_is_opened():
    sealed = sealing.seal(RING, SECRET, "bob")

    assert sealing.unseal(RING, sealed, "bob") == SECRET
    assert SECRET not in sealed.encode()
    assert sealing.seal(RING, SECRET, "bob") != sealed


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sealed: sealed[:-4] + "AAAA", id="changed"),
        pytest.param(lambda sealed: sealed[:12], id="cut off"),
        pytest.param(lambda sealed: sealed + "!", id="no base64"),
        pytest.param(lambda _: "k1:", id="empty"),
    ],
)
def test_what_was_changed_is_not_opened(change):
    with pytest.raises(SealBroken):
        sealing.unseal(RING, change(sealing.seal(RING, SECRET, "bob")), "bob")


def test_another_owner_opens_nothing():
    with pytest.raises(SealBroken):
        sealing.unseal(RING, sealing.seal(RING, SECRET, "bob"), "eve")


def test_without_its_key_it_stays_shut():
    with pytest.raises(UnknownKey):
        sealing.unseal(key_ring("k2"), sealing.seal(RING, SECRET, "bob"), "bob")


def test_key_it_is_under_is_told():
    sealed = sealing.seal(RING, SECRET, "bob")

    assert sealing.is_under_first_key(RING, sealed)
    assert not sealing.is_under_first_key(key_ring("k2", "k1"), sealed)
