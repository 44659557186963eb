"""Codes are derived, compared and looked up without ever being stored."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.verification import key_ring
from verification import codes
from verification.codes import KeyRing, Label
from verification.errors import InvalidKeys, UnknownKey
from verification.policy import Alphabet, OtpRules

FIELDS = {
    "kid": "k1",
    "purpose": "mobile",
    "verification_id": "verification-1",
    "target_key": "+12025550123",
    "generation": 1,
}
LETTERS = OtpRules(alphabet=Alphabet.ALPHANUMERIC)
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(32, 64))).decode()
URL_SAFE = base64.urlsafe_b64encode(b"\xff\xfe" * 16).decode()


def _code(rules=None, ring=None, **changes):
    return codes.code_for(ring or key_ring("k1", "k2"), rules or OtpRules(), **{**FIELDS, **changes})


def test_a_code_is_the_hotp_of_a_keyed_secret_at_its_generation():
    """Computed here once more, from nothing but the standard library and RFC 4226's reference code."""
    ring = key_ring()
    pseudorandom = hmac.digest(bytes(32), b"k1".ljust(32, b"."), hashlib.sha256)  # RFC 5869 §2.2, no salt
    code_key = hmac.digest(pseudorandom, b"code\x01", hashlib.sha256)  # RFC 5869 §2.3, one block
    signed = b"\0\0\0\x06mobile\0\0\0\x0everification-1\0\0\0\x0c+12025550123"
    secret = base64.b32encode(hmac.digest(code_key, signed, hashlib.sha256)).decode()

    assert _code(ring=ring, generation=3) == pyotp.HOTP(secret).at(3)


def test_a_code_is_always_the_same():
    assert _code() == _code()


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "k2"},
        {"purpose": "email"},
        {"verification_id": "verification-2"},
        {"target_key": "+12025550124"},
        {"generation": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_makes_another_code(change):
    assert _code(OtpRules(length=8), **change) != _code(OtpRules(length=8))


def test_fields_do_not_run_into_each_other():
    first = _code(OtpRules(length=8), verification_id="ab", target_key="c")
    second = _code(OtpRules(length=8), verification_id="a", target_key="bc")

    assert first != second


@pytest.mark.parametrize("length", [6, 7, 8])
def test_a_numeric_code_has_its_length_in_digits(length):
    found = [_code(OtpRules(length=length), generation=g) for g in range(1, 200)]

    assert all(len(code) == length and code.isascii() and code.isdigit() for code in found)


def test_a_numeric_code_may_begin_with_zero():
    assert any(_code(generation=g).startswith("0") for g in range(1, 200))


@pytest.mark.parametrize("length", [6, 7, 8])
def test_an_alphanumeric_code_has_its_length_in_letters_nobody_misreads(length):
    rules = OtpRules(length=length, alphabet=Alphabet.ALPHANUMERIC)
    found = [_code(rules, generation=g) for g in range(1, 200)]

    assert all(len(code) == length and set(code) <= set(codes.ALPHANUMERICS) for code in found)
    assert not set(codes.ALPHANUMERICS) & set("0O1IAEU")


def test_an_alphanumeric_code_is_its_own_for_each_generation():
    assert len({_code(LETTERS, generation=g) for g in range(1, 200)}) == 199


def test_letters_are_drawn_evenly():
    """200,000 letters of 28: each comes within 5 % of its share."""
    drawn = codes._letters(b"secret", 1)
    counts = dict.fromkeys(codes.ALPHANUMERICS, 0)
    for _ in range(200_000):
        counts[next(drawn)] += 1

    share = 200_000 / len(counts)

    assert all(abs(count - share) < share * 0.05 for count in counts.values())


def test_a_digest_needs_the_key():
    ring = key_ring("k1", "k2")

    assert codes.digest(ring, "k1", "123456") != codes.digest(ring, "k2", "123456")
    assert codes.digest(ring, "k1", "123456") != hashlib.sha256(b"123456").hexdigest()


def test_digests_are_those_of_every_key():
    ring = key_ring("k1", "k2")

    assert codes.digests(ring, "123456") == {kid: codes.digest(ring, kid, "123456") for kid in ("k1", "k2")}


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ("123456", "123456"),
        (" 123 456\n", "123456"),
        ("123-456", "123456"),
        ("123\u2011456", "123456"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "123456"),
        ("bcd-fgh", "BCDFGH"),
        ("", ""),
        (" " * 64 + "123456", ""),
    ],
)
def test_a_submission_is_brought_to_the_form_of_codes(submitted, expected):
    assert codes.normalise(submitted) == expected


@given(st.text())
def test_any_submission_can_be_compared_and_digested(submitted):
    normalised = codes.normalise(submitted)

    assert not codes.is_same("no code", normalised)
    assert len(codes.digest(key_ring(), "k1", normalised)) == 64


def test_a_submission_of_half_a_letter_is_just_wrong():
    assert not codes.is_same("123456", codes.normalise("\ud800"))
    assert codes.digest(key_ring(), "k1", "\ud800")


@pytest.mark.parametrize(
    ("text", "kids"),
    [
        (f"a:{KEY}", ("a",)),
        (f"b:{OTHER},a:{KEY}", ("b", "a")),
        (f" a:{KEY} , b:{OTHER}\n", ("a", "b")),
        (f"a:{KEY.rstrip('=')}", ("a",)),
        (f"2026-11.main_1:{URL_SAFE}", ("2026-11.main_1",)),
    ],
)
def test_a_ring_is_read_from_its_text(text, kids):
    ring = KeyRing.parse(text)

    assert ring.kids == kids
    assert ring.first == kids[0]


def test_both_alphabets_of_base64_mean_the_same_key():
    standard = URL_SAFE.replace("_", "/").replace("-", "+")

    assert standard != URL_SAFE
    assert KeyRing.parse(f"a:{standard}").export() == KeyRing.parse(f"a:{URL_SAFE}").export()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1 has no name"),
        (KEY, "1 has no name"),
        (f":{KEY}", "1 has no name"),
        (f"a b:{KEY}", "1 has no name"),
        (f"{'a' * 33}:{KEY}", "1 has no name"),
        (f"a:{KEY},", "2 has no name"),
        (f"a:{KEY},a:{OTHER}", "2 has the name of an earlier one"),
        ("a:%%%%", "1 is not base64"),
        ("a:ü", "1 is not base64"),
        (f"a:{KEY[:-3]}", "1 is not base64|1 is shorter"),
        ("a:" + base64.b64encode(bytes(31)).decode(), "1 is shorter than 32 bytes"),
        ("a:", "1 is shorter than 32 bytes"),
    ],
)
def test_a_wrong_text_is_refused_by_place_and_never_repeated(text, fault):
    with pytest.raises(InvalidKeys, match=fault) as caught:
        KeyRing.parse(text)

    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_ring_needs_a_key_of_enough_bytes():
    with pytest.raises(InvalidKeys):
        KeyRing({})
    with pytest.raises(InvalidKeys):
        KeyRing({"a": bytes(31)})


def test_every_label_has_a_key_of_its_own():
    ring = key_ring("k1", "k2")

    assert len({ring.key(kid, label) for kid in ring.kids for label in Label}) == 2 * len(Label)


def test_an_unknown_key_is_a_fault_of_its_own():
    with pytest.raises(UnknownKey):
        key_ring("k1").key("k2", Label.CODE)


def test_a_generated_ring_is_read_back_from_its_text():
    ring = KeyRing.generate("k1")
    again = KeyRing.parse(ring.export())

    assert again.key("k1", Label.CURSOR) == ring.key("k1", Label.CURSOR)


def test_two_generated_rings_differ():
    assert KeyRing.generate("k1").export() != KeyRing.generate("k1").export()


def test_a_generated_ring_takes_the_randomness_it_is_given():
    assert KeyRing.generate("a", lambda size: bytes(range(size))).export() == f"a:{KEY}"


def test_the_repr_names_the_keys_and_shows_none():
    assert repr(KeyRing.parse(f"a:{KEY},b:{OTHER}")) == "KeyRing(a, b)"
