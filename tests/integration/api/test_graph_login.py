"""The token endpoint of a tenant: our clients, in the form that clients of Microsoft Graph know."""

from __future__ import annotations

import pytest

from api.auth.scopes import Scope
from tests.factories.application import Caller
from tests.factories.openid import add_client

V2, V1 = "/contoso.onmicrosoft.com/oauth2/v2.0/token", "/contoso/oauth2/token"
DEFAULT = "https://graph.microsoft.com/.default"
RESOURCE = "https://graph.microsoft.com"
SCOPES = frozenset({Scope.USER_VIEW, Scope.MFA_RESET})


@pytest.fixture
def party(application):
    return add_client(application, redirect_uris=(), scopes=SCOPES)


def ask(party, path, **changes):
    form = {
        "grant_type": "client_credentials",
        "client_id": party.client.id,
        "client_secret": party.secret,
        **changes,
    }
    return party.application.app.test_client().post(path, data=form, headers={"client-request-id": "c-1"})


@pytest.mark.parametrize("scope", [DEFAULT, "api://anything/.default", "http://127.0.0.1:8080/.default"])
def test_the_default_scope_is_all_that_the_client_has(application, party, scope):
    answer = ask(party, V2, scope=scope)

    token = answer.json["access_token"]
    expected = {"token_type": "Bearer", "expires_in": 900, "ext_expires_in": 900, "access_token": token}
    assert answer.json == expected
    assert application.services.verifier.verify(token).scopes == SCOPES


def test_version_1_names_a_resource_and_answers_in_texts(party, application):
    answer = ask(party, V1, resource=RESOURCE).json

    assert (answer["expires_in"], answer["ext_expires_in"], answer["resource"]) == ("900", "900", RESOURCE)
    assert int(answer["expires_on"]) - int(answer["not_before"]) == 900
    assert Caller(application, answer["access_token"]).get("/v1.0/users/nobody").status_code == 404


@pytest.mark.parametrize(
    ("path", "changes", "status", "error", "number"),
    [
        (V2, {"scope": DEFAULT, "client_secret": "wrong"}, 401, "invalid_client", 7000215),
        (V2, {"scope": DEFAULT, "client_id": "nobody"}, 401, "invalid_client", 7000215),
        (V1, {"client_secret": ""}, 401, "invalid_client", 7000215),
        (V2, {"scope": "User.Read"}, 400, "invalid_scope", 1002012),
        (V2, {"scope": f"{DEFAULT} openid"}, 400, "invalid_scope", 1002012),
        (V2, {"scope": "/.default"}, 400, "invalid_scope", 1002012),
        (V2, {}, 400, "invalid_request", 900144),
        (V2, {"scope": DEFAULT, "grant_type": ""}, 400, "invalid_request", 900144),
        (V1, {"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_a_refusal_is_the_tenants(party, path, changes, status, error, number):
    answer = ask(party, path, **changes)

    body = answer.json
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert (body["trace_id"], body["correlation_id"]) == (answer.headers["X-Request-Id"], "c-1")
    assert len(body["timestamp"]) == len("2026-11-26 12:00:00Z")


def test_a_client_with_nothing_gets_nothing(application):
    party = add_client(application)

    answer = ask(party, V2, scope=DEFAULT)

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_other_methods_are_told_off_in_its_form(party):
    answer = party.application.app.test_client().get(V2)

    assert (answer.status_code, answer.json["error"]) == (405, "invalid_request")
