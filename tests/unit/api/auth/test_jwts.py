"""Looking at a token proves nothing; checking its signature does."""

from __future__ import annotations

import pytest

from api.auth.errors import InvalidToken
from api.auth.jwts import peek, verified_claims
from tests.factories.tokens import OUR_KEY, claims, signed, signed_with_public_key


def test_peek_tells_what_the_token_says_of_itself():
    token = peek(signed(claims(iss="https://anybody.example"), kid="any"))

    assert (token.issuer, token.kid, token.algorithm, token.type) == (
        "https://anybody.example",
        "any",
        "ES256",
        "at+jwt",
    )


def test_token_is_not_shown():
    assert "eyJ" not in repr(peek(signed(claims())))


@pytest.mark.parametrize("token", ["opaque", "a.b.c", "v2.local.payload", "a.b.c.d.e", ""])
def test_opaque_token_is_none_of_ours_to_look_into(token):
    assert peek(token) is None


def test_claims_are_told_when_the_signature_holds():
    assert verified_claims(peek(signed(claims())), OUR_KEY) == claims()


def test_symmetric_algorithm_is_refused_even_where_nobody_checked_it_before():
    with pytest.raises(InvalidToken):
        verified_claims(peek(signed_with_public_key(claims())), OUR_KEY)
