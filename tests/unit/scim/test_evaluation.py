"""Filters evaluated in memory."""

from __future__ import annotations

import pytest

from scim.attributes import AttributePath
from scim.evaluation import element_matches, matches
from scim.filter_binding import bind, bind_element
from scim.filters import parse_filter
from tests.factories.schemas import thing_type, user_type

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

BARBARA = {
    "id": "2819c223",
    "userName": "BJensen",
    "externalId": "Ext-1",
    "name": {"givenName": "Barbara", "familyName": "O'Malley"},
    "active": True,
    "title": "",
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "Babs@jensen.org", "type": "home"},
    ],
    "addresses": [{"locality": "Hollywood"}, {}],
    "meta": {"created": "2010-01-23T04:56:22Z", "lastModified": "2011-05-13T04:42:34Z"},
    ENTERPRISE: {"manager": {"value": "26118915"}, "employeeNumber": "701984"},
    "urn:scim:wso2:schema": {"mobileNumbers": ["0771234567", "0712345678"]},
}

THING = thing_type(
    {"name": "size", "type": "integer"},
    {"name": "made", "type": "dateTime"},
    {"name": "on", "type": "boolean"},
    {"name": "letter"},
    {
        "name": "parts",
        "type": "complex",
        "multiValued": True,
        "subAttributes": [{"name": "tags", "multiValued": True}],
    },
)


def found(text: str, document=BARBARA, resource_type=None) -> bool:
    return matches(bind(parse_filter(text), resource_type or user_type()), document)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "bjensen"',
        'userName ne "someone"',
        'userName co "JENS"',
        'userName sw "bj"',
        'userName ew "SEN"',
        'userName gt "a"',
        'userName ge "bjensen"',
        'userName lt "c"',
        'userName le "BJENSEN"',
        'id eq "2819c223"',
        'externalId eq "Ext-1"',
        'name.familyName co "O\'Malley"',
        "name pr",
        "active eq true",
        'active eq "True"',
        'emails co "@example.com"',
        'emails.value co "JENSEN.ORG"',
        "emails.primary eq true",
        'emails[type eq "work" and value co "@example.com"]',
        'emails[type eq "work"].value eq "bjensen@example.com"',
        'emails[type eq "work"].value ne "babs@jensen.org"',
        'emails[type eq "other"].value ne "x"',
        'emails[type ne "work"].value sw "babs"',
        'name[givenName eq "barbara"]',
        "emails pr",
        "addresses pr",
        f'{ENTERPRISE}:employeeNumber eq "701984"',
        f'{ENTERPRISE}:manager eq "26118915"',
        'urn:scim:wso2:schema:mobileNumbers eq "0712345678"',
        'urn:scim:wso2:schema:mobileNumbers[value sw "077"]',
        'meta.lastModified gt "2011-05-13T04:42:33Z"',
        'meta.lastModified le "2011-05-13T06:42:34+02:00"',
        'not (userName eq "x") and (active eq false or userName pr)',
        "nickName eq null",
        "userName ne null",
        'nickName ne "x"',
        'title eq ""',
    ],
)
def test_resource_is_found(text: str):
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "bjense"',
        'userName ne "BJENSEN"',
        'externalId eq "ext-1"',
        "active eq false",
        "title pr",
        "nickName pr",
        "photos pr",
        'nickName eq ""',
        'nickName gt ""',
        'nickName co ""',
        'nickName le "z"',
        'emails.value ne "babs@jensen.org"',
        'emails[type eq "work" and value co "jensen.org"]',
        'emails[type eq "home"].value eq "bjensen@example.com"',
        'emails[type eq "home"].primary pr',
        'photos[type eq "photo"]',
        'urn:scim:wso2:schema:verifiedMobileNumbers eq "0712345678"',
        'meta.lastModified gt "2011-05-13T04:42:34Z"',
        'not (userName eq "bjensen")',
    ],
)
def test_resource_is_not_found(text: str):
    assert not found(text)


def test_missing_extension_has_no_values():
    assert not found(f"{ENTERPRISE}:manager pr", {"userName": "x"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("size gt 4.5", True), ("size eq 5.0", True), ("size lt 5", False), ("size pr", True)],
)
def test_numbers_are_compared_as_numbers(text: str, expected: bool):
    assert found(text, {"size": 5}, THING) is expected


def test_false_is_a_value():
    assert found("on eq false and on pr", {"on": False}, THING)


def test_text_is_ordered_by_code_point_of_the_folded_text():
    assert found('letter gt "Z"', {"letter": "É"}, THING)
    assert found('letter lt "b"', {"letter": "A"}, THING)


@pytest.mark.parametrize("text", ["size ge 0", "on eq true", 'made le "2030-01-01T00:00:00Z"', 'letter le "zz"'])
def test_value_of_another_type_never_compares(text: str):
    """A document of an older schema is not found, and is no fault."""
    assert not found(text, {"size": True, "on": "true", "made": "yesterday", "letter": 5}, THING)


def test_any_value_of_a_multi_valued_sub_attribute_counts():
    assert found('parts.tags eq "b"', {"parts": [{"tags": ["a", "b"]}]}, THING)
    assert not found("parts.tags pr", {"parts": ["odd"]}, THING)
    assert found("parts pr", {"parts": [{"tags": ["", "b"]}]}, THING)
    assert not found("parts pr", {"parts": [{"tags": [""]}]}, THING)


@pytest.mark.parametrize(
    ("element", "expected"), [({"type": "work", "value": "a@x"}, True), ({"type": "home", "value": "a@x"}, False)]
)
def test_selector_holds_for_an_element(element, expected: bool):
    owner = user_type().resolve(AttributePath(None, "emails"))
    assert owner is not None

    assert element_matches(bind_element(parse_filter('type eq "WORK"'), owner), element) is expected


def test_selector_holds_for_a_plain_element():
    owner = user_type().resolve(AttributePath("urn:scim:wso2:schema", "mobileNumbers"))
    assert owner is not None

    node = bind_element(parse_filter('value eq "1"'), owner)

    assert element_matches(node, "1")
    assert not element_matches(node, "2")
