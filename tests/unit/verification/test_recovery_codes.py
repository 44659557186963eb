"""Recovery codes: long, random, and found again only with their owner and their key."""

from __future__ import annotations

import math

from tests.factories.verification import key_ring
from verification.codes import ALPHANUMERICS
from verification.recovery_codes import COUNT, LENGTH, digest_of, digests_of, new_codes

RING = key_ring("k2", "k1")
CODE = "BCDF-GH23-JKLM-4567"


def test_a_set_is_ten_codes_of_sixtyfour_bits_or_more():
    codes = new_codes()

    assert len(set(codes)) == COUNT == 10
    assert {len(code.replace("-", "")) for code in codes} == {LENGTH}
    assert LENGTH * math.log2(len(ALPHANUMERICS)) >= 64


def test_codes_are_drawn_letter_by_letter():
    drawn = iter("BCDF" * 40)

    assert new_codes(lambda _: next(drawn))[0] == "BCDF-BCDF-BCDF-BCDF"


def test_a_code_is_found_however_it_is_written():
    kept = digest_of(RING, "k1", "bob", CODE)

    assert kept in digests_of(RING, "bob", " bcdf gh23jklm-4567 ")


def test_a_code_is_its_owners_alone():
    assert digest_of(RING, "k1", "bob", CODE) != digest_of(RING, "k1", "eve", CODE)
    assert digest_of(RING, "k1", "bob", CODE) != digest_of(RING, "k2", "bob", CODE)


def test_what_is_no_code_is_not_looked_for():
    assert digests_of(RING, "bob", "BCDF-GH23-JKLM") == ()
    assert digests_of(RING, "bob", "B" * 100) == ()
