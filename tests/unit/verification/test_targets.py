"""Targets are compared by key and shown masked."""

from __future__ import annotations

import pytest

from tests.factories.verification import number
from verification.targets import Target, masked


def test_targets_are_equal_by_key_however_they_are_spelled():
    assert Target("+1 202-555-0123", "+12025550123") == Target("+12025550123", "+12025550123")


def test_targets_of_one_spelling_and_two_keys_differ():
    assert Target("0123456789", "0123456789") != Target("0123456789", "+94123456789")


def test_a_phone_number_equals_the_plain_target_of_its_key():
    """Rows come back as whatever class the repository makes; a set must find them all the same."""
    assert {number("0111111111")} == {Target("011-111-1111", "0111111111")}


def test_a_target_is_no_text():
    assert Target("1", "1") != "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+12025550123", "*********23"),
        ("+1 (202) 555-0123", "*********23"),
        ("12345", "****5"),
        ("123", "**3"),
        ("12", "**"),
        ("", ""),
        ("bob", ""),
    ],
)
def test_the_masked_form_shows_two_digits_and_a_third_at_most(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("john.doe@example.com", "j***@e***.com"),
        ("bob@mail.example.co.uk", "b***@m***.uk"),
        ("al@ab.de", "***@***.de"),
        ("root@localhost", "r***@***"),
        ("0111111111@example.com", "0***@e***.com"),
        ("a@b@example.com", "a***@e***.com"),
    ],
)
def test_the_masked_form_of_an_address_shows_the_first_letters_of_its_longer_parts_and_its_end(text, expected):
    assert masked(text) == expected


def test_a_number_is_called_by_its_canonical_form():
    assert Target("+1 202-555-0123", "+12025550123").destination == "+12025550123"


def test_the_repr_hides_the_number():
    assert repr(number("0123456789")) == "PhoneNumber('********89')"
