"""Tokens of a foreign issuer are verified as RFC 9068 §4 asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from joserfc.jwk import OctKey

from api.auth.errors import InvalidToken
from api.auth.foreign import ForeignVerifier, user_key
from api.auth.jwts import peek
from api.auth.remote_keys import RemoteKeys
from tests.factories.tokens import (
    EDWARDS_KEY,
    HERE,
    NOW,
    RSA_KEY,
    THEIR_KEY,
    THERE,
    MemoryOAuthHttp,
    documents,
    foreign_claims,
    signed,
)
from tests.factories.verification import MOMENT


def verify(token, *keys, claim="sub"):
    http = MemoryOAuthHttp(documents(THERE, *keys))
    verifier = ForeignVerifier(issuer=THERE, audience=HERE, keys=RemoteKeys(THERE, http), subject_claim=claim)
    return verifier.verify(peek(token), MOMENT)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated:joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(THEIR_KEY, "ES256"), (RSA_KEY, "RS256"), (RSA_KEY, "PS256"), (EDWARDS_KEY, "EdDSA"), (EDWARDS_KEY, "Ed25519")],
    ids=["ES256", "RS256", "PS256", "EdDSA", "Ed25519"],
)
def test_each_algorithm_is_verified(key, algorithm):
    verified = verify(signed(foreign_claims(), key, algorithm), key)

    assert verified.principal.subject == "their-bob"
    assert verified.principal.issuer == THERE


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(signed(foreign_claims(), RSA_KEY, "RS512"), "algorithm", id="RS512"),
        pytest.param(
            signed(foreign_claims(), OctKey.generate_key(256, {"kid": "rsa-1"}), "HS256"), "algorithm", id="HS256"
        ),
        pytest.param(signed(foreign_claims(), RSA_KEY, "RS256", typ="JWT"), "type", id="ID token"),
        pytest.param(signed(foreign_claims(aud=THERE), RSA_KEY, "RS256"), "audience", id="other audience"),
        pytest.param(signed(foreign_claims(exp=NOW - 1), RSA_KEY, "RS256"), "expired", id="expired"),
        pytest.param(signed(foreign_claims(nbf=NOW + 31), RSA_KEY, "RS256"), "not valid yet", id="not valid yet"),
        pytest.param(signed(foreign_claims(sub=None), RSA_KEY, "RS256"), "no sub", id="no subject"),
        pytest.param(signed(foreign_claims(exp=None), RSA_KEY, "RS256"), "no exp", id="no expiry"),
        pytest.param(signed(foreign_claims(iat=None), RSA_KEY, "RS256"), "no iat", id="no time of issue"),
        pytest.param(signed(foreign_claims(), THEIR_KEY, kid="rsa-1"), "key is unknown", id="algorithm not the key's"),
    ],
)
def test_token_is_refused(token, reason):
    with pytest.raises(InvalidToken, match=reason):
        verify(token, RSA_KEY)


def test_claims_beyond_the_needed_may_be_missing():
    principal = verify(signed(foreign_claims(client_id=None, jti=None, scope=None), THEIR_KEY)).principal

    assert (principal.client_id, principal.token_id, principal.scopes) == (None, None, frozenset())
    assert principal.user_id is None


def test_token_is_believed_no_longer_than_a_withdrawn_key():
    assert verify(signed(foreign_claims(), THEIR_KEY)).good_until == MOMENT + timedelta(minutes=5)


def test_token_is_believed_no_longer_than_it_lasts():
    assert verify(signed(foreign_claims(exp=NOW + 9), THEIR_KEY)).good_until == MOMENT + timedelta(seconds=9)


def test_claim_that_names_the_user_can_be_chosen():
    assert verify(signed(foreign_claims(upn="bob@example.org"), THEIR_KEY), claim="upn").user_key == "bob@example.org"


@pytest.mark.parametrize(
    ("claims", "claim", "expected"),
    [
        pytest.param({"sub": "bob", "client_id": "app"}, "sub", "bob", id="user"),
        pytest.param({"sub": "app", "client_id": "app"}, "sub", None, id="client for itself"),
        pytest.param({"sub": "app", "client_id": "app", "upn": "bob"}, "upn", None, id="client with a user's claim"),
        pytest.param({"sub": "bob"}, "sub", "bob", id="no client told"),
        pytest.param({"sub": "bob"}, "upn", None, id="claim missing"),
        pytest.param({"sub": "bob", "upn": ["bob"]}, "upn", None, id="claim is no text"),
        pytest.param({"sub": "bob", "email": "b@example.org"}, "email", "b@example.org", id="address"),
        pytest.param(
            {"sub": "bob", "email": "b@example.org", "email_verified": True}, "email", "b@example.org", id="verified"
        ),
        pytest.param(
            {"sub": "bob", "email": "b@example.org", "email_verified": False}, "email", None, id="unverified address"
        ),
        pytest.param(
            {"sub": "bob", "email": "b@example.org", "email_verified": "false"}, "email", None, id="unverified as text"
        ),
    ],
)
def test_only_a_persons_token_names_a_user(claims, claim, expected):
    assert user_key(claims, claim) == expected
