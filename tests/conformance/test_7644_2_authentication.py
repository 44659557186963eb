"""RFC 7644 §2 and §7: who may call, and what a refusal looks like (RFC 6750 §3)."""

from __future__ import annotations

import pytest

from api.auth.scopes import Scope
from tests.factories.application import Caller
from tests.factories.conformance import Client, expect, expect_error

PATHS = ["/Users", "/Users/1", "/Groups", "/Me", "/Bulk", "/.search", "/Users/.search"]


@pytest.fixture
def anonymous(service):
    client = service.app.test_client()
    return lambda method, path, **headers: client.open(f"/scim2{path}", method=method, headers=headers, json={})


def limited(service, *scopes):
    return Client(service, Caller(service, service.client_token(frozenset(scopes))))


@pytest.mark.parametrize("path", PATHS)
def test_7644_2_request_without_a_token_is_challenged(anonymous, path):
    answer = anonymous("POST" if "." in path or path == "/Bulk" else "GET", path)

    expect_error(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")
    assert "error=" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_7644_2_every_method_wants_a_token(anonymous, method):
    expect_error(anonymous(method, "/Users/1"), 401)


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "Bearer", "bearer "], ids=repr
)
def test_7644_2_token_that_is_none_is_refused(anonymous, header):
    answer = anonymous("GET", "/Users", Authorization=header)

    expect_error(answer, 401)
    assert "WWW-Authenticate" in answer.headers


def test_7644_2_invalid_token_is_called_that(anonymous):
    answer = anonymous("GET", "/Users", Authorization="Bearer a.b.c")

    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_7644_2_scheme_is_read_without_case(service, anonymous):
    assert anonymous("GET", "/Users", Authorization=f"bEARER {service.client_token()}").status_code == 200


def test_7644_2_token_without_the_scope_is_forbidden(service):
    answer = limited(service, Scope.USER_VIEW).post("/Users", {"userName": "ann"})

    expect_error(answer, 403)
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert Scope.USER_CREATE in answer.headers["WWW-Authenticate"]


def test_7644_2_refusal_comes_before_the_body_is_looked_at(service):
    answer = limited(service, Scope.USER_VIEW).post("/Users", "no object")

    expect_error(answer, 403)


@pytest.mark.parametrize(
    ("scope", "works", "fails"),
    [
        pytest.param(Scope.USER_VIEW, "/Users/{id}", "/Users", id="view is not list"),
        pytest.param(Scope.USER_LIST, "/Users", "/Users/{id}", id="list is not view"),
        pytest.param(Scope.GROUP_VIEW, "/Groups", "/Users", id="groups are not users"),
    ],
)
def test_7644_2_scope_opens_what_it_names(scim, service, scope, works, fails):
    user = scim.add_user()
    client = limited(service, scope)

    expect(client.get(works.format(id=user["id"])))
    expect_error(client.get(fails.format(id=user["id"])), 403)


def test_7644_7_4_token_in_the_url_is_not_taken(service):
    answer = service.app.test_client().get(f"/scim2/Users?access_token={service.client_token()}")

    expect_error(answer, 401)


def test_7644_7_4_answers_are_not_cached(scim):
    user = scim.add_user()

    assert scim.get(f"/Users/{user['id']}").headers["Cache-Control"] == "no-store"


def test_7644_2_1_token_of_a_user_who_is_deactivated_is_void(scim, service):
    user = scim.add_user()
    ann = Client(service, service.user(user["id"]))
    expect(ann.get("/Me"))

    scim.patched(user, {"op": "replace", "value": {"active": False}})
    service.clock.move(seconds=2)

    expect_error(ann.get("/Me"), 401)
