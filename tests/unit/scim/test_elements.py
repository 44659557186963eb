"""Elements of a multi-valued attribute."""

from __future__ import annotations

from typing import Any

import pytest

from scim.elements import comparable, each_once, require_single_primary, settle_primary
from scim.errors import InvalidValue
from tests.factories.schemas import attribute, user_type

SUBS = [{"name": "value"}, {"name": "type"}, {"name": "display"}, {"name": "primary", "type": "boolean"}]
MAILS = attribute({"name": "mails", "type": "complex", "multiValued": True, "subAttributes": SUBS})
PLACES = attribute({"name": "places", "type": "complex", "multiValued": True, "subAttributes": [{"name": "town"}]})
WORDS = attribute({"name": "words", "multiValued": True})
CODES = attribute({"name": "codes", "multiValued": True, "caseExact": True})


def test_text_is_compared_without_case_unless_case_counts():
    assert comparable(WORDS, "Ab") == comparable(WORDS, "aB")
    assert comparable(CODES, "Ab") != comparable(CODES, "aB")


def test_object_is_compared_by_its_sub_attributes_in_any_order():
    one = {"value": "A", "type": "work"}
    other = {"type": "WORK", "value": "a"}

    assert comparable(MAILS, [one]) == comparable(MAILS, [other])
    assert comparable(MAILS, one) != comparable(MAILS, {"value": "a"})


def test_true_is_not_one():
    assert comparable(WORDS, True) != comparable(WORDS, 1)


@pytest.mark.parametrize(
    ("of", "elements", "expected"),
    [
        (WORDS, ["a", "b", "A"], ["a", "b"]),
        (CODES, ["a", "A", "a"], ["a", "A"]),
        (PLACES, [{"town": "Rome"}, {"town": "rome"}, {"town": "Oslo"}], [{"town": "Rome"}, {"town": "Oslo"}]),
        (MAILS, [{"value": "a", "type": "x"}, {"value": "a"}], [{"value": "a", "type": "x"}, {"value": "a"}]),
        (MAILS, [{"value": "a", "type": "x"}, {"type": "X", "value": "A"}], [{"value": "a", "type": "x"}]),
        (MAILS, [{"type": "x"}, {"type": "x"}], [{"type": "x"}]),
    ],
    ids=["words", "codes", "places", "other type", "same type", "no value"],
)
def test_each_element_is_kept_once(of: Any, elements: list[Any], expected: list[Any]):
    """RFC 7643 §2.4."""
    assert each_once(of, elements) == expected


def test_what_a_duplicate_says_beyond_the_first_is_kept():
    first = {"value": "a", "type": "x", "primary": False}
    later = {"value": "A", "type": "x", "display": "A.", "primary": True}

    assert each_once(MAILS, [first, later]) == [{"value": "a", "type": "x", "display": "A.", "primary": True}]


def test_value_of_an_attribute_without_type_is_enough_to_be_the_same():
    only_value = attribute({"name": "a", "type": "complex", "multiValued": True, "subAttributes": [{"name": "value"}]})

    assert each_once(only_value, [{"value": "a"}, {"value": "A"}]) == [{"value": "a"}]


def test_two_primaries_are_refused():
    with pytest.raises(InvalidValue, match="mails has more than one primary value"):
        require_single_primary([{"primary": True}, {"primary": True}], "mails")


@pytest.mark.parametrize("elements", [[], ["a", "b"], [{"primary": True}, {"primary": False}, {"value": "a"}]])
def test_one_primary_at_most_is_accepted(elements: list[Any]):
    assert require_single_primary(elements, "mails") is None


def test_new_primary_takes_the_place_of_the_old_one():
    """RFC 7644 §3.5.2."""
    old, new = {"value": "a", "primary": True}, {"value": "b", "primary": True}

    assert settle_primary([old], [old, new]) == [{"value": "a", "primary": False}, new]
    assert old["primary"] is True


def test_primary_stays_where_none_is_new():
    old, other = {"value": "a", "primary": True}, {"value": "b"}

    assert settle_primary([old, other], [old, other, {"value": "c"}]) == [old, other, {"value": "c"}]


def test_two_new_primaries_are_left_to_be_refused():
    new = [{"value": "a", "primary": True}, {"value": "b", "primary": True}]

    assert settle_primary([], new) == new


def test_emails_of_the_package_are_elements_by_type_and_value():
    emails = user_type().schema.attribute("emails")
    assert emails is not None

    assert each_once(emails, [{"value": "a@b.c"}, {"value": "A@B.C", "display": "A"}]) == [
        {"value": "a@b.c", "display": "A"}
    ]
