"""What a canonical number tells of itself: its prefix, its country and its type, as far as they can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

HIDDEN = 4
"""The last digits that a prefix leaves out: whoever buys numbers to be sent codes buys them by the thousand."""
_SHORTEST_PREFIX = 3
_NOWHERE = frozenset({"ZZ", "001"})  # phonenumbers' names for no region, and for a code that belongs to none
_REMEMBERED = 1024  # a request asks some times for the facts of one number


class NumberType(StrEnum):
    """The kinds of numbers that numbering plans tell apart."""

    FIXED_LINE = "fixed_line"
    MOBILE = "mobile"
    FIXED_LINE_OR_MOBILE = "fixed_line_or_mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    UAN = "uan"
    VOICEMAIL = "voicemail"


_TYPES = {
    PhoneNumberType.FIXED_LINE: NumberType.FIXED_LINE,
    PhoneNumberType.MOBILE: NumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.TOLL_FREE: NumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberType.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberType.SHARED_COST,
    PhoneNumberType.VOIP: NumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: NumberType.PERSONAL,
    PhoneNumberType.PAGER: NumberType.PAGER,
    PhoneNumberType.UAN: NumberType.UAN,
    PhoneNumberType.VOICEMAIL: NumberType.VOICEMAIL,
}


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What can be told of a number; None is what cannot.

    Attributes:
        prefix: The number less its last digits.
        country: Its region, as in `LK`.
        type: Its kind in the numbering plan; only a valid number has one.
    """

    prefix: str | None = None
    country: str | None = None
    type: NumberType | None = None


@lru_cache(_REMEMBERED)
def facts_of(key: str) -> NumberFacts:
    """Return what the canonical key of a number tells; digits without a country code tell their prefix alone."""
    prefix = key[:-HIDDEN] if len(key) >= HIDDEN + _SHORTEST_PREFIX else None
    try:
        parsed = phonenumbers.parse(key)
    except phonenumbers.NumberParseException:
        return NumberFacts(prefix)
    # A number that is not valid may still be of a country: its code says so.
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    return NumberFacts(prefix, None if country in _NOWHERE else country, _TYPES.get(phonenumbers.number_type(parsed)))
