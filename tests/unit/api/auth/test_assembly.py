"""A deployment trusts its own issuer, and what its settings name."""

from __future__ import annotations

import pytest

from api.auth.assembly import assemble_verifier
from api.auth.errors import InvalidToken
from api.auth.revocations import RevocationList
from api.settings import Settings
from tests.factories.tokens import (
    HERE,
    NOW,
    OUR_KEYS,
    THEIR_KEY,
    THERE,
    USER_ID,
    MemoryOAuthHttp,
    claims,
    documents,
    foreign_claims,
    no_revocations,
    signed,
)
from tests.factories.verification import FrozenClock

URL = f"{THERE}/introspect"


def assembled(**environ):
    settings = Settings.from_environment(
        {"LINEPROOF_BASE_URL": HERE, **{f"LINEPROOF_OAUTH_{name}": value for name, value in environ.items()}}
    )
    users = {("externalId", "their-bob"): [USER_ID], ("emails.value", "bob@example.org"): [USER_ID]}
    clock = FrozenClock()
    answers = {**documents(), URL: {"active": True, "sub": "their-bob", "client_id": "app", "exp": NOW + 9}}
    return assemble_verifier(
        settings,
        OUR_KEYS,
        http=MemoryOAuthHttp(answers),
        revocations=RevocationList(no_revocations, clock),
        find_users=lambda *question: users.get(question, []),
        clock=clock,
    )


def test_own_tokens_are_always_good():
    assert assembled().verify(signed(claims())).user_id == USER_ID


@pytest.mark.parametrize(
    "token", [signed(foreign_claims(), THEIR_KEY), "opaque"], ids=["of a foreign issuer", "opaque"]
)
def test_nothing_else_is_trusted_by_default(token):
    with pytest.raises(InvalidToken):
        assembled().verify(token)


def test_named_issuer_is_trusted():
    verifier = assembled(ISSUERS=f"https://first.example, {THERE}")

    assert verifier.verify(signed(foreign_claims(), THEIR_KEY)).user_id == USER_ID


def test_audience_can_be_named():
    verifier = assembled(ISSUERS=THERE, AUDIENCE="urn:lineproof")

    assert verifier.verify(signed(foreign_claims(aud="urn:lineproof"), THEIR_KEY)).user_id == USER_ID
    with pytest.raises(InvalidToken):
        verifier.verify(signed(foreign_claims(), THEIR_KEY))


def test_claim_and_attribute_of_the_subject_can_be_named():
    verifier = assembled(ISSUERS=THERE, SUBJECT_CLAIM="email", SUBJECT_ATTRIBUTE="emails.value")

    assert verifier.verify(signed(foreign_claims(email="bob@example.org"), THEIR_KEY)).user_id == USER_ID


def test_opaque_tokens_are_asked_about_where_it_is_set_up():
    verifier = assembled(INTROSPECTION_URL=URL, CLIENT_ID="lineproof", CLIENT_SECRET="secret")

    assert verifier.verify("opaque").user_id == USER_ID
