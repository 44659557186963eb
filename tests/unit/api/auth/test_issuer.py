"""The embedded issuer mints tokens in the form of RFC 9068."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from tests.factories.tokens import HERE, NOW, USER_ID, token_issuer
from tests.factories.verification import FrozenClock

LIFETIME = timedelta(seconds=60)


def parts(token):
    header, claims, _ = token.split(".")
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]


def test_header_names_type_algorithm_and_key():
    header, _ = parts(token_issuer().mint_for_client("hr", scopes=[], lifetime=LIFETIME))

    assert header == {"typ": "at+jwt", "alg": "ES256", "kid": "own-1"}


def test_claims_are_those_of_rfc_9068():
    clock = FrozenClock()
    clock.advance(0.25)
    _, claims = parts(token_issuer(clock).mint_for_user(USER_ID, client_id="cli", scopes={"b", "a"}, lifetime=LIFETIME))

    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": HERE,
        "aud": HERE,
        "sub": USER_ID,
        "client_id": "cli",
        "iat": NOW,
        "iat_ms": NOW * 1000 + 250,
        "exp": NOW + 60,
        "scope": "a b",
    }


def test_each_token_has_an_id_of_its_own():
    tokens = [token_issuer().mint_for_client("hr", scopes=[], lifetime=LIFETIME) for _ in range(2)]

    assert len({parts(token)[1]["jti"] for token in tokens}) == 2


def test_user_token_that_would_look_like_a_clients_is_not_minted():
    with pytest.raises(ValueError, match="one id"):
        token_issuer().mint_for_user("hr", client_id="hr", scopes=[], lifetime=LIFETIME)
