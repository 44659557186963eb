"""Tokens of an independent, certified OpenID provider are understood."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.auth.errors import InvalidToken, IssuerUnavailable
from api.clock import SystemClock
from tests.factories.oidc_provider import AUDIENCE, INTROSPECTION_CLIENT, OidcProvider
from tests.factories.tokens import USER_ID
from tests.factories.verification import FrozenClock

ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"]


@pytest.fixture
def trusting(oidc, verifier_for):
    return verifier_for(ISSUERS=oidc.issuer, AUDIENCE=AUDIENCE)


@pytest.fixture
def asking(oidc, verifier_for):
    name, secret = INTROSPECTION_CLIENT
    url = f"{oidc.issuer}/token/introspection"
    return verifier_for(AUDIENCE=AUDIENCE, INTROSPECTION_URL=url, CLIENT_ID=name, CLIENT_SECRET=secret)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_client_token_of_each_algorithm_is_good(oidc, trusting, algorithm):
    principal = trusting.verify(oidc.client_token(algorithm))

    assert (principal.subject, principal.client_id, principal.user_id) == ("shop", "shop", None)
    assert principal.scopes == {"internal_user_mgt_view"}
    assert (principal.issuer, principal.is_embedded) == (oidc.issuer, False)


def test_user_who_logged_in_there_is_the_user_here(oidc, trusting):
    principal = trusting.verify(oidc.user_tokens("their-bob")["access_token"])

    assert (principal.subject, principal.client_id, principal.user_id) == ("their-bob", "shop", USER_ID)
    assert principal.scopes == {"internal_login"}


def test_user_who_is_nobody_here_is_no_user(oidc, trusting):
    assert trusting.verify(oidc.user_tokens("their-ann")["access_token"]).user_id is None


def test_id_token_is_no_access_token(oidc, trusting):
    with pytest.raises(InvalidToken, match="type"):
        trusting.verify(oidc.user_tokens("their-bob")["id_token"])


def test_token_for_another_audience_is_refused(oidc, verifier_for):
    with pytest.raises(InvalidToken, match="audience"):
        verifier_for(ISSUERS=oidc.issuer).verify(oidc.client_token())


def test_issuer_that_is_not_named_is_not_trusted(oidc, verifier_for):
    with pytest.raises(InvalidToken, match="issuer is not trusted"):
        verifier_for(ISSUERS="http://127.0.0.1:1", AUDIENCE=AUDIENCE).verify(oidc.client_token())


def test_token_expires_when_its_issuer_said(oidc, verifier_for):
    clock = FrozenClock(SystemClock().now())
    verifier = verifier_for(clock=clock, ISSUERS=oidc.issuer, AUDIENCE=AUDIENCE)
    token = oidc.client_token()
    lasts = verifier.verify(token).expires_at - clock.now()
    clock.advance(lasts.total_seconds())

    with pytest.raises(InvalidToken, match="expired"):
        verifier.verify(token)
    assert timedelta(seconds=590) < lasts <= timedelta(seconds=601)


def test_two_issuers_are_trusted_side_by_side(oidc, verifier_for):
    with OidcProvider(key_id="b") as other:
        verifier = verifier_for(ISSUERS=f"{oidc.issuer},{other.issuer}", AUDIENCE=AUDIENCE)

        issuers = [verifier.verify(server.client_token()).issuer for server in (oidc, other)]

        assert issuers == [oidc.issuer, other.issuer]


def test_rotated_keys_are_followed(installed_peer, verifier_for):
    clock = FrozenClock(SystemClock().now())
    with OidcProvider(key_id="old") as before:
        verifier = verifier_for(clock=clock, ISSUERS=before.issuer, AUDIENCE=AUDIENCE)
        old = before.client_token()
        verifier.verify(old)
    with OidcProvider(port=before.port, key_id="new") as after:
        clock.advance(30)

        assert verifier.verify(after.client_token()).issuer == before.issuer
        clock.advance(300)
        with pytest.raises(InvalidToken, match="key is unknown"):
            verifier.verify(old)


def test_token_of_an_issuer_that_is_away_may_be_good_later(installed_peer, verifier_for):
    with OidcProvider() as server:
        token = server.client_token()

    with pytest.raises(IssuerUnavailable):
        verifier_for(ISSUERS=server.issuer, AUDIENCE=AUDIENCE).verify(token)


def test_opaque_client_token_is_introspected(oidc, asking):
    principal = asking.verify(oidc.client_token("opaque"))

    assert (principal.subject, principal.client_id, principal.user_id) == ("shop", "shop", None)
    assert principal.scopes == {"internal_user_mgt_view"}
    assert principal.issuer == oidc.issuer


def test_opaque_user_token_is_introspected(oidc, asking):
    assert asking.verify(oidc.user_tokens("their-bob", "opaque")["access_token"]).user_id == USER_ID


def test_revoked_opaque_token_is_refused(oidc, asking):
    token = oidc.client_token("opaque")
    oidc.revoke(token)

    with pytest.raises(InvalidToken, match="not active"):
        asking.verify(token)


def test_unknown_opaque_token_is_refused(asking):
    with pytest.raises(InvalidToken, match="not active"):
        asking.verify("made-up")


def test_wrong_client_secret_is_our_fault_not_the_callers(oidc, verifier_for):
    url = f"{oidc.issuer}/token/introspection"
    verifier = verifier_for(AUDIENCE=AUDIENCE, INTROSPECTION_URL=url, CLIENT_ID="lineproof", CLIENT_SECRET="wrong")

    with pytest.raises(IssuerUnavailable):
        verifier.verify(oidc.client_token("opaque"))
