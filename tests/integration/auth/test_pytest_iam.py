"""Opaque tokens of another independent identity provider (Canaille, by pytest-iam) are introspected."""

from __future__ import annotations

import uuid

import pytest

from api.auth.errors import InvalidToken
from tests.factories.tokens import USER_ID


@pytest.fixture
def resource_server(iam_server):
    """Register Lineproof as a client, which is what this server names in `aud`."""
    client = iam_server.models.Client(
        client_id=str(uuid.uuid4()),
        client_secret=str(uuid.uuid4()),
        client_name="lineproof",
        client_uri="https://id.example.com",
        redirect_uris=["https://id.example.com/callback"],
        grant_types=["authorization_code"],
        response_types=["code"],
        token_endpoint_auth_method="client_secret_basic",
        scope=["openid", "profile"],
    )
    iam_server.backend.save(client)
    client.audience = [client]
    iam_server.backend.save(client)
    yield client
    iam_server.backend.delete(client)


@pytest.fixture
def verifier(iam_server, resource_server, verifier_for):
    return verifier_for(
        INTROSPECTION_URL=f"{iam_server.url}oauth/introspect",
        CLIENT_ID=resource_server.client_id,
        CLIENT_SECRET=resource_server.client_secret,
    )


@pytest.fixture
def user(iam_server):
    user = iam_server.random_user(user_name="their-bob")
    yield user
    iam_server.backend.delete(user)


def test_users_token_speaks_for_the_user(iam_server, resource_server, verifier, user):
    token = iam_server.random_token(user, resource_server)

    principal = verifier.verify(token.access_token)

    assert (principal.subject, principal.user_id) == ("their-bob", USER_ID)
    assert principal.client_id == resource_server.client_id
    assert principal.scopes == {"openid", "profile"}


def test_token_that_was_never_issued_is_refused(verifier):
    with pytest.raises(InvalidToken, match="not active"):
        verifier.verify(str(uuid.uuid4()))
