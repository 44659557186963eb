"""Settings of the guard, as they are written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api import guard_readers as read
from api.settings import Settings, SettingsError
from verification.fixed_codes import FixedCode
from verification.guard import CountryRule
from verification.number_facts import NumberType


def test_types_are_named():
    assert read.number_types("Premium, pager") == {NumberType.PREMIUM, NumberType.PAGER}
    assert read.number_types("none") == frozenset()


def test_countries_have_a_rule_each():
    assert read.countries("lk=allow, US=Monitor,unknown=deny,*=deny") == (
        ("LK", CountryRule.ALLOW),
        ("US", CountryRule.MONITOR),
        ("unknown", CountryRule.DENY),
        ("*", CountryRule.DENY),
    )


def test_safe_numbers_are_numbers_or_beginnings():
    assert read.safe_numbers("+9471234, +15005550006") == ("+9471234", "+15005550006")


def test_a_test_number_has_a_code_and_a_last_day():
    (first, second) = read.test_numbers("+15005550006=123456@2027-01-31, 0111111111=24zzz9@2027-02-28")

    assert first == FixedCode("+15005550006", "123456", datetime(2027, 2, 1, tzinfo=UTC))
    assert second == FixedCode("0111111111", "24ZZZ9", datetime(2027, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read.number_types, "premium,fax"),
        (read.number_types, "none,premium"),
        (read.countries, "LK"),
        (read.countries, "LK=perhaps"),
        (read.countries, "ZZ=deny"),
        (read.countries, "LK=allow,lk=deny"),
        (read.safe_numbers, "5551234"),
        (read.safe_numbers, "+94x"),
        (read.test_numbers, "+15005550007=123456"),
        (read.test_numbers, "+15005550007=12345@2027-01-31"),
        (read.test_numbers, "+15005550007=123456@2027-02-30"),
        (read.test_numbers, "+15005550007=123456@9999-12-31"),
    ],
)
def test_what_is_none_of_it_is_refused_and_not_repeated(reader, text):
    with pytest.raises(ValueError, match="must") as caught:
        reader(text)

    assert text not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"ENV": "production", "OTP_LENGTH": "6"}, "LINEPROOF_TEST_NUMBERS: must not be set in production"),
        ({"OTP_LENGTH": "8"}, "LINEPROOF_TEST_NUMBERS: must have codes as long as LINEPROOF_OTP_LENGTH says"),
    ],
)
def test_test_numbers_do_not_go_with_everything(environ, fault):
    given = {"TEST_NUMBERS": "+15005550006=123456@2027-01-31", **environ}

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({f"LINEPROOF_{name}": value for name, value in given.items()})

    assert fault in caught.value.faults
