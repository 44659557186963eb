"""Authenticators: the codes of RFC 6238, each accepted once, within one step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from verification import totp

# RFC 6238, appendix B, by six digits.
SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEP = int(AT.timestamp()) // totp.STEP_SECONDS
CODES = pyotp.HOTP(totp.shown(SECRET))


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)

    assert totp.matching_step(SECRET, code, at, totp.NEVER) == seconds // 30


@pytest.mark.parametrize(("steps", "step"), [(-2, None), (-1, STEP - 1), (0, STEP), (1, STEP + 1), (2, None)])
def test_a_clock_may_be_one_step_off(steps, step):
    assert totp.matching_step(SECRET, CODES.at(STEP + steps), AT, totp.NEVER) == step


@pytest.mark.parametrize(("last", "step"), [(STEP - 1, STEP), (STEP, None), (STEP + 1, None)])
def test_no_code_is_accepted_twice_nor_an_earlier_one_afterwards(last, step):
    assert totp.matching_step(SECRET, CODES.at(STEP), AT, last) == step


@pytest.mark.parametrize("code", ["", "000000x", "١٢٣", "9" * 1000])
def test_what_is_no_code_is_none(code):
    assert totp.matching_step(SECRET, code, AT, totp.NEVER) is None


def test_spaces_within_a_code_are_nothing():
    code = CODES.at(STEP)

    assert totp.matching_step(SECRET, f"{code[:3]} {code[3:]}", AT + timedelta(seconds=29), totp.NEVER) == STEP


def test_secrets_are_long_and_new():
    assert len(totp.new_secret()) == 20
    assert totp.new_secret() != totp.new_secret()


def test_uri_tells_an_authenticator_all_it_needs():
    uri = urlsplit(totp.uri_of(SECRET, "bob@example.com", "Lineproof"))

    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Lineproof:bob%40example.com")
    assert parse_qs(uri.query) == {"secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], "issuer": ["Lineproof"]}
