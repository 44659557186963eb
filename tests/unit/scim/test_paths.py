"""Paths of PATCH operations: RFC 7644 §3.5.2 figure 7, and what they mean for a resource type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.attributes import AttributePath
from scim.errors import InvalidFilter, InvalidPath
from scim.filter_nodes import Comparison, Operator
from scim.paths import PatchPath, PatchTarget, find_target, parse_path
from tests.factories.filters import NAMES, nodes, render
from tests.factories.schemas import user_type

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WORK = Comparison(AttributePath(None, "type"), Operator.EQ, "work")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("userName", PatchPath(AttributePath(None, "userName"))),
        ("name.givenName", PatchPath(AttributePath(None, "name"), None, "givenName")),
        ('emails[type eq "work"]', PatchPath(AttributePath(None, "emails"), WORK)),
        ('emails[type eq "work"].value', PatchPath(AttributePath(None, "emails"), WORK, "value")),
        (f"{ENTERPRISE}:manager.value", PatchPath(AttributePath(ENTERPRISE, "manager"), None, "value")),
        (f'{USER}:emails[type eq "work"].$ref', PatchPath(AttributePath(USER, "emails"), WORK, "$ref")),
    ],
)
def test_path_is_read(text: str, expected: PatchPath):
    assert parse_path(text) == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        (" userName", 1),
        ("a.b.c", 1),
        ('"userName"', 1),
        ("a]", 1),
        ("a b", 1),
        ('a.b[type eq "work"]', 4),
        ('a[type eq "work"].', 18),
        ('a[type eq "work"] .b', 19),
        ('a[type eq "work"]b', 18),
        ('a[type eq "work"].b.c', 18),
        ('a[type eq "work"].b eq 1', 21),
        ("a" * 4097, 4097),
    ],
)
def test_malformed_path_is_an_invalid_path(text: str, position: int):
    with pytest.raises(InvalidPath, match=f"^Character {position}: "):
        parse_path(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [("a[", 3), ("a[]", 3), ("a[b", 4), ('a[b eq "x]', 8), ("a[b eq x]", 8), ("a[" + "(" * 99, 18)],
)
def test_fault_within_the_brackets_is_an_invalid_filter(text: str, position: int):
    """RFC 7644 Table 9: invalidFilter is also for the filter in the path of a PATCH."""
    with pytest.raises(InvalidFilter, match=f"^Character {position}: "):
        parse_path(text)


def test_attribute_is_found():
    target = find_target("NAME.givenname", user_type())

    assert target.resolved is not None
    assert target.resolved.sub is not None
    assert (target.extension, target.resolved.attribute.name, target.resolved.sub.name) == (None, "name", "givenName")


@pytest.mark.parametrize(
    ("text", "expected"),
    [(USER.upper(), None), (ENTERPRISE, ENTERPRISE), ("URN:SCIM:wso2:Schema", "urn:scim:wso2:schema")],
)
def test_urn_alone_means_the_whole_schema(text: str, expected: str | None):
    assert find_target(text, user_type()) == PatchTarget(expected)


@pytest.mark.parametrize("text", [f"{USER}:emails", "EMAILS", "emails"])
def test_urn_of_the_core_schema_may_stand_before_its_attributes(text: str):
    assert find_target(text, user_type()) == find_target("emails", user_type())


def test_alias_is_followed_with_its_selector():
    target = find_target('mobileNumbers[type eq "mobile"].value', user_type())

    assert target.resolved is not None
    assert target.resolved.attribute.name == "phoneNumbers"
    assert target == find_target('phoneNumbers[type eq "mobile"].value', user_type())


def test_elements_of_a_plain_list_are_their_own_value():
    target = find_target('urn:scim:wso2:schema:mobileNumbers[value eq "1"].value', user_type())

    assert target.resolved is not None
    assert target.resolved.sub is None
    assert target.bound_selector is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shoeSize", "User has no attribute shoeSize"),
        ("manager", "User has no attribute manager"),
        ("urn:x:y:userName", "User has no attribute urn:x:y:userName"),
        ("name.nick", "name of User has no sub-attribute nick"),
        ("userName.value", "userName of User has no sub-attribute value"),
        ('emails[type eq "work"].nick', "emails of User has no sub-attribute nick"),
        ('name[givenName eq "x"]', "name has one value only"),
        ('userName[value eq "x"]', "userName has one value only"),
        ('urn:scim:wso2:schema:mobileNumbers[value eq "1"].type', "has no sub-attribute type"),
    ],
)
def test_unknown_attribute_is_an_invalid_path(text: str, message: str):
    with pytest.raises(InvalidPath, match=message):
        find_target(text, user_type())


def test_unknown_attribute_within_the_brackets_is_an_invalid_filter():
    with pytest.raises(InvalidFilter, match=r"^Character 8: there is no attribute colour here"):
        find_target('emails[colour eq "red"]', user_type())


@given(st.text(max_size=60) | st.text(st.sampled_from('ab.[]()" eqpr:05-'), max_size=60))
def test_any_text_is_a_path_or_invalid(text: str):
    detail = "Character"
    try:
        parse_path(text)
    except (InvalidFilter, InvalidPath) as exc:
        detail = exc.detail

    assert detail.startswith("Character")


@given(NAMES, nodes().filter(lambda node: "[" not in render(node)), NAMES)
def test_what_is_written_is_read_back(name: str, node, sub: str):
    path = parse_path(f"{name}[{render(node)}].{sub}")

    assert path == PatchPath(AttributePath(None, name), node, sub)
