"""RFC 7644 §3.11: /Me, the resource of whom the token stands for."""

from __future__ import annotations

import pytest

from tests.factories.conformance import Client, expect, expect_error, operation


@pytest.fixture
def user(scim):
    return scim.add_user(title="Guide")


@pytest.fixture
def ann(service, user):
    return Client(service, service.user(user["id"]))


def test_7644_3_11_me_is_the_users_own_resource(ann, user):
    answer = ann.get("/Me")

    assert expect(answer) == user
    assert answer.headers["ETag"] == user["meta"]["version"]
    assert user["meta"]["location"].endswith(f"/Users/{user['id']}")


def test_7644_3_11_me_is_patched_and_replaced(ann, scim, user):
    patched = expect(ann.caller.patch("/scim2/Me", operation("replace", "title", "Head")))
    replaced = expect(ann.caller.put("/scim2/Me", {**user, "title": "Chief"}))

    assert (patched["title"], replaced["title"]) == ("Head", "Chief")
    assert scim.read(user) == replaced


def test_7644_3_11_me_is_projected(ann):
    assert set(expect(ann.get("/Me", attributes="title"))) == {"schemas", "id", "title"}


def test_7644_3_11_me_obeys_preconditions(ann, user):
    expect_error(
        ann.caller.call(
            "PATCH", "/scim2/Me", {"Operations": [operation("add", "title", "x")]}, headers={"If-Match": 'W/"7"'}
        ),
        412,
    )
    answer = ann.caller.get("/scim2/Me", headers={"If-None-Match": user["meta"]["version"]})
    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_7644_3_11_me_of_a_client_is_not_there(scim):
    for method in ("GET", "PUT", "PATCH"):
        body = {"Operations": [operation("add", "title", "x")], "userName": "ann"}
        expect_error(scim.caller.call(method, "/scim2/Me", body), 404)


def test_7644_3_11_own_token_opens_nobody_elses_resource(ann, scim):
    other = scim.add_user()

    expect_error(ann.get(f"/Users/{other['id']}"), 403)
    expect_error(ann.get("/Users"), 403)


def test_7644_3_11_nobody_removes_the_own_account(ann, scim, user):
    expect_error(ann.caller.call("DELETE", "/scim2/Me"), 403)
    assert scim.read(user) == user
