"""Introspection, revocation, userinfo, keys and metadata."""

from __future__ import annotations

import orjson
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

from api.auth.issuer_keys import generate_issuer_keys, parse_issuer_keys
from tests.factories.openid import add_client
from tests.factories.people import ANN, DAN

BROWSER = {"Origin": "https://spa.example"}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_client_may_ask_about_its_own_tokens(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    now = int(application.clock.now().timestamp())
    base_url = application.services.settings.base_url

    access, refresh = shop.introspect(tokens["access_token"]), shop.introspect(tokens["refresh_token"])

    assert access.pop("jti")
    common = {"active": True, "client_id": shop.client.id, "sub": bob_id, "scope": tokens["scope"], "iss": base_url}
    assert access == {**common, "token_type": "Bearer", "aud": base_url, "iat": now, "exp": now + 900}
    assert refresh == {**common, "iat": now, "exp": now + 14 * 86400}


def test_other_clients_are_told_nothing_unless_they_were_given_the_scope(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    other = add_client(application)
    resource_server = add_client(application, redirect_uris=(), scopes=frozenset({"internal_oauth2_introspect"}))

    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert other.introspect(token) == {"active": False}
        assert resource_server.introspect(token)["sub"] == bob_id


def test_a_public_client_may_not_ask(app, bob_id):
    answer = app.post("/oauth2/introspect", token=app.tokens(bob_id)["access_token"])

    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_tokens_that_are_not_good_are_all_alike(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    shop.refresh(tokens["refresh_token"])
    foreign = application.client_token()[:-4] + "AAAA"

    for token in ("unknown", "a.b.c", foreign, tokens["id_token"], tokens["refresh_token"]):
        assert shop.introspect(token) == {"active": False}
    application.clock.move(days=40)
    assert shop.introspect(tokens["access_token"]) == {"active": False}


@pytest.mark.parametrize(
    "token", ["eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30", "eyJhbGciOiJFUzI1NiJ9.W10.AA", "x" * 9000]
)
def test_what_only_looks_like_a_token_is_not_good_either(shop, token):
    assert shop.introspect(token) == {"active": False}
    # RFC 7009 §2.2: what is no token needs no revoking.
    assert shop.post("/oauth2/revoke", token=token).status_code == 200


def test_a_token_is_asked_for(shop):
    for path in ("introspect", "revoke"):
        answer = shop.post(f"/oauth2/{path}")

        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_a_revoked_access_token_is_dead_and_the_grant_lives(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    application.clock.move(seconds=1)
    answer = shop.post("/oauth2/revoke", token=tokens["access_token"], token_type_hint="anything")
    application.clock.move(seconds=1)

    assert (answer.status_code, answer.get_json()) == (200, {})
    me = application.app.test_client().get("/scim2/Me", headers=bearer(tokens["access_token"]))
    assert me.status_code == 401
    assert shop.introspect(tokens["access_token"]) == {"active": False}
    assert shop.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("party", ["shop", "app"])
def test_a_revoked_refresh_token_takes_its_grant_along(request, application, bob_id, party):
    client = request.getfixturevalue(party)
    first = client.tokens(bob_id)
    tokens = client.refresh(first["refresh_token"]).get_json()
    application.clock.move(seconds=1)

    assert client.post("/oauth2/revoke", token=tokens["refresh_token"]).status_code == 200

    application.clock.move(seconds=1)
    assert client.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    for token in (first["access_token"], tokens["access_token"]):
        assert application.app.test_client().get("/scim2/Me", headers=bearer(token)).status_code == 401


def test_nobody_revokes_somebody_elses_token(shop, app, bob_id):
    tokens = shop.tokens(bob_id)

    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert app.post("/oauth2/revoke", token=token).get_json()["error"] == "invalid_grant"
    assert shop.introspect(tokens["access_token"])["active"]
    assert shop.refresh(tokens["refresh_token"]).status_code == 200


def test_a_token_that_is_none_is_revoked_already(shop):
    assert shop.post("/oauth2/revoke", token="unknown").status_code == 200


def test_the_other_tokens_of_an_operator_are_no_clients_to_revoke(application, shop, bob_id):
    token = application.user_token(bob_id)

    assert shop.post("/oauth2/revoke", token=token).get_json()["error"] == "invalid_grant"
    assert application.app.test_client().get("/scim2/Me", headers=bearer(token)).status_code == 200


def test_userinfo_tells_what_the_token_is_for(application, shop, bob_id):
    client = application.app.test_client()
    all_of_it = shop.tokens(bob_id)["access_token"]
    a_little = shop.tokens(bob_id, frozenset({"openid"}))["access_token"]

    for method in ("GET", "POST"):
        answer = client.open("/oauth2/userinfo", method=method, headers={**bearer(all_of_it), **BROWSER})
        claims = answer.get_json()
        assert (claims["sub"], claims["preferred_username"]) == (bob_id, "bob")
        assert (claims["phone_number"], claims["phone_number_verified"]) == (ANN, True)
        assert claims["pending_phone_number"] == DAN
        assert (answer.headers["Cache-Control"], answer.headers["Access-Control-Allow-Origin"]) == ("no-store", "*")
    assert client.get("/oauth2/userinfo", headers=bearer(a_little)).get_json() == {"sub": bob_id}


def test_userinfo_tells_of_users_only(application, shop, bob_id):
    client = application.app.test_client()
    answers = {
        "no token": client.get("/oauth2/userinfo", headers=BROWSER),
        "no openid": client.get("/oauth2/userinfo", headers=bearer(application.user_token(bob_id))),
        "no user": client.get("/oauth2/userinfo", headers=bearer(application.client_token(frozenset({"openid"})))),
    }

    told = {name: (answer.status_code, answer.get_json()["error"]) for name, answer in answers.items()}
    assert told == {
        "no token": (401, "invalid_token"),
        "no openid": (403, "insufficient_scope"),
        "no user": (401, "invalid_token"),
    }
    # A page that asked may read the answer, too.
    assert answers["no token"].headers["Access-Control-Allow-Origin"] == "*"


def test_a_browser_is_told_beforehand_what_a_page_may_ask(application):
    client = application.app.test_client()

    for path in ("userinfo", "token", "revoke", "jwks"):
        answer = client.options(f"/oauth2/{path}", headers={**BROWSER, "Access-Control-Request-Method": "POST"})
        assert answer.status_code in {200, 204}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in client.options("/oauth2/introspect", headers=BROWSER).headers


def test_metadata_are_valid_and_name_what_is_there(application):
    client = application.app.test_client()
    answers = [client.get(f"/.well-known/{name}") for name in ("openid-configuration", "oauth-authorization-server")]

    metadata = answers[0].get_json()
    assert answers[1].get_json() == metadata
    assert answers[0].headers["Cache-Control"] == "public, max-age=300"
    base_url = application.services.settings.base_url
    assert metadata["issuer"] == base_url
    rules = {rule.rule for rule in application.app.url_map.iter_rules()}
    endpoints = [value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))]
    assert {endpoint.removeprefix(base_url) for endpoint in endpoints} <= rules
    # Authlib takes nothing but https.
    public = {
        name: value.replace("http://127.0.0.1:8080", "https://id.example") if isinstance(value, str) else value
        for name, value in metadata.items()
    }
    AuthorizationServerMetadata(public).validate()


def test_every_key_verifies_and_the_first_one_signs(start, keys):
    older, newer = parse_issuer_keys(keys["issuer_keys"]), parse_issuer_keys(generate_issuer_keys())
    before = start()
    token = before.client_token()
    both = KeySet([*newer.keys, *older.keys]).as_dict(private=True)
    after = start(issuer_keys=orjson.dumps(both).decode())

    published = after.app.test_client().get("/oauth2/jwks").get_json()

    assert [key["kid"] for key in published["keys"]] == [newer.keys[0].kid, older.keys[0].kid]
    assert all(set(key) == {"kty", "crv", "x", "y", "use", "alg", "kid"} for key in published["keys"])
    known = KeySet.import_key_set(published)
    assert jwt.decode(token, known, algorithms=["ES256"]).header["kid"] == older.keys[0].kid
    assert jwt.decode(after.client_token(), known, algorithms=["ES256"]).header["kid"] == newer.keys[0].kid
    assert after.app.test_client().get("/scim2/Users", headers=bearer(token)).status_code == 200


def test_what_is_not_there_is_told_in_the_form_of_the_protocol(application):
    client = application.app.test_client()

    missing, other_method = client.get("/oauth2/nothing"), client.get("/oauth2/token")

    assert (missing.status_code, missing.get_json()["error"]) == (404, "invalid_request")
    assert (other_method.status_code, other_method.get_json()["error"]) == (405, "invalid_request")
