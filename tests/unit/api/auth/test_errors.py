"""Challenges are those of RFC 6750 §3."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.auth.errors import InsufficientScope, InvalidToken, IssuerUnavailable, NotAuthenticated


@pytest.mark.parametrize(
    ("error", "challenge"),
    [
        (NotAuthenticated(), 'Bearer realm="lineproof"'),
        (InvalidToken("it has expired"), 'Bearer realm="lineproof", error="invalid_token"'),
        (InsufficientScope({"b", "a"}), 'Bearer realm="lineproof", error="insufficient_scope", scope="a b"'),
    ],
    ids=["no token", "invalid token", "scope missing"],
)
def test_challenge_says_what_is_wrong(error, challenge):
    assert error.challenge == challenge


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NotAuthenticated(), "This request needs an access token."),
        (InvalidToken("it has expired"), "The access token is not valid: it has expired."),
        (InsufficientScope({"b", "a"}), "This request needs the scope a b."),
    ],
    ids=["no token", "invalid token", "scope missing"],
)
def test_message_is_a_sentence(error, message):
    assert str(error) == message


def test_unavailable_issuer_tells_when_to_come_again():
    assert IssuerUnavailable(timedelta(seconds=5)).retry_after == timedelta(seconds=5)
