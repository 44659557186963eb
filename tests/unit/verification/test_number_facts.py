"""What a number tells of itself."""

from __future__ import annotations

import phonenumbers
import pytest

from verification.number_facts import NumberFacts, NumberType, facts_of


@pytest.mark.parametrize(
    ("key", "prefix", "country", "kind"),
    [
        ("+94712345678", "+9471234", "LK", NumberType.MOBILE),
        ("+12065555555", "+1206555", "US", NumberType.FIXED_LINE_OR_MOBILE),
        ("+14165550123", "+1416555", "CA", NumberType.FIXED_LINE_OR_MOBILE),
        ("+449012345678", "+44901234", "GB", NumberType.PREMIUM),
        ("+447640123456", "+44764012", "GB", NumberType.PAGER),
        ("+18005550123", "+1800555", "US", NumberType.TOLL_FREE),
        # Not valid, and of a country by its code alone.
        ("+15555551234", "+1555555", "US", None),
        ("+94111111111", "+9411111", "LK", None),
        # A code that belongs to no country.
        ("+882123456789", "+88212345", None, None),
        # Digits without a country code, as in the guide.
        ("0111111111", "011111", None, None),
        ("0123456", "012", None, None),
        ("012345", None, None, None),
        ("+999123456", "+99912", None, None),
        ("1", None, None, None),
    ],
)
def test_facts_are_those_that_can_be_told(key, prefix, country, kind):
    assert facts_of(key) == NumberFacts(prefix, country, kind)


@pytest.mark.parametrize(
    ("region", "kind", "expected"),
    [
        ("DE", phonenumbers.PhoneNumberType.SHARED_COST, NumberType.SHARED_COST),
        ("CH", phonenumbers.PhoneNumberType.UAN, NumberType.UAN),
        ("CH", phonenumbers.PhoneNumberType.VOICEMAIL, NumberType.VOICEMAIL),
        ("GB", phonenumbers.PhoneNumberType.VOIP, NumberType.VOIP),
        ("GB", phonenumbers.PhoneNumberType.PERSONAL_NUMBER, NumberType.PERSONAL),
        ("LK", phonenumbers.PhoneNumberType.FIXED_LINE, NumberType.FIXED_LINE),
    ],
)
def test_each_type_of_the_numbering_plans_is_known(region, kind, expected):
    example = phonenumbers.example_number_for_type(region, kind)

    assert facts_of(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)).type is expected
