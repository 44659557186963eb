"""Bodies that are none: the protocol's own error, nothing stored, nothing sent, nothing counted."""

from __future__ import annotations

import io
import json

import pytest

from api.bodies import MAX_BODY
from tests.factories.people import ANN, CODES, DAN, ON_UPDATE, scenario
from tests.factories.servers import PATCH_SCHEMA, WSO2

SCIM_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SCIM_TYPE = "application/scim+json"
SCIM_PATHS = ("/scim2/Users", "/scim2/Groups", "/scim2/Bulk", "/scim2/Users/.search", "/scim2/.search")
CODE_PATHS = ("me/validate-code", "me/resend-code", "validate-code", "resend-code")

NO_JSON = {
    "empty": b"",
    "cut off": b'{"userName": "bob"',
    "single quotes": b"{'userName': 'eve'}",
    "trailing comma": b'{"userName": "eve",}',
    "two documents": b'{"userName": "eve"} {}',
    "bad UTF-8": b'{"userName": "\xff\xfe"}',
    "UTF-16": '{"userName": "eve"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"userName": "eve"}',
    "NUL": b"\x00",
    "lone surrogate": b'{"userName": "\\ud800"}',
    "not a number": b'{"userName": NaN}',
    "endless": b'{"userName": 1e999}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "a form": b"userName=eve",
}
NO_OBJECT = {"null": b"null", "list": b"[]", "text": b'"eve"', "number": b"1", "true": b"true"}


def raw(user, method, path, data, content_type=SCIM_TYPE, *, by=None):
    """Send bytes as they are."""
    token = (by or user.application.admin()).token
    headers = {"Authorization": f"Bearer {token}"}
    client = user.application.app.test_client()
    return client.open(path, method=method, data=data, headers=headers, content_type=content_type)


def assert_scim_error(answer, status, scim_type=None):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == SCIM_TYPE
    body = answer.get_json()
    assert body["schemas"] == [SCIM_ERROR]
    assert body["status"] == str(status)
    assert body.get("scimType") == scim_type
    assert body["detail"]


def assert_plain_error(answer, status, code=None):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.get_json()
    assert body.keys() == {"code", "message", "description", "traceId"}
    assert answer.headers["X-Request-Id"] == body["traceId"]
    if code is not None:
        assert body["code"] == code


@pytest.fixture(scope="module")
def untouched(standing):
    """Give bob a pending number, and see at the end that nothing has changed."""
    standing.send(p=DAN)
    standing.application.deliver()
    before, live = standing.show(), standing.live()
    yield standing
    assert standing.show() == before
    assert standing.live() == live
    assert standing.application.admin().get("/scim2/Users").get_json()["totalResults"] == 1
    assert standing.application.admin().get("/scim2/Groups").get_json()["totalResults"] == 0
    assert standing.application.deliver() == []
    assert len(standing.application.carrier.messages) == 1


@pytest.mark.parametrize("data", NO_JSON.values(), ids=NO_JSON)
@pytest.mark.parametrize("path", [*SCIM_PATHS, "me"])
def test_what_is_no_json_is_refused(untouched, path, data):
    method = "POST" if path in SCIM_PATHS else "PUT"
    path = path if path in SCIM_PATHS else untouched.path

    assert_scim_error(raw(untouched, method, path, data), 400, "invalidSyntax")


@pytest.mark.parametrize("data", [*NO_JSON.values(), *NO_OBJECT.values()], ids=[*NO_JSON, *NO_OBJECT])
@pytest.mark.parametrize("path", CODE_PATHS)
def test_what_is_no_json_object_is_no_check(untouched, path, data):
    by = untouched.caller if path.startswith("me/") else None

    answer = raw(untouched, "POST", f"{CODES}/{path}", data, "application/json", by=by)

    assert_plain_error(answer, 400)


@pytest.mark.parametrize("data", NO_OBJECT.values(), ids=NO_OBJECT)
@pytest.mark.parametrize("path", SCIM_PATHS)
def test_a_body_must_be_an_object(untouched, path, data):
    assert_scim_error(raw(untouched, "POST", path, data), 400, "invalidSyntax")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("data", NO_OBJECT.values(), ids=NO_OBJECT)
def test_a_change_must_be_an_object(untouched, method, data):
    assert_scim_error(raw(untouched, method, untouched.path, data), 400, "invalidSyntax")


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application"],
)
class TestTheMediaType:
    @pytest.mark.parametrize(
        ("method", "path"), [("POST", "/scim2/Users"), ("PATCH", "/scim2/Me"), ("PUT", "/scim2/Me")]
    )
    def test_must_be_json_for_scim(self, untouched, content_type, method, path):
        assert_scim_error(
            raw(untouched, method, path, b"{}", content_type, by=untouched.caller if "Me" in path else None), 415
        )

    @pytest.mark.parametrize("path", CODE_PATHS)
    def test_must_be_json_for_codes(self, untouched, content_type, path):
        by = untouched.caller if path.startswith("me/") else None

        assert_plain_error(raw(untouched, "POST", f"{CODES}/{path}", b"{}", content_type, by=by), 415)


@pytest.mark.parametrize("content_type", ["application/json", SCIM_TYPE, "Application/JSON; charset=utf-8"])
def test_both_media_types_are_read(untouched, content_type):
    answer = raw(untouched, "PATCH", untouched.path, b'{"Operations": []}', content_type)

    assert_scim_error(answer, 400, "invalidSyntax")


class TestAHugeBody:
    @pytest.mark.parametrize("path", ["/scim2/Users", "/scim2/.search"])
    def test_is_refused_by_its_length(self, untouched, path):
        assert_scim_error(raw(untouched, "POST", path, b" " * (MAX_BODY + 1)), 413)

    @pytest.mark.parametrize("path", CODE_PATHS)
    def test_is_refused_as_a_check(self, untouched, path):
        by = untouched.caller if path.startswith("me/") else None
        data = b'{"code": "' + b"1" * MAX_BODY + b'"}'

        assert_plain_error(raw(untouched, "POST", f"{CODES}/{path}", data, "application/json", by=by), 413)

    def test_is_refused_without_a_length(self, untouched):
        chunked = {
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": io.BytesIO(b" " * (MAX_BODY + 1)),
            "wsgi.input_terminated": True,
        }

        answer = untouched.application.admin().call(
            "POST", "/scim2/Users", content_type=SCIM_TYPE, environ_overrides=chunked
        )

        assert_scim_error(answer, 413)

    def test_at_the_limit_is_read(self, untouched):
        assert_scim_error(raw(untouched, "POST", "/scim2/Users", b"{}".ljust(MAX_BODY)), 400, "invalidValue")


def test_a_body_that_breaks_off_is_not_what_was_meant(untouched):
    """RFC 9112 §8: also where what did come is whole JSON."""
    data = b'{"Operations": [{"op": "replace", "value": {"displayName": "cut off"}}]}'
    broken = {"CONTENT_LENGTH": "1000", "wsgi.input": io.BytesIO(data), "wsgi.input_terminated": True}

    answer = untouched.caller.call("PATCH", "/scim2/Me", content_type=SCIM_TYPE, environ_overrides=broken)

    assert_scim_error(answer, 400, "invalidSyntax")


# Whole JSON, and no PATCH

BAD_PATCHES = {
    "no operations": ({}, "invalidSyntax"),
    "operations that are none": ({"Operations": {}}, "invalidSyntax"),
    "an empty list": ({"Operations": []}, "invalidSyntax"),
    "an operation that is none": ({"Operations": ["replace"]}, "invalidSyntax"),
    "no op": ({"Operations": [{"value": {}}]}, "invalidSyntax"),
    "an unknown op": ({"Operations": [{"op": "steal", "value": {}}]}, "invalidSyntax"),
    "an op of another type": ({"Operations": [{"op": 1, "value": {}}]}, "invalidSyntax"),
    "another schema": ({"schemas": [WSO2], "Operations": [{"op": "add", "value": {}}]}, "invalidSyntax"),
    "schemas of another type": ({"schemas": 1, "Operations": [{"op": "add", "value": {}}]}, "invalidSyntax"),
    "a path of another type": ({"Operations": [{"op": "add", "path": 1, "value": 1}]}, "invalidSyntax"),
    "no value": ({"Operations": [{"op": "replace", "path": "displayName"}]}, "invalidValue"),
    "no path to remove": ({"Operations": [{"op": "remove"}]}, "noTarget"),
    "a value without a path that is no object": ({"Operations": [{"op": "add", "value": "x"}]}, "invalidValue"),
    "one bad operation among good ones": (
        {"Operations": [{"op": "replace", "value": {"displayName": "x"}}, {"op": "add", "path": "nope", "value": 1}]},
        "invalidPath",
    ),
}


@pytest.mark.parametrize(("body", "scim_type"), BAD_PATCHES.values(), ids=BAD_PATCHES)
@pytest.mark.parametrize("me", [False, True], ids=["Users", "Me"])
def test_a_faulty_patch_is_refused(untouched, body, scim_type, me):
    caller = untouched.caller if me else untouched.application.admin()

    answer = caller.call("PATCH", "/scim2/Me" if me else untouched.path, {"schemas": [PATCH_SCHEMA], **body})

    assert_scim_error(answer, 400, scim_type)


BAD_PATHS = [
    "nope",
    "emails[",
    "emails[]",
    "emails[type",
    'emails[type eq "work"',
    'emails[type eq "work"]]',
    'emails[type = "work"]',
    "emails..value",
    ".emails",
    "name.nope",
    "name.formatted.more",
    "urn:nope:userName",
    f"{WSO2}:nope",
    "$ref",
    "\x00",
    " ",
    "emails[" * 500,
    "a" * 100_000,
    "userName\n",
]


@pytest.mark.parametrize("path", BAD_PATHS, ids=lambda path: repr(path[:24]))
@pytest.mark.parametrize("op", ["add", "replace", "remove"])
def test_a_bad_path_is_refused(untouched, op, path):
    answer = untouched.caller.patch("/scim2/Me", {"op": op, "path": path, "value": "x"})

    assert answer.status_code == 400
    assert answer.get_json()["scimType"] in {"invalidPath", "invalidFilter"}


BAD_VALUES = {
    "a number": {"displayName": 1},
    "a list": {"displayName": ["x", "y"]},
    "an object": {"displayName": {"x": "y"}},
    "NUL": {"displayName": "a\x00b"},
    "a list for an object": {"name": ["x"]},
    "a text for an object": {"name": "x"},
    "a text for a boolean": {"active": "maybe"},
    "numbers for elements": {"emails": [1, 2]},
    "lists for elements": {"emails": [["x"]]},
    "a wrong sub-attribute": {"emails": [{"value": 1}]},
    "two primaries": {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
    "no name": {"userName": ""},
    "null for the name": {"userName": None},
    "a blank name": {"userName": "  "},
    "a long name": {"userName": "x" * 10_000},
    "an extension that is no object": {WSO2: "x"},
    "a mobile of another type": {"phoneNumbers": [{"type": "mobile", "value": 123456789}]},
    "a mobile that is none": {"phoneNumbers": [{"type": "mobile", "value": "call me"}]},
    "a mobile with NUL": {"phoneNumbers": [{"type": "mobile", "value": "012\x003"}]},
    "a long mobile": {"phoneNumbers": [{"type": "mobile", "value": "1" * 1000}]},
    "numbers in a list of numbers": {WSO2: {"mobileNumbers": [123]}},
    "an object for a list of numbers": {WSO2: {"mobileNumbers": {"value": ANN}}},
    "no numbers in a list": {WSO2: {"verifiedMobileNumbers": [ANN, "me"]}},
    "a wish that is none": {WSO2: {"verifyMobile": "perhaps"}},
}


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
class TestABadValue:
    def test_is_refused_in_a_patch(self, untouched, value):
        assert_scim_error(untouched.caller.replace("/scim2/Me", value), 400, _kind(value))

    def test_is_refused_in_a_put(self, untouched, value):
        body = {"userName": "bob", **value}

        assert_scim_error(untouched.application.admin().put(untouched.path, body), 400, "invalidValue")

    def test_is_refused_in_a_new_user(self, untouched, value):
        body = {"userName": "eve", **value}

        assert_scim_error(untouched.application.admin().post("/scim2/Users", body), 400, "invalidValue")

    def test_is_refused_in_a_bulk_request(self, untouched, value):
        operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "eve", **value}}

        answer = untouched.application.admin().post(
            "/scim2/Bulk",
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [operation]},
        )

        (result,) = answer.get_json()["Operations"]
        assert (answer.status_code, result["status"]) == (200, "400")
        assert result["response"]["scimType"] == "invalidValue"


def _kind(value):
    # RFC 7644 §3.5.2.2: a required attribute that a PATCH would unassign is a matter of mutability.
    return "mutability" if value == {"userName": None} else "invalidValue"


def test_a_refused_value_is_not_repeated(untouched):
    number = "09876543210987654321"

    answer = untouched.send(p=number, v=[number], n=[number])

    assert answer.status_code == 400
    assert number not in answer.get_data(as_text=True)


BAD_CHECKS = {
    "no code": {},
    "a number": {"code": 123456},
    "null": {"code": None},
    "a list": {"code": ["123456"]},
    "an object": {"code": {"value": "123456"}},
    "a boolean": {"code": True},
}


@pytest.mark.parametrize("body", BAD_CHECKS.values(), ids=BAD_CHECKS)
@pytest.mark.parametrize("path", ["me/validate-code", "validate-code"])
def test_a_check_without_a_code_is_none(untouched, path, body):
    caller = untouched.caller if path.startswith("me/") else untouched.application.admin()

    answer = caller.post(f"{CODES}/{path}", body)

    assert_plain_error(answer, 400, "INVALID_REQUEST")
    assert "123456" not in answer.get_data(as_text=True)


BAD_USERS = {
    "a text": "bob",
    "null": None,
    "a list": ["bob"],
    "nameless": {},
    "an empty name": {"username": ""},
    "a name that is none": {"username": 1},
}


@pytest.mark.parametrize("user", BAD_USERS.values(), ids=BAD_USERS)
@pytest.mark.parametrize("path", ["validate-code", "resend-code"])
def test_a_user_must_be_named(untouched, path, user):
    body = {"code": "123456", **scenario(ON_UPDATE), "user": user}

    assert_plain_error(untouched.application.admin().post(f"{CODES}/{path}", body), 400, "INVALID_REQUEST")


@pytest.mark.parametrize("name", ["nobody", "b\x00b", "x" * 100_000, "bob\n", "%", "_ob"])
@pytest.mark.parametrize("path", ["validate-code", "resend-code"])
def test_an_unknown_user_is_told(untouched, path, name):
    body = {"code": "123456", **scenario(ON_UPDATE), "user": {"username": name}}

    assert_plain_error(untouched.application.admin().post(f"{CODES}/{path}", body), 400, "UAR-10012")


def test_what_a_member_is_called_is_not_repeated_beyond_its_name(untouched):
    answer = untouched.application.admin().post(f"{CODES}/validate-code", {"code": ["918273"], "user": "918273"})

    assert_plain_error(answer, 400, "INVALID_REQUEST")
    assert answer.get_json()["description"] == "Missing or faulty: code, user."


def test_members_without_meaning_are_ignored(untouched):
    body = json.dumps({"code": "x", "verifiedChannel": {"type": "SMS"}, "more": [1], "properties": None})

    answer = raw(untouched, "POST", f"{CODES}/validate-code", body, "application/json")

    assert_plain_error(answer, 400, "18001")
