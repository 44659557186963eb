"""Which attributes an answer holds."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scim.errors import InvalidValue
from scim.projection import Projection
from scim.schemas import ENTERPRISE_SCHEMA, USER_SCHEMA, WSO2_SCHEMA
from tests.factories.schemas import EXTRA, group_type, thing_type, user_type

USER = {
    "schemas": [USER_SCHEMA],
    "id": "1",
    "externalId": "e",
    "meta": {"version": "v", "location": "l"},
    "userName": "x",
    "password": "secret",
    "name": {"givenName": "g", "familyName": "f"},
    "emails": [{"value": "a", "type": "work"}, {"value": "b"}, {"type": "home"}],
    ENTERPRISE_SCHEMA: {"department": "d", "manager": {"value": "m"}},
    WSO2_SCHEMA: {"mobileNumbers": ["1"], "pendingMobileNumber": "2", "verifyMobile": True},
}
ALWAYS = {"schemas": [USER_SCHEMA], "id": "1"}
DEFAULT = {name: value for name, value in USER.items() if name != "password"} | {
    WSO2_SCHEMA: {"mobileNumbers": ["1"], "pendingMobileNumber": "2"}
}


def shown(attributes: str | None = None, excluded: str | None = None, document: Any = None) -> Any:
    return Projection.from_query(attributes, excluded).apply(document or USER, user_type())


def less(*names: str) -> dict[str, Any]:
    return {name: value for name, value in DEFAULT.items() if name not in names}


def test_default_is_all_but_what_is_never_returned():
    """RFC 7643 §7."""
    assert shown() == DEFAULT


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [(None, None, True), ("", " , ", True), ("a", None, False), (None, "a", False)],
)
def test_default_is_told_apart(attributes: str | None, excluded: str | None, expected: bool):
    assert Projection.from_query(attributes, excluded).is_default is expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("userName", {"userName": "x"}),
        ("USERNAME, meta.version", {"userName": "x", "meta": {"version": "v"}}),
        (f"{USER_SCHEMA}:userName", {"userName": "x"}),
        ("name.givenName", {"name": {"givenName": "g"}}),
        ("name.givenName,name.familyName", {"name": {"givenName": "g", "familyName": "f"}}),
        ("name.givenName,name", {"name": {"givenName": "g", "familyName": "f"}}),
        ("name,name.givenName", {"name": {"givenName": "g", "familyName": "f"}}),
        ("emails.value", {"emails": [{"value": "a"}, {"value": "b"}]}),
        ("emails.display", {}),
        ("name.middleName", {}),
        (f"{ENTERPRISE_SCHEMA}:manager.value", {ENTERPRISE_SCHEMA: {"manager": {"value": "m"}}}),
        ("password", {}),
        ("unknown,name.unknown,a b,,urn:example:x:y", {}),
        ("department", {}),
        ("urn:SCIM:wso2:schema:mobileNumbers", {WSO2_SCHEMA: {"mobileNumbers": ["1"]}}),
        (f"{ENTERPRISE_SCHEMA}:pendingMobileNumber", {WSO2_SCHEMA: {"pendingMobileNumber": "2"}}),
        (WSO2_SCHEMA, {WSO2_SCHEMA: {"mobileNumbers": ["1"], "pendingMobileNumber": "2"}}),
        (
            ENTERPRISE_SCHEMA,
            {ENTERPRISE_SCHEMA: USER[ENTERPRISE_SCHEMA], WSO2_SCHEMA: {"pendingMobileNumber": "2"}},
        ),
        (USER_SCHEMA, {name: USER[name] for name in ("userName", "name", "emails")}),
    ],
)
def test_attributes_asked_for_come_beside_what_always_comes(attributes: str, expected: dict[str, Any]):
    """RFC 7644 §3.9."""
    assert shown(attributes) == ALWAYS | expected


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ("emails", less("emails")),
        ("EMAILS, meta", less("emails", "meta")),
        ("id,schemas", DEFAULT),
        ("unknown", DEFAULT),
        ("name.givenName", DEFAULT | {"name": {"familyName": "f"}}),
        ("name.givenName,name.familyName", less("name")),
        ("emails.value", DEFAULT | {"emails": [{"type": "work"}, {"type": "home"}]}),
        (f"{ENTERPRISE_SCHEMA}:manager", DEFAULT | {ENTERPRISE_SCHEMA: {"department": "d"}}),
        (WSO2_SCHEMA, less(WSO2_SCHEMA)),
    ],
)
def test_attributes_excluded_are_left_out_unless_they_always_come(excluded: str, expected: dict[str, Any]):
    """RFC 7644 §3.9."""
    assert shown(None, excluded) == expected


def test_both_parameters_at_once_are_an_invalid_value():
    """RFC 7644 §3.9 calls them mutually exclusive."""
    with pytest.raises(InvalidValue, match="cannot both be given"):
        shown("userName", "emails")


def test_document_is_left_as_it_is():
    before = copy.deepcopy(USER)

    shown("name.givenName")

    assert before == USER


def test_what_no_schema_knows_is_not_shown():
    assert shown(document={"id": "1", "stray": 1, WSO2_SCHEMA: {"stray": 1}}) == {"id": "1"}


THINGS = thing_type(
    {"name": "key", "returned": "always"},
    {"name": "secret", "returned": "never"},
    {"name": "bulk", "returned": "request"},
    {
        "name": "box",
        "type": "complex",
        "subAttributes": [
            {"name": "label", "returned": "always"},
            {"name": "pin", "returned": "never"},
            {"name": "weight", "returned": "request"},
            {"name": "size"},
        ],
    },
    extension=({"name": "heavy", "returned": "request"}, {"name": "light"}),
)
THING = {
    "key": "k",
    "secret": "s",
    "bulk": "b",
    "box": {"label": "l", "pin": "p", "weight": "w", "size": "z"},
    EXTRA: {"heavy": "h", "light": "i"},
}


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        ("", "", {"key": "k", "box": {"label": "l", "size": "z"}, EXTRA: {"light": "i"}}),
        ("bulk,secret", "", {"key": "k", "bulk": "b"}),
        ("box", "", {"key": "k", "box": {"label": "l", "size": "z"}}),
        ("box.weight,box.pin", "", {"key": "k", "box": {"label": "l", "weight": "w"}}),
        (EXTRA, "", {"key": "k", EXTRA: {"light": "i"}}),
        (f"{EXTRA}:heavy", "", {"key": "k", EXTRA: {"heavy": "h"}}),
        ("", "key,box.label", {"key": "k", "box": {"label": "l", "size": "z"}, EXTRA: {"light": "i"}}),
        ("", f"box,{EXTRA}", {"key": "k"}),
    ],
)
def test_each_kind_of_returned_is_obeyed(attributes: str, excluded: str, expected: dict[str, Any]):
    """RFC 7643 §7."""
    assert Projection.from_query(attributes, excluded).apply(THING, THINGS) == expected


def test_selection_is_worked_out_once_for_many():
    selection = Projection(("userName",)).selection(user_type())

    assert [selection.apply({"id": number, "userName": "x", "title": "t"}) for number in "12"] == [
        {"id": "1", "userName": "x"},
        {"id": "2", "userName": "x"},
    ]


@pytest.mark.parametrize(
    ("attributes", "excluded", "is_shown"),
    [
        ("", "", True),
        ("members", "", True),
        ("members.value", "", True),
        ("displayName", "", False),
        ("", "members", False),
        ("", "members.display", True),
        ("", "displayName", True),
    ],
)
def test_it_is_known_beforehand_whether_members_are_shown(attributes, excluded, is_shown):
    selection = Projection.from_query(attributes, excluded).selection(group_type())

    assert selection.shows("members") is is_shown


@pytest.mark.parametrize(
    ("returned", "asked", "is_shown"),
    [
        ("always", "", True),
        ("never", "thing", False),
        ("request", "", False),
        ("request", "thing", True),
    ],
    ids=["always", "never", "request", "request, asked for"],
)
def test_whether_an_attribute_is_shown_follows_its_returned(returned, asked, is_shown):
    thing = thing_type({"name": "thing", "type": "string", "returned": returned})

    assert Projection.from_query(asked, "").selection(thing).shows("thing") is is_shown


def test_an_unknown_attribute_is_not_shown():
    assert not Projection().selection(group_type()).shows("nothing")
