"""Values of requests made canonical."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scim.coercion import MAX_BINARY, MAX_TEXT, coerce_element, coerce_value, combined
from scim.errors import InvalidValue
from tests.factories.schemas import attribute, user_type


def of_type(kind: str, **members: Any) -> Any:
    return attribute({"name": "a", "type": kind, **members})


MANAGER = of_type(
    "complex",
    subAttributes=[
        {"name": "value"},
        {"name": "$ref", "type": "reference"},
        {"name": "shown", "mutability": "readOnly"},
    ],
)
NAME = of_type("complex", subAttributes=[{"name": "first"}, {"name": "others", "multiValued": True}])
MAILS = of_type("complex", multiValued=True, subAttributes=[{"name": "value"}, {"name": "type"}])
NUMBERS = of_type("string", multiValued=True, **{"x-separator": ","})
WORDS = of_type("string", multiValued=True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", ""),
        ("string", "Ünï 🙂"),
        ("string", "x" * MAX_TEXT),
        ("boolean", False),
        ("integer", -(2**63)),
        ("decimal", 1.5),
        ("decimal", 3),
        ("dateTime", "2026-05-13T04:42:34.5+02:00"),
        ("dateTime", "2026-05-13T04:42:34Z"),
        ("reference", "../Users/1"),
        ("binary", "aGVsbG8="),
        ("binary", "aGVs\r\nbG8="),
        ("binary", "A" * MAX_BINARY),
    ],
)
def test_value_of_its_type_is_kept_as_sent(kind: str, value: object):
    assert coerce_value(of_type(kind), value, "a") == value


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        ("string", 1, "a must be a string"),
        ("string", {"value": "x"}, "a must be a string"),
        ("string", ["x"], "a must be a string"),
        ("string", "x" * (MAX_TEXT + 1), "a may have at most 4096 characters"),
        ("string", "a\0b", "a character that is not allowed"),
        ("string", "a\ud800", "a character that is not allowed"),
        ("boolean", "yes", "a must be true or false"),
        ("boolean", "", "a must be true or false"),
        ("boolean", 1, "a must be true or false"),
        ("integer", True, "a must be an integer"),
        ("integer", 1.0, "a must be an integer"),
        ("integer", "1", "a must be an integer"),
        ("integer", 2**63, "a must be an integer"),
        ("decimal", True, "a must be a number"),
        ("decimal", "1.5", "a must be a number"),
        ("decimal", math.inf, "a must be a number"),
        ("decimal", 2**63, "a must be a number"),
        ("dateTime", "2026-05-13", "a must be a date and time"),
        ("dateTime", 5, "a must be a string"),
        ("reference", 5, "a must be a string"),
        ("binary", "not base64!", "a must be base64"),
        ("binary", "aGVsbG8", "a must be base64"),
        ("binary", "ü", "a must be base64"),
        ("binary", "A" * (MAX_BINARY + 1), "a may have at most 65536 characters"),
        ("binary", 5, "a must be a string"),
    ],
)
def test_value_of_another_type_is_refused_by_name(kind: str, value: object, fault: str):
    with pytest.raises(InvalidValue, match=fault):
        coerce_value(of_type(kind), value, "a")


def test_schema_may_set_the_bound_of_a_text():
    with pytest.raises(InvalidValue, match="a may have at most 3 characters"):
        coerce_value(of_type("string", **{"x-maxLength": 3}), "abcd", "a")


def test_refused_value_is_not_repeated():
    with pytest.raises(InvalidValue) as caught:
        coerce_value(of_type("boolean"), "0171-5550100", "a")

    assert "5550100" not in caught.value.detail


@pytest.mark.parametrize(("text", "expected"), [("True", True), ("False", False), ("true", True), ("FALSE", False)])
def test_boolean_may_be_a_text(text: str, expected: bool):
    """Entra sends it so."""
    assert coerce_value(of_type("boolean"), text, "a") is expected


@pytest.mark.parametrize("of", [WORDS, NUMBERS, MAILS, MANAGER, NAME, of_type("string")])
def test_null_is_unassigned(of: Any):
    """RFC 7643 §2.5."""
    assert coerce_value(of, None, "a") is None


@pytest.mark.parametrize("value", [[], [None], ["", " "], [{}], [{"type": None}], {}, [{"unknown": 1}]])
def test_list_without_values_is_unassigned(value: object):
    """RFC 7643 §2.5."""
    assert coerce_value(MAILS, value, "a") is None


def test_list_of_texts_is_kept_each_once():
    assert coerce_value(WORDS, ["b", "a,c", None, "B"], "a") == ["b", "a,c"]


def test_single_value_for_a_list_is_a_list_of_one():
    """OneLogin has sent the e-mail addresses so."""
    assert coerce_value(MAILS, {"VALUE": "x"}, "a") == [{"value": "x"}]
    assert coerce_value(WORDS, "x", "a") == ["x"]


def test_bare_texts_are_values_of_elements():
    """WSO2's e-mail addresses."""
    assert coerce_value(MAILS, ["x", {"type": "work", "value": "y"}, "x"], "a") == [
        {"value": "x"},
        {"value": "y", "type": "work"},
    ]


@pytest.mark.parametrize(
    "value", [" 1, 2,,1 ,", ["1", "2"], ["1,2", " 2 ", ""], "1,2"], ids=["blanks", "list", "mixed", "text"]
)
def test_list_with_a_separator_comes_in_either_form(value: object):
    assert coerce_value(NUMBERS, value, "a") == ["1", "2"]


@pytest.mark.parametrize("value", ["", " , ", []])
def test_list_with_a_separator_may_be_empty_in_either_form(value: object):
    assert coerce_value(NUMBERS, value, "a") is None


def test_list_with_a_separator_wants_texts():
    with pytest.raises(InvalidValue, match="a must be a string"):
        coerce_value(NUMBERS, ["1", 2], "a")


def test_sub_attributes_come_into_their_order_without_case_and_unknown_ones():
    assert coerce_value(NAME, {"others": ["b"], "FIRST": "a", "unknown": [[[]]]}, "a") == {
        "first": "a",
        "others": ["b"],
    }


def test_read_only_sub_attributes_are_ignored():
    assert coerce_value(MANAGER, {"value": "1", "shown": "Olle"}, "a") == {"value": "1"}


@pytest.mark.parametrize("value", ["1", {"value": "1"}, {"Value": "1", "$ref": None}])
def test_object_may_be_its_bare_value(value: object):
    """Entra sends a manager so."""
    assert coerce_value(MANAGER, value, "a") == {"value": "1"}


@pytest.mark.parametrize("value", ["", " ", {"value": ""}, {"value": None}, {}])
def test_object_of_a_blank_value_is_unassigned(value: object):
    """Entra removes a manager so."""
    assert coerce_value(MANAGER, value, "a") is None


def test_blank_value_goes_without_the_rest_of_the_object():
    assert coerce_value(MANAGER, {"value": "", "$ref": "../Users/1"}, "a") == {"$ref": "../Users/1"}


def test_blank_value_of_an_element_is_a_value():
    """My Account empties the mobile number so."""
    assert coerce_value(MAILS, [{"type": "mobile", "value": ""}], "a") == [{"value": "", "type": "mobile"}]


@pytest.mark.parametrize(
    ("of", "value", "fault"),
    [
        (NAME, "Mira", "a must be an object"),
        (NAME, [{"first": "Mira"}], "a must be an object"),
        (MANAGER, ["1"], "a must be an object"),
        (MAILS, [["x"]], "a must be an object"),
        (MANAGER, 5, "a.value must be a string"),
        (MAILS, [{"value": {"value": "x"}}], "a.value must be a string"),
        (NAME, {"others": [1]}, "a.others must be a string"),
        (NAME, {"first": "a", "First": "b"}, "a.first is given twice"),
    ],
)
def test_fault_inside_names_its_sub_attribute(of: Any, value: object, fault: str):
    with pytest.raises(InvalidValue, match=fault):
        coerce_value(of, value, "a")


def test_same_value_given_twice_is_no_fault():
    assert coerce_value(NAME, {"first": "a", "First": "a"}, "a") == {"first": "a"}


def test_element_is_coerced_alone():
    assert coerce_element(MAILS, "x", "a") == {"value": "x"}
    assert coerce_element(NUMBERS, "1", "a") == "1"
    assert coerce_element(MAILS, None, "a") is None


def test_lists_under_two_names_add_up():
    assert combined(WORDS, ["a"], ["b", "A"], "a") == ["a", "b"]


def test_certificates_of_the_package_are_checked():
    certificates = user_type().schema.attribute("x509Certificates")
    assert certificates is not None

    with pytest.raises(InvalidValue, match=r"x509Certificates.value must be base64"):
        coerce_value(certificates, [{"value": "?"}], "x509Certificates")
