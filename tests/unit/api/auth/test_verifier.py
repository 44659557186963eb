"""The verifier lets good tokens in and, above all, nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from joserfc.jwk import KeySet

from api.auth.errors import InvalidToken
from api.auth.issuer import EmbeddedVerifier
from api.auth.scopes import Scope
from tests.factories.tokens import (
    HERE,
    NOW,
    OUR_KEY,
    THEIR_KEY,
    THERE,
    USER_ID,
    claims,
    foreign_claims,
    signed,
    signed_with_public_key,
    token_issuer,
    token_verifier,
    unsigned,
)
from tests.factories.verification import MOMENT, FrozenClock

HEADER = {"alg": "ES256", "typ": "at+jwt", "kid": "own-1"}
THEIR_PUBLIC_KEY = THEIR_KEY.as_dict(private=False)


def test_user_token_speaks_for_the_user():
    token = token_issuer().mint_for_user(USER_ID, client_id="cli", scopes=[Scope.LOGIN], lifetime=timedelta(seconds=60))

    principal = token_verifier().verify(token)

    assert (principal.user_id, principal.subject, principal.client_id) == (USER_ID, USER_ID, "cli")
    assert principal.scopes == {"internal_login"}
    assert (principal.issuer, principal.is_embedded) == (HERE, True)
    assert (principal.issued_at, principal.expires_at) == (MOMENT, MOMENT + timedelta(seconds=60))
    assert principal.token_id


def test_client_token_speaks_for_no_user():
    token = token_issuer().mint_for_client("hr", scopes=["a", "b"], lifetime=timedelta(seconds=60))

    principal = token_verifier().verify(token)

    assert (principal.user_id, principal.subject, principal.client_id) == (None, "hr", "hr")
    assert principal.scopes == {"a", "b"}


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(signed_with_public_key(claims()), "algorithm", id="HS256 with the public key"),
        pytest.param(unsigned({**HEADER, "alg": "none"}, claims()), "algorithm", id="alg none"),
        pytest.param(unsigned({**HEADER, "alg": "NONE"}, claims()), "algorithm", id="alg NONE"),
        pytest.param(unsigned(HEADER, claims()), "signature", id="no signature"),
        pytest.param(
            unsigned(HEADER, claims(), "AAAA"),
            "signature",
            id="short signature",
        ),
        pytest.param(
            unsigned(HEADER, claims(), "A" * 86),
            "signature",
            id="signature of zeros",
        ),
        pytest.param(signed(claims(), THEIR_KEY, kid="own-1"), "signature", id="key of another under our kid"),
        pytest.param(signed(claims(), THEIR_KEY), "key is unknown", id="kid of another issuer"),
        pytest.param(signed(claims(), kid="../../../dev/null"), "key is unknown", id="kid as a path"),
        pytest.param(signed(claims(), kid="own-1' OR '1'='1"), "key is unknown", id="kid as SQL"),
        pytest.param(signed(claims(), kid=None), "key is unknown", id="no kid"),
        pytest.param(
            unsigned({**HEADER, "kid": ["own-1"]}, claims(), "AAAA"),
            "key id",
            id="kid as a list",
        ),
        pytest.param(
            signed(claims(), THEIR_KEY, kid=None, jwk=THEIR_KEY.as_dict(private=False)),
            "key is unknown",
            id="key in the header",
        ),
        pytest.param(
            signed(claims(), THEIR_KEY, kid=None, jku="https://evil.example/jwks"),
            "key is unknown",
            id="key URL in the header",
        ),
        pytest.param(signed(claims(), crit=["kid"]), "extensions", id="critical extension"),
        pytest.param(signed(claims(), typ="JWT"), "type", id="typ JWT"),
        pytest.param(signed(claims(), typ="id_token+jwt"), "type", id="typ of an ID token"),
        pytest.param(signed(claims(), typ=None), "type", id="no typ"),
        pytest.param(unsigned({**HEADER, "typ": 5}, claims(), "AAAA"), "incomplete", id="typ is no text"),
        pytest.param(signed(claims(aud="https://other.example")), "audience", id="other audience"),
        pytest.param(signed(claims(aud=["https://other.example"])), "audience", id="other audiences"),
        pytest.param(signed(claims(aud=None)), "audience", id="no audience"),
        pytest.param(signed(claims(aud=7)), "audience", id="audience is no text"),
        pytest.param(signed(claims(exp=NOW)), "expired", id="expired this moment"),
        pytest.param(signed(claims(exp=NOW - 3600)), "expired", id="expired long ago"),
        pytest.param(signed(claims(exp=None)), "no exp", id="never expires"),
        pytest.param(signed(claims(exp=str(NOW + 60))), "exp is not a time", id="expiry is a text"),
        pytest.param(signed(claims(exp=True)), "exp is not a time", id="expiry is a boolean"),
        pytest.param(signed(claims(exp=float("nan"))), "incomplete", id="expiry is not a number"),
        pytest.param(signed(claims(exp=float("inf"))), "incomplete", id="expiry is infinite"),
        pytest.param(signed(claims(exp=10**18)), "exp is not a time", id="expiry is no date"),
        pytest.param(signed(claims(nbf=NOW + 60)), "not valid yet", id="not valid yet"),
        pytest.param(signed(claims(iat=NOW + 60)), "future", id="issued in the future"),
        pytest.param(signed(claims(iat=None)), "no iat", id="no time of issue"),
        pytest.param(signed(claims(sub=None)), "no sub", id="no subject"),
        pytest.param(signed(claims(sub="")), "no sub", id="empty subject"),
        pytest.param(signed(claims(sub=["a"])), "no sub", id="subject is a list"),
        pytest.param(signed(claims(client_id=None)), "no client_id", id="no client"),
        pytest.param(signed(claims(jti=None)), "no jti", id="no token id"),
        pytest.param(
            signed(claims(iss="https://nobody.example")), "issuer is not trusted", id="issuer that is not trusted"
        ),
        pytest.param(signed(claims(iss=f"{HERE}/")), "issuer is not trusted", id="issuer with a slash more"),
        pytest.param(signed(claims(iss=None)), "incomplete", id="no issuer"),
        pytest.param(signed(claims(iss=[HERE])), "incomplete", id="issuers as a list"),
        pytest.param(signed(claims(iss=THERE)), "key is unknown", id="our signature, foreign issuer"),
        pytest.param(signed(foreign_claims(iss=HERE), THEIR_KEY), "key is unknown", id="foreign signature, our issuer"),
        pytest.param(signed(claims(padding="x" * 9000)), "too long", id="huge"),
        pytest.param("e" * 10_000_000, "too long", id="enormous"),
        pytest.param(unsigned("[" * 1500 + "]" * 1500, claims(), "AAAA"), "malformed", id="deeply nested header"),
        pytest.param(
            unsigned(HEADER, '{"iss":' + "[" * 990 + "]" * 990 + "}", "AAAA"),
            "incomplete",
            id="deeply nested claims",
        ),
        pytest.param(unsigned([], claims(), "AAAA"), "malformed", id="header is a list"),
        pytest.param(
            unsigned(HEADER, [], "AAAA"),
            "incomplete",
            id="claims are a list",
        ),
        pytest.param("", "malformed", id="empty"),
        pytest.param("..", "malformed", id="only dots"),
        pytest.param("Grüße", "ASCII", id="not ASCII"),
        pytest.param("\ud800", "ASCII", id="lone surrogate"),
        pytest.param("9f86d081884c7d65", "malformed", id="opaque, and nobody to ask"),
        pytest.param(signed(claims()) + "\n", "malformed", id="line break at the end"),
        pytest.param(signed(claims()) + ".", "malformed", id="four parts"),
    ],
)
def test_token_is_refused(token, reason):
    with pytest.raises(InvalidToken, match=reason) as refused:
        token_verifier().verify(token)

    assert len(str(refused.value)) < 100, "the reason is a phrase without any part of the token"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(claims()), id="plain"),
        pytest.param(signed(claims(), typ="application/at+jwt"), id="typ with its tree"),
        pytest.param(signed(claims(), typ="AT+JWT"), id="typ in capitals"),
        pytest.param(signed(claims(aud=["https://other.example", HERE])), id="several audiences"),
        pytest.param(signed(claims(nbf=NOW + 20)), id="clock a little ahead"),
        pytest.param(signed(claims(exp=NOW + 0.5)), id="half a second left"),
        pytest.param(signed(claims(), nonce="n"), id="header that nobody knows"),
    ],
)
def test_token_is_good(token):
    assert token_verifier().verify(token).user_id == USER_ID


def test_key_that_does_not_sign_any_more_still_verifies():
    """After a rotation tokens of the old key live on until they expire."""
    keys = KeySet([THEIR_KEY, OUR_KEY])
    verifier = token_verifier(issuers={HERE: EmbeddedVerifier(issuer=HERE, keys=keys)})

    assert verifier.verify(signed(claims(), OUR_KEY)).user_id == USER_ID


def test_token_that_was_good_expires_all_the_same():
    clock = FrozenClock()
    verifier = token_verifier(clock=clock)
    token = signed(claims(exp=NOW + 60))
    verifier.verify(token)
    clock.advance(60)

    with pytest.raises(InvalidToken):
        verifier.verify(token)


def test_signature_of_a_known_token_is_not_checked_again():
    class Counting:
        calls = 0

        def verify(self, token, now):
            self.calls += 1
            return real.verify(token, now)

    real = token_verifier()._issuers[HERE]
    counting = Counting()
    verifier = token_verifier(issuers={HERE: counting})
    token = signed(claims())

    assert verifier.verify(token) == verifier.verify(token)
    assert counting.calls == 1


def test_revoked_user_is_out_at_once_though_the_token_is_known():
    clock = FrozenClock()
    revoked = []
    verifier = token_verifier(clock=clock, load=lambda _since: revoked)
    token = signed(claims())
    verifier.verify(token)
    revoked.append((USER_ID, MOMENT, MOMENT, None))
    clock.advance(0.5)

    with pytest.raises(InvalidToken, match="revoked"):
        verifier.verify(token)


def test_token_issued_within_the_second_of_a_revocation_but_after_it_is_good():
    """A user who is let in again need not wait: our own tokens tell milliseconds."""
    clock = FrozenClock()
    verifier = token_verifier(clock=clock, load=lambda _since: [(USER_ID, MOMENT, MOMENT, None)])
    clock.advance(0.002)
    token = token_issuer(clock).mint_for_user(USER_ID, client_id="cli", scopes=[], lifetime=timedelta(seconds=60))

    assert verifier.verify(token).user_id == USER_ID


def test_token_issued_within_the_second_of_a_revocation_before_it_is_revoked():
    clock = FrozenClock()
    clock.advance(0.2)
    token = token_issuer(clock).mint_for_user(USER_ID, client_id="cli", scopes=[], lifetime=timedelta(seconds=60))
    revoked_at = clock.advance(0.2)
    verifier = token_verifier(clock=clock, load=lambda _since: [(USER_ID, revoked_at, revoked_at, None)])

    with pytest.raises(InvalidToken):
        verifier.verify(token)


def test_foreign_subject_is_the_user_that_bears_its_value():
    asked = []

    def find(attribute, value):
        asked.append((attribute, value))
        return [USER_ID]

    principal = token_verifier(find=find).verify(signed(foreign_claims(), THEIR_KEY))

    assert (principal.user_id, principal.subject, principal.is_embedded) == (USER_ID, "their-bob", False)
    assert asked == [("externalId", "their-bob")]


@pytest.mark.parametrize("found", [[], ["a", "b"]], ids=["nobody", "several"])
def test_foreign_subject_that_names_no_one_user_is_no_user(found):
    principal = token_verifier(find=lambda *_: found).verify(signed(foreign_claims(), THEIR_KEY))

    assert principal.user_id is None


def test_foreign_token_of_a_revoked_user_is_refused():
    verifier = token_verifier(find=lambda *_: [USER_ID], load=lambda _since: [(USER_ID, MOMENT, MOMENT, None)])

    with pytest.raises(InvalidToken, match="revoked"):
        verifier.verify(signed(foreign_claims(), THEIR_KEY))


def test_user_deactivated_since_the_token_was_seen_is_no_user_any_more():
    clock = FrozenClock()
    found = [USER_ID]
    verifier = token_verifier(clock=clock, find=lambda *_: list(found))
    token = signed(foreign_claims(), THEIR_KEY)
    verifier.verify(token)
    found.clear()
    clock.advance(1)

    assert verifier.verify(token).user_id is None
