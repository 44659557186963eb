"""The token endpoint: each way to get tokens, good and bad."""

from __future__ import annotations

import pytest
from joserfc import jwt
from sqlalchemy import text

from persistence.migrations.alembic_runner import connected
from tests.factories.openid import CALLBACK, EVERYTHING, OPERATOR, add_client, basic
from tests.factories.people import ANN, DAN

REFUSED = {"status": 400, "error": "invalid_grant"}


def refusal(answer):
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"
    return {"status": answer.status_code, "error": answer.get_json()["error"]}


def verified(application, token):
    return jwt.decode(token, application.services.issuer_keys, algorithms=["ES256"])


def test_a_code_becomes_tokens(shop, app, bob_id):
    for client in (shop, app):
        answer = client.redeem(client.code(bob_id))

        tokens = answer.get_json()
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert set(tokens) == {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
        assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
        assert tokens["scope"].split() == sorted(EVERYTHING)


def test_the_access_token_is_one_of_the_embedded_issuer(application, shop, bob_id):
    token = verified(application, shop.tokens(bob_id)["access_token"])
    now = int(application.clock.now().timestamp())

    base_url = application.services.settings.base_url
    assert (token.header["typ"], token.claims["iss"], token.claims["aud"]) == ("at+jwt", base_url, base_url)
    assert (token.claims["sub"], token.claims["client_id"]) == (bob_id, shop.client.id)
    assert (token.claims["acr"], token.claims["amr"]) == ("aal2", ["pwd", "sms", "mfa"])
    assert (token.claims["auth_time"], token.claims["iat"], token.claims["exp"]) == (now, now, now + 900)


def test_the_access_token_opens_the_own_account(application, shop, bob_id):
    token = shop.tokens(bob_id)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    client = application.app.test_client()

    assert client.get("/scim2/Me", headers=headers).get_json()["id"] == bob_id
    assert client.get("/scim2/Users", headers=headers).status_code == 403


def test_the_id_token_tells_who_how_and_when(application, shop, bob_id):
    token = verified(application, shop.tokens(bob_id)["id_token"])
    now = int(application.clock.now().timestamp())

    assert token.header == {"alg": "ES256", "typ": "JWT", "kid": application.services.issuer_keys.keys[0].kid}
    at_hash = token.claims.pop("at_hash")
    updated_at = token.claims.pop("updated_at")
    assert len(at_hash) == 22
    assert updated_at <= now
    assert token.claims == {
        "iss": application.services.settings.base_url,
        "sub": bob_id,
        "aud": shop.client.id,
        "iat": now,
        "exp": now + 900,
        "auth_time": now,
        "nonce": "n-0S6",
        "acr": "aal2",
        "amr": ["pwd", "sms", "mfa"],
        "preferred_username": "bob",
        "phone_number": ANN,
        "phone_number_verified": True,
        "pending_phone_number": DAN,
    }


def test_an_id_token_is_no_access_token(application, shop, bob_id):
    token = shop.tokens(bob_id)["id_token"]

    answer = application.app.test_client().get("/scim2/Me", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


def test_without_openid_there_is_no_id_token_and_without_offline_access_no_refresh_token(shop, bob_id):
    tokens = shop.tokens(bob_id, frozenset({"internal_login"}))

    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope"}


def test_a_code_is_good_once_and_then_ends_what_came_of_it(application, shop, bob_id):
    code = shop.code(bob_id)
    tokens = shop.redeem(code).get_json()

    assert refusal(shop.redeem(code)) == REFUSED

    application.clock.move(seconds=1)
    assert shop.introspect(tokens["access_token"]) == {"active": False}
    assert refusal(shop.refresh(tokens["refresh_token"])) == REFUSED
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert application.app.test_client().get("/scim2/Me", headers=headers).status_code == 401


def test_a_code_is_bound_to_its_request(shop, bob_id):
    code = shop.code(bob_id)

    for changes in (
        {"redirect_uri": "https://shop.example/other"},
        {"redirect_uri": ""},
        {"code_verifier": "x" * 43},
        {"code": "unknown"},
    ):
        assert refusal(shop.redeem(code, **changes)) == REFUSED
    assert shop.redeem(code).status_code == 200


def test_without_a_verifier_no_client_gets_anything(shop, app, bob_id):
    for client in (shop, app):
        for verifier in ("", "short", "y" * 129):
            answer = client.redeem(client.code(bob_id), code_verifier=verifier)

            assert refusal(answer) == {"status": 400, "error": "invalid_request"}


def test_the_challenge_itself_is_no_verifier(shop, bob_id):
    """As it would be under the method `plain`."""
    assert refusal(shop.redeem(shop.code(bob_id), code_verifier=shop.challenge)) == REFUSED


def test_a_code_of_another_client_is_none(shop, app, bob_id):
    code = shop.code(bob_id)

    assert refusal(app.redeem(code, code_verifier=shop.verifier)) == REFUSED
    assert shop.redeem(code).status_code == 200


def test_a_code_expires(application, shop, bob_id):
    code = shop.code(bob_id)
    application.clock.move(seconds=60)

    assert refusal(shop.redeem(code)) == REFUSED


def revoke_all(application, user_id):
    at = application.clock.now()
    application.services.core.database.transact(lambda unit: unit.revocations.add(user_id, at, at))


def deactivate(application, user_id):
    assert application.admin().replace(f"/scim2/Users/{user_id}", {"active": False}).status_code == 200


def remove(application, user_id):
    assert application.admin().call("DELETE", f"/scim2/Users/{user_id}").status_code == 204


@pytest.mark.parametrize("end", [revoke_all, deactivate, remove])
def test_what_ends_a_users_tokens_ends_codes_and_refresh_tokens(application, shop, bob_id, end):
    code, refresh_token = shop.code(bob_id), shop.tokens(bob_id)["refresh_token"]

    end(application, bob_id)

    assert refusal(shop.redeem(code)) == REFUSED
    assert refusal(shop.refresh(refresh_token)) == REFUSED


def test_a_refresh_token_becomes_new_tokens(application, shop, bob_id):
    first = shop.tokens(bob_id)
    application.clock.move(minutes=30)
    answer = shop.refresh(first["refresh_token"])

    second = answer.get_json()
    assert answer.status_code == 200
    assert second["scope"] == first["scope"]
    assert second["refresh_token"] != first["refresh_token"]
    before, after = (verified(application, tokens["id_token"]).claims for tokens in (first, second))
    same = ("iss", "sub", "aud", "auth_time", "acr", "amr")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    assert after["iat"] == before["iat"] + 1800
    assert "nonce" not in after


def test_a_refresh_token_that_comes_back_ends_its_family(application, shop, bob_id):
    first = shop.tokens(bob_id)
    second = shop.refresh(first["refresh_token"]).get_json()

    assert refusal(shop.refresh(first["refresh_token"])) == REFUSED

    assert refusal(shop.refresh(second["refresh_token"])) == REFUSED
    application.clock.move(seconds=1)
    for tokens in (first, second):
        assert shop.introspect(tokens["access_token"]) == {"active": False}


def test_another_grant_of_the_same_client_goes_on(shop, bob_id):
    first, other = shop.tokens(bob_id), shop.tokens(bob_id)
    shop.refresh(first["refresh_token"])
    shop.refresh(first["refresh_token"])

    assert shop.refresh(other["refresh_token"]).status_code == 200


def test_a_refresh_token_of_another_client_is_none(shop, app, bob_id):
    token = shop.tokens(bob_id)["refresh_token"]

    assert refusal(app.refresh(token)) == REFUSED
    assert shop.refresh(token).status_code == 200


def test_a_refresh_token_that_is_not_used_expires(application, shop, bob_id):
    token = shop.tokens(bob_id)["refresh_token"]
    application.clock.move(days=14)

    assert refusal(shop.refresh(token)) == REFUSED


def test_a_refresh_token_that_is_used_expires_at_last(application, shop, bob_id):
    token = shop.tokens(bob_id)["refresh_token"]
    for _ in range(3):
        application.clock.move(days=9)
        token = shop.refresh(token).get_json()["refresh_token"]
    application.clock.move(days=3)

    assert refusal(shop.refresh(token)) == REFUSED


def test_a_refresh_may_ask_for_less_and_not_for_more(shop, bob_id):
    token = shop.tokens(bob_id, frozenset({"openid", "offline_access", "internal_login"}))["refresh_token"]
    less = shop.refresh(token, scope="internal_login").get_json()

    assert less["scope"] == "internal_login"
    assert refusal(shop.refresh(less["refresh_token"], scope="phone")) == {"status": 400, "error": "invalid_scope"}


def test_a_client_gets_what_it_was_given_in_its_own_name(application):
    sync = add_client(application, redirect_uris=(), scopes=frozenset({"internal_user_mgt_list", "internal_login"}))
    answer = sync.token(grant_type="client_credentials", scope="internal_user_mgt_list internal_user_mgt_delete")

    tokens = answer.get_json()
    assert (answer.status_code, tokens["scope"], tokens["expires_in"]) == (200, "internal_user_mgt_list", 900)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope"}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert application.app.test_client().get("/scim2/Users", headers=headers).status_code == 200
    assert application.app.test_client().get("/scim2/Me", headers=headers).status_code == 403


def test_without_a_wish_a_client_gets_all_it_was_given(application):
    sync = add_client(application, redirect_uris=(), scopes=frozenset({"internal_user_mgt_list", "openid"}))

    assert sync.token(grant_type="client_credentials").get_json()["scope"] == "internal_user_mgt_list"


def test_a_client_gets_nothing_else(application):
    sync = add_client(application, redirect_uris=(), scopes=frozenset({"internal_user_mgt_list", "openid"}))

    for scope in ("internal_user_mgt_delete", "openid", "nonsense"):
        answer = sync.token(grant_type="client_credentials", scope=scope)

        assert refusal(answer) == {"status": 400, "error": "invalid_scope"}


def test_a_public_client_has_no_own_name(app):
    answer = app.token(grant_type="client_credentials")

    assert refusal(answer) == {"status": 401, "error": "invalid_client"}


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(lambda client: basic(client.id, "wrong"), id="wrong secret"),
        pytest.param(lambda client: basic("unknown", "secret"), id="unknown client"),
        pytest.param(lambda client: basic("a%00b", "secret"), id="no client's id"),
        pytest.param(lambda client: basic(client.id, ""), id="no secret"),
        pytest.param(lambda client: "Basic /w==", id="no text"),
        pytest.param(lambda client: "Basic !", id="no base64"),
        pytest.param(lambda client: "Bearer x", id="another scheme"),
    ],
)
def test_a_client_that_does_not_prove_itself_is_told_nothing_else(standing_shop, header):
    browser = standing_shop.application.app.test_client()
    form = {"grant_type": "client_credentials", "token": "x"}
    for path in ("token", "introspect", "revoke"):
        answer = browser.post(f"/oauth2/{path}", data=form, headers={"Authorization": header(standing_shop.client)})

        assert refusal(answer) == {"status": 401, "error": "invalid_client"}
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="lineproof", charset="UTF-8"'
        assert answer.get_json()["error_description"] == "Client authentication failed."


def test_a_secret_may_be_posted(application, shop):
    sent = {"client_id": shop.client.id, "client_secret": shop.secret, "token": "x"}

    answer = application.app.test_client().post("/oauth2/introspect", data=sent)

    assert answer.get_json() == {"active": False}


def test_a_client_with_a_secret_has_to_show_it(application, shop, bob_id):
    sent = {
        "grant_type": "authorization_code",
        "client_id": shop.client.id,
        "code": shop.code(bob_id),
        "redirect_uri": CALLBACK,
        "code_verifier": shop.verifier,
    }

    answer = application.app.test_client().post("/oauth2/token", data=sent)

    assert refusal(answer) == {"status": 401, "error": "invalid_client"}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param("", "invalid_request", id="nothing"),
        pytest.param("grant_type=", "invalid_request", id="an empty grant type"),
        pytest.param("grant_type=password", "unsupported_grant_type", id="a grant type there is not"),
        pytest.param("grant_type=a%22b", "invalid_request", id="a grant type no error may repeat"),
        pytest.param("grant_type=refresh_token&grant_type=password", "invalid_request", id="two grant types"),
        pytest.param("grant_type=refresh_token", "invalid_request", id="no refresh token"),
        pytest.param("grant_type=authorization_code", "invalid_request", id="no code"),
        pytest.param("grant_type=authorization_code&code=a%00b", "invalid_request", id="control characters"),
    ],
)
def test_a_request_that_is_none(standing_shop, data, error):
    answer = standing_shop.application.app.test_client().post(
        "/oauth2/token",
        data=data,
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": basic(standing_shop.client.id, standing_shop.secret)},
    )

    assert refusal(answer) == {"status": 400, "error": error}


def test_parameters_in_the_address_are_not_read(standing_shop):
    answer = standing_shop.post("/oauth2/token?grant_type=client_credentials")

    assert refusal(answer) == {"status": 400, "error": "invalid_request"}


def test_a_form_that_is_too_large_is_not_read(standing_shop):
    answer = standing_shop.token(grant_type="x" * 20_000)

    assert refusal(answer) == {"status": 413, "error": "invalid_request"}


def test_a_client_that_was_removed_has_nothing_left(application, shop, bob_id):
    own = add_client(application, redirect_uris=(), scopes=frozenset({"internal_user_mgt_list"}))
    mine = own.token(grant_type="client_credentials").get_json()["access_token"]
    tokens = shop.tokens(bob_id)
    application.clock.move(seconds=1)
    for party in (shop, own):
        application.services.clients.remove(party.client.id, OPERATOR)
    application.clock.move(seconds=1)

    for token in (mine, tokens["access_token"]):
        headers = {"Authorization": f"Bearer {token}"}
        assert application.app.test_client().get("/scim2/Me", headers=headers).status_code == 401
    assert refusal(shop.refresh(tokens["refresh_token"])) == {"status": 401, "error": "invalid_client"}


def test_a_scope_that_was_taken_from_a_client_is_gone_at_the_next_refresh(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    with connected(application.services.core.database.url) as connection:
        connection.execute(text("UPDATE oauth_clients SET scopes = 'openid offline_access'"))
        connection.commit()

    assert shop.refresh(tokens["refresh_token"]).get_json()["scope"] == "offline_access openid"


def test_the_database_holds_neither_codes_nor_tokens_nor_secrets(application, shop, bob_id):
    code = shop.code(bob_id)
    tokens = shop.redeem(code).get_json()
    with connected(application.services.core.database.url) as connection:
        tables = ("oauth_clients", "oauth_grants", "refresh_tokens", "audit_events")
        rows = [str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables]  # noqa: S608

    for secret in (code, tokens["refresh_token"], tokens["access_token"], shop.secret, shop.verifier):
        assert all(secret not in row for row in rows)


def test_what_is_over_is_swept(application, shop, bob_id):
    tokens = shop.tokens(bob_id)
    shop.refresh(shop.refresh(tokens["refresh_token"]).get_json()["refresh_token"])
    shop.post("/oauth2/revoke", token=shop.tokens(bob_id)["refresh_token"])

    def counts():
        with connected(application.services.core.database.url) as connection:
            tables = ("browser_sessions", "oauth_grants", "refresh_tokens", "token_revocations")
            return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables]  # noqa: S608

    before = counts()
    application.clock.move(days=15)
    application.sweep()
    between = counts()
    application.clock.move(days=15)
    application.sweep()

    assert (before, between, counts()) == ([2, 1, 3, 1], [0, 1, 0, 0], [0, 0, 0, 0])
