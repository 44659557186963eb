"""Opaque tokens are what their issuer says they are (RFC 7662)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.auth.errors import InvalidToken, IssuerUnavailable
from api.auth.introspection import Introspector
from tests.factories.tokens import HERE, NOW, THERE, USER_ID, MemoryOAuthHttp, token_verifier
from tests.factories.verification import MOMENT, FrozenClock

URL = f"{THERE}/introspect"
SECRET = "a secret"
ACTIVE = {"active": True, "sub": "their-bob", "client_id": "shop", "scope": "a b", "iat": NOW - 5, "exp": NOW + 600}


def introspector(http, issuers=()):
    return Introspector(
        url=URL,
        client_id="lineproof",
        client_secret=SECRET,
        audience=HERE,
        issuers=issuers,
        subject_claim="sub",
        http=http,
    )


def answer(*, issuers=(), **replaced):
    claims = {name: value for name, value in {**ACTIVE, **replaced}.items() if value is not None}
    return introspector(MemoryOAuthHttp({URL: claims}), issuers).verify("opaque", MOMENT)


def test_active_token_speaks_for_its_subject():
    verified = answer(iss=THERE, jti="j")

    principal = verified.principal
    assert (principal.subject, principal.client_id, principal.issuer) == ("their-bob", "shop", THERE)
    assert principal.scopes == {"a", "b"}
    assert (principal.token_id, principal.is_embedded) == ("j", False)
    assert principal.expires_at == MOMENT + timedelta(seconds=600)
    assert verified.user_key == "their-bob"


def test_issuer_is_asked_as_our_client_about_an_access_token():
    http = MemoryOAuthHttp({URL: ACTIVE})

    introspector(http).verify("opaque", MOMENT)

    assert http.posted == [
        {"token": "opaque", "token_type_hint": "access_token", "client_id": "lineproof", "client_secret": SECRET}
    ]


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        pytest.param({"active": False}, "not active", id="inactive"),
        pytest.param({"active": None}, "not active", id="active missing"),
        pytest.param({"active": "true"}, "not active", id="active as text"),
        pytest.param({"active": 1}, "not active", id="active as number"),
        pytest.param({"exp": NOW}, "expired", id="expired"),
        pytest.param({"nbf": NOW + 60}, "not valid yet", id="not valid yet"),
        pytest.param({"aud": "other"}, "audience", id="other audience"),
        pytest.param({"aud": []}, "audience", id="no audience at all"),
        pytest.param({"sub": None, "client_id": None}, "whose", id="nobody's"),
    ],
)
def test_token_is_refused(replaced, reason):
    with pytest.raises(InvalidToken, match=reason):
        answer(**replaced)


@pytest.mark.parametrize("audience", [HERE, ["other", HERE], ["lineproof"]], ids=["ours", "also ours", "our client"])
def test_audience_that_means_us_is_good(audience):
    assert answer(aud=audience).principal.subject == "their-bob"


def test_issuer_must_be_a_trusted_one_where_some_are_named():
    with pytest.raises(InvalidToken, match="issuer"):
        answer(issuers=(THERE,), iss="https://other.example")


@pytest.mark.parametrize("iss", [THERE, None], ids=["trusted", "not told"])
def test_trusted_issuer_is_good(iss):
    assert answer(issuers=(THERE,), iss=iss).principal.subject == "their-bob"


def test_issuer_that_is_not_told_is_the_one_asked():
    assert answer().principal.issuer == URL


def test_client_for_itself_has_no_subject_but_the_client():
    verified = answer(sub=None)

    assert verified.principal.subject == "shop"
    assert verified.user_key is None


def test_answer_is_believed_for_half_a_minute():
    assert answer().good_until == MOMENT + timedelta(seconds=30)


def test_answer_is_believed_no_longer_than_the_token_lasts():
    assert answer(exp=NOW + 9).good_until == MOMENT + timedelta(seconds=9)


def test_token_without_expiry_is_good_for_as_long_as_the_answer():
    assert answer(exp=None).principal.expires_at == MOMENT + timedelta(seconds=30)


def test_token_without_time_of_issue_is_older_than_every_revocation():
    assert answer(iat=None).principal.issued_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("answers", [{}, {URL: ["active"]}], ids=["away", "no object"])
def test_issuer_without_usable_answer_is_unavailable(answers):
    with pytest.raises(IssuerUnavailable):
        introspector(MemoryOAuthHttp(answers)).verify("opaque", MOMENT)


def test_verifier_asks_about_opaque_tokens_once_in_half_a_minute():
    clock, http = FrozenClock(), MemoryOAuthHttp({URL: ACTIVE})
    verifier = token_verifier(clock=clock, introspector=introspector(http), find=lambda *_: [USER_ID])
    user_ids = [verifier.verify("opaque").user_id for _ in range(3)]
    clock.advance(30)
    verifier.verify("opaque")

    assert user_ids == [USER_ID] * 3
    assert len(http.posted) == 2


def test_failure_to_ask_is_not_remembered():
    http = MemoryOAuthHttp({})
    verifier = token_verifier(introspector=introspector(http))
    with pytest.raises(IssuerUnavailable):
        verifier.verify("opaque")
    http.answers = {URL: ACTIVE}

    assert verifier.verify("opaque").subject == "their-bob"
