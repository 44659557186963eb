"""Attributes and the names requests give them."""

from __future__ import annotations

import pytest

from scim.attributes import AttributePath, is_attribute_name, parse_attribute_path
from scim.errors import InvalidPath
from tests.factories.schemas import attribute

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def test_sub_attributes_are_found_without_case():
    name = attribute({"name": "name", "type": "complex", "subAttributes": [{"name": "givenName"}]})

    assert name.is_complex
    assert name.sub("GIVENNAME") is name.sub_attributes[0]
    assert name.sub("nick") is None
    assert not name.sub_attributes[0].is_complex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("userName", AttributePath(None, "userName")),
        ("name.givenName", AttributePath(None, "name", "givenName")),
        ("members.$ref", AttributePath(None, "members", "$ref")),
        ("x-y_2", AttributePath(None, "x-y_2")),
        (f"{ENTERPRISE}:manager", AttributePath(ENTERPRISE, "manager")),
        (f"{ENTERPRISE}:manager.value", AttributePath(ENTERPRISE, "manager", "value")),
        ("urn:scim:wso2:schema:mobileNumbers", AttributePath("urn:scim:wso2:schema", "mobileNumbers")),
        ("http://example.com/schema:colour", AttributePath("http://example.com/schema", "colour")),
    ],
)
def test_path_is_read_as_urn_name_and_sub_attribute(text: str, expected: AttributePath):
    path = parse_attribute_path(text)

    assert path == expected
    assert str(path) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "a.",
        ".b",
        "a.b.c",
        "1a",
        "a b",
        "a[b]",
        "ümlaut",
        ":a",
        "urn:a",
        "urn:x:",
        "urn:x:a.",
        'urn:"x:a',
        "urn:a b:c",
        "urn:a[type eq:c",
        "urn:\n:c",
        "a" * 513,
    ],
)
def test_what_is_no_name_is_an_invalid_path(text: str):
    with pytest.raises(InvalidPath):
        parse_attribute_path(text)


def test_long_path_is_not_repeated_whole():
    with pytest.raises(InvalidPath) as caught:
        parse_attribute_path("!" * 10_000)

    assert len(caught.value.detail) < 200


@pytest.mark.parametrize(
    ("text", "expected"), [("$ref", True), ("a-1", True), ("", False), ("a.b", False), ("1", False)]
)
def test_attribute_names_are_told_apart(text: str, expected: bool):
    assert is_attribute_name(text) is expected
