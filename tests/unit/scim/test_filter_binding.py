"""Filters bound to a resource type: which attribute, which type, which comparison."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scim.attributes import AttributePath, AttributeType
from scim.errors import InvalidFilter
from scim.filter_binding import (
    BoundAnd,
    BoundComparison,
    BoundElement,
    BoundNode,
    BoundNot,
    BoundOr,
    BoundPresent,
    bind,
    bind_element,
)
from scim.filter_nodes import Operator
from scim.filters import parse_filter
from tests.factories.schemas import EXTRA, group_type, thing_type, user_type

if TYPE_CHECKING:
    from scim.resource_types import Resolved

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

THING = thing_type(
    {"name": "size", "type": "integer"},
    {"name": "weight", "type": "decimal"},
    {"name": "picture", "type": "binary"},
    {"name": "link", "type": "reference"},
    {"name": "made", "type": "dateTime"},
    {"name": "on", "type": "boolean"},
    {"name": "code", "caseExact": True},
    {"name": "tags", "multiValued": True},
    {"name": "secret", "returned": "never"},
    {"name": "order", "mutability": "writeOnly", "returned": "never"},
    {
        "name": "parts",
        "type": "complex",
        "multiValued": True,
        "subAttributes": [{"name": "value"}, {"name": "pin", "returned": "never"}],
    },
    extension=({"name": "colour"},),
)


def bound(text: str, resource_type=THING) -> BoundNode:
    return bind(parse_filter(text), resource_type)


def target(text: str, resource_type=THING) -> Resolved:
    urn, _, name = text.rpartition(":")
    name, _, sub = name.partition(".")
    resolved = resource_type.resolve(AttributePath(urn or None, name, sub or None))
    assert resolved is not None
    return resolved


def test_name_becomes_the_attribute_and_text_is_folded():
    node = bound('USERNAME eq "BJensen"', user_type())

    expected = BoundComparison(target("userName", user_type()), Operator.EQ, AttributeType.STRING, False, "bjensen")
    assert node == expected


def test_case_exact_text_stays_as_it_is():
    node = bound('code eq "AbC"')

    assert node == BoundComparison(target("code"), Operator.EQ, AttributeType.STRING, True, "AbC")


def test_references_are_case_exact_even_if_the_schema_does_not_say_so():
    """RFC 7643 §2.3.7."""
    node = bound('link sw "HTTP"')

    assert node == BoundComparison(target("link"), Operator.SW, AttributeType.REFERENCE, True, "HTTP")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on eq true", True),
        ('on eq "False"', False),
        ("size gt 5", 5),
        ("size lt 5.5", 5.5),
        ("weight ge -1", -1),
        ('picture eq "AbC="', "AbC="),
        ('made gt "2026-01-31T08:00:00+02:00"', datetime(2026, 1, 31, 6, tzinfo=UTC)),
    ],
)
def test_literal_becomes_a_value_of_the_attributes_type(text: str, expected):
    node = bound(text)

    assert isinstance(node, BoundComparison)
    assert (type(node.literal), node.literal) == (type(expected), expected)


@pytest.mark.parametrize(
    "text",
    [
        "on gt true",
        'on co "tr"',
        'size co "5"',
        'picture gt "A"',
        'picture co "A"',
        'made co "2026"',
        'size eq "5"',
        "size eq true",
        "code eq 5",
        "code eq true",
        "on eq 1",
        'on eq "yes"',
        'made eq "yesterday"',
        "made eq 5",
    ],
)
def test_comparison_that_does_not_fit_the_type_is_refused(text: str):
    """RFC 7644 §3.4.2.2: such a filter fails with 400 and invalidFilter."""
    with pytest.raises(InvalidFilter, match=r"^Character 1: "):
        bound(text)


@pytest.mark.parametrize(
    "text",
    ["shoe pr", 'tags.value eq "x"', 'parts.shoe eq "x"', "colour pr", "urn:x:y:colour pr", 'tags[type eq "x"]'],
)
def test_unknown_attribute_is_refused(text: str):
    with pytest.raises(InvalidFilter, match=r"^Character \d+: there is no attribute"):
        bound(text)


@pytest.mark.parametrize(
    "text", ["secret pr", 'secret eq "x"', "order pr", "parts.pin pr", 'parts[pin sw "1"]', "secret eq null"]
)
def test_secret_attribute_is_refused(text: str):
    """Else a filter would tell, character by character, what is never returned."""
    with pytest.raises(InvalidFilter, match="cannot be used in a filter"):
        bound(text)


def test_password_is_secret():
    with pytest.raises(InvalidFilter, match="cannot be used in a filter"):
        bound('password sw "a"', user_type())


def test_extension_is_named_by_its_urn():
    node = bound(f'{EXTRA}:colour eq "Red"')

    assert isinstance(node, BoundComparison)
    assert (node.target.extension, node.literal) == (EXTRA, "red")


@pytest.mark.parametrize(
    ("text", "expected", "resource_type"),
    [
        ('emails co "x"', "emails.value", user_type()),
        ('members eq "x"', "members.value", group_type()),
        (f'{ENTERPRISE}:manager eq "x"', f"{ENTERPRISE}:manager.value", user_type()),
        ('mobileNumbers eq "x"', "phoneNumbers.value", user_type()),
    ],
)
def test_complex_attribute_is_compared_by_its_value(text: str, expected: str, resource_type):
    node = bound(text, resource_type)

    assert isinstance(node, BoundComparison)
    assert node.target == target(expected, resource_type)


def test_complex_attribute_without_plain_value_cannot_be_compared():
    nested = {"name": "value", "type": "complex", "subAttributes": [{"name": "value"}]}
    thing = thing_type({"name": "name", "type": "complex", "subAttributes": [nested]})

    for resource_type in (user_type(), thing):
        with pytest.raises(InvalidFilter, match="name is complex"):
            bound('name eq "x"', resource_type)


def test_alias_is_bound_to_its_target():
    node = bound(f'{ENTERPRISE}:pendingMobileNumber eq "1"', user_type())

    assert node == bound('urn:scim:wso2:schema:pendingMobileNumber eq "1"', user_type())


def test_ne_is_the_opposite_of_eq():
    assert bound('code ne "x"') == BoundNot(bound('code eq "x"'))


def test_null_is_the_absence_of_a_value():
    assert bound("code eq null") == BoundNot(BoundPresent(target("code")))
    assert bound("parts.value ne null") == BoundPresent(target("parts.value"))
    with pytest.raises(InvalidFilter, match="only eq and ne compare with null"):
        bound("code gt null")


def test_logic_is_kept():
    node = bound("code pr and (size pr or not (on pr))")

    code, size, on = (BoundPresent(target(name)) for name in ("code", "size", "on"))
    assert node == BoundAnd((code, BoundOr((size, BoundNot(on)))))


def test_value_filter_is_about_one_element():
    node = bound('emails[type eq "Work" and value co "@X"]', user_type())

    kind = BoundComparison(target("emails.type", user_type()), Operator.EQ, AttributeType.STRING, False, "work")
    value = BoundComparison(target("emails.value", user_type()), Operator.CO, AttributeType.STRING, False, "@x")
    assert node == BoundElement(target("emails", user_type()), BoundAnd((kind, value)))


def test_plain_element_is_its_own_value():
    node = bound('tags[VALUE eq "X"]')

    assert node == BoundElement(
        target("tags"), BoundComparison(target("tags"), Operator.EQ, AttributeType.STRING, False, "x")
    )


@pytest.mark.parametrize("text", ['code[value eq "x"]', 'size[value eq "x"]', 'parts.value[value eq "x"]'])
def test_value_filter_needs_elements(text: str):
    with pytest.raises(InvalidFilter, match="has no elements to select"):
        bound(text)


def test_object_counts_as_its_only_element():
    assert isinstance(bound('name[givenName eq "x"]', user_type()), BoundElement)


@pytest.mark.parametrize(
    ("tail", "same"),
    [
        ('value eq "x"', 'emails[type eq "work" and value eq "x"]'),
        ("value pr", 'emails[type eq "work" and value pr]'),
        ("value ne null", 'emails[type eq "work" and value pr]'),
        ('value ne "x"', 'not (emails[type eq "work" and value eq "x"])'),
        ("value eq null", 'not (emails[type eq "work" and value pr])'),
    ],
)
def test_tail_is_a_term_of_the_same_element(tail: str, same: str):
    assert bound(f'emails[type eq "work"].{tail}', user_type()) == bound(same, user_type())


@pytest.mark.parametrize("text", ['emails[urn:x:type eq "work"]', 'emails[type.value eq "work"]'])
def test_names_within_brackets_are_bare(text: str):
    with pytest.raises(InvalidFilter, match="there is no attribute"):
        bound(text, user_type())


def test_selector_is_bound_to_its_attribute():
    node = bind_element(parse_filter('value eq "X"'), target("members", group_type()))

    assert isinstance(node, BoundComparison)
    assert node.target == target("members.value", group_type())


def test_literal_is_kept_out_of_the_repr():
    assert "0771234567" not in repr(bound('code eq "0771234567"'))
