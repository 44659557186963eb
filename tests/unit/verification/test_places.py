"""Where a request comes from, as far as it may be remembered."""

from __future__ import annotations

import pytest

from tests.factories.verification import key_ring
from verification.places import keyed, place_of, source_of

RING = key_ring("k1")


@pytest.mark.parametrize(
    ("ip", "source"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("a name", ""),
        (None, ""),
    ],
)
def test_a_source_is_an_address_or_a_subscribers_network(ip, source):
    assert source_of(ip) == source


def test_place_is_a_network_with_a_browser():
    here = place_of(RING, "192.0.2.7", "Browser 1")

    assert place_of(RING, "192.0.2.200", "Browser 1") == here
    assert place_of(RING, "192.0.3.7", "Browser 1") != here
    assert place_of(RING, "192.0.2.7", "Browser 2") != here


@pytest.mark.parametrize(("ip", "agent"), [(None, "Browser"), ("192.0.2.7", None), ("192.0.2.7", ""), ("", "Browser")])
def test_half_a_place_is_none(ip, agent):
    assert place_of(RING, ip, agent) is None


def test_digests_of_different_kinds_differ():
    assert keyed(RING, "a", "text") != keyed(RING, "b", "text")
    assert keyed(RING, "a", "text") != keyed(key_ring("k2"), "a", "text")
    assert "text" not in keyed(RING, "a", "text")
