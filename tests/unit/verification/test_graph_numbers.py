"""Numbers in Graph's form, read and shown."""

from __future__ import annotations

import pytest

from verification.errors import InvalidPhoneNumber
from verification.graph_numbers import read_graph_number, shown_graph_number
from verification.policy import PhonePolicy


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("+1 2065555555", "+12065555555"),
        ("+94 711111111", "+94711111111"),
        ("+1 2065555555x123", "+12065555555x123"),
        ("+1 2065555555 x123", "+12065555555x123"),
    ],
)
def test_a_number_is_stored_canonically(text: str, stored: str):
    assert read_graph_number(text, PhonePolicy.LENIENT, may_have_extension=True) == stored
    assert shown_graph_number(stored) == text.replace(" x", "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+12065555555",
        "2065555555",
        "+1 (206) 5555555",
        "+1  2065555555",
        "+1 2065555555x",
        "+12 065555555",
        "+999 1234567",
        "+1 206555555555555",
        "+1 ٢٠٦٥٥٥٥٥٥٥",
    ],
)
def test_any_other_form_is_refused(text: str):
    with pytest.raises(InvalidPhoneNumber):
        read_graph_number(text, PhonePolicy.LENIENT, may_have_extension=True)


def test_only_an_office_has_an_extension():
    with pytest.raises(InvalidPhoneNumber):
        read_graph_number("+1 2065555555x1", PhonePolicy.LENIENT, may_have_extension=False)


@pytest.mark.parametrize("policy", [PhonePolicy.VALID, PhonePolicy.MOBILE])
def test_a_strict_policy_wants_a_number_of_the_plan(policy: PhonePolicy):
    assert read_graph_number("+94 112345678", policy, may_have_extension=False) == "+94112345678"
    with pytest.raises(InvalidPhoneNumber):
        read_graph_number("+94 1", policy, may_have_extension=False)
    with pytest.raises(InvalidPhoneNumber):
        read_graph_number("+94 1111", policy, may_have_extension=False)


@pytest.mark.parametrize("stored", ["0111111111", "+9991234567", "unknown"])
def test_a_number_of_no_country_is_shown_as_it_is(stored: str):
    assert shown_graph_number(stored) == stored
