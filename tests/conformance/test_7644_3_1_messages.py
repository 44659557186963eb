"""RFC 7644 §3.1, §3.8, §3.12, §3.13: media types, encodings, errors, and what lies outside of the protocol."""

from __future__ import annotations

import json

import pytest

from tests.factories.conformance import SCIM_JSON, USER, expect, expect_error, operation

BODY = {"schemas": [USER]}


def send(scim, content, content_type, path="/Users", method="POST"):
    return scim.caller.call(method, f"/scim2{path}", data=content, content_type=content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/scim+json",
        "application/json",
        "application/scim+json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/SCIM+JSON",
    ],
)
def test_7644_3_1_body_is_scim_json_or_json(scim, content_type):
    content = json.dumps({**BODY, "userName": scim.name()})

    expect(send(scim, content, content_type), 201)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", None])
def test_7644_3_1_body_of_another_type_is_refused(scim, content_type):
    content = json.dumps({**BODY, "userName": scim.name()})

    expect_error(send(scim, content, content_type), 415)


@pytest.mark.parametrize(
    "accept",
    ["application/scim+json", "application/json", "*/*", "application/scim+json; charset=utf-8", "text/html", ""],
)
def test_7644_3_1_answer_is_scim_json(scim, accept):
    answer = scim.caller.get("/scim2/Users?count=0", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == SCIM_JSON


def test_7644_3_8_text_is_utf_8(scim):
    user = scim.add_user(displayName="Ærøskøbing 東京 🙂")

    raw = scim.get(f"/Users/{user['id']}").get_data()

    assert json.loads(raw.decode("utf-8"))["displayName"] == "Ærøskøbing 東京 🙂"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"text"', id="text"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"userName": "\xff"}', id="no UTF-8"),
        pytest.param(b"{'userName': 'ann'}", id="wrong quotes"),
        pytest.param(b'{"userName": NaN}', id="NaN"),
        pytest.param(b"[" * 100_000, id="very deep"),
    ],
)
def test_7644_3_12_body_that_is_no_json_object_is_invalid_syntax(scim, content):
    expect_error(send(scim, content, SCIM_JSON), 400, "invalidSyntax")


def test_7644_3_12_body_that_is_too_large_is_413(scim):
    expect_error(send(scim, b" " * (1024 * 1024 + 1), SCIM_JSON), 413)


@pytest.mark.parametrize("path", ["/Nothing", "/Users/unknown", "/Groups/unknown", "/Users/a/b"])
def test_7644_3_12_unknown_resource_is_404(scim, path):
    expect_error(scim.get(path), 404)


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/Users"), ("PATCH", "/Groups"), ("PUT", "/Users")])
def test_7644_3_12_method_that_is_not_there_is_405(scim, method, path):
    answer = scim.caller.call(method, f"/scim2{path}", {})

    expect_error(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("endpoint", ["/Users", "/Groups"])
def test_7644_3_12_every_method_answers_404_for_what_is_not_there(scim, endpoint, method):
    body = {"Operations": [operation("add", "displayName", "Ann")], "userName": "ann", "displayName": "Ann"}

    expect_error(scim.caller.call(method, f"/scim2{endpoint}/unknown", body), 404)


@pytest.mark.parametrize(
    ("body", "status", "scim_type"),
    [
        pytest.param({"userName": 7}, 400, "invalidValue", id="invalidValue"),
        pytest.param([], 400, "invalidSyntax", id="invalidSyntax"),
        pytest.param({"schemas": "x", "userName": "a"}, 400, "invalidSyntax", id="schemas no list"),
    ],
)
def test_7644_3_12_error_says_what_is_wrong(scim, body, status, scim_type):
    expect_error(scim.post("/Users", body), status, scim_type)


def test_7644_3_12_error_tells_nothing_of_the_inside(scim):
    error = expect_error(scim.get("/Users", filter="userName eq 'ann'"), 400, "invalidFilter")

    assert "ann" not in error["detail"]
    assert "Traceback" not in error["detail"]


def test_7644_3_13_unknown_query_parameters_are_ignored(scim):
    user = scim.add_user()

    assert scim.read(user, aadOptscim062020="", unknown="x")["id"] == user["id"]


def test_7644_3_head_answers_like_get_without_a_body(scim):
    user = scim.add_user()

    answer = scim.caller.call("HEAD", f"/scim2/Users/{user['id']}")

    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert answer.headers["ETag"] == user["meta"]["version"]
