"""Phone numbers as Microsoft Graph writes them: `+{country} {number}`, and `x{extension}` behind (facts C.2)."""

from __future__ import annotations

import re

import phonenumbers

from verification.errors import InvalidPhoneNumber
from verification.numbers import MOST_DIGITS
from verification.policy import PhonePolicy

_FORM = re.compile(r"\+([0-9]{1,3}) ([0-9]{2,14})(?: ?x([0-9]{1,10}))?")
_STORED = re.compile(r"(\+[0-9]+)(x[0-9]+)?")
BAD_FORM = "The phone number must be of the form +{country code} {number}x{extension}, the extension only of an office."


def read_graph_number(text: str, policy: PhonePolicy, *, may_have_extension: bool) -> str:
    """Return a number as it is stored: in E.164, with its extension behind where it has one.

    Raises:
        InvalidPhoneNumber: it has another form, its country is unknown, or the policy does not take it.
    """
    match = _FORM.fullmatch(text)
    if match is None or (match[3] and not may_have_extension):
        raise InvalidPhoneNumber(BAD_FORM)
    country, national, extension = match.groups()
    number = f"+{country}{national}"
    parsed = _parsed(number)
    # The space says which country is meant: a number read as one of another country is a typing error.
    if parsed is None or str(parsed.country_code) != country or len(number) > MOST_DIGITS + 1:
        raise InvalidPhoneNumber(BAD_FORM)
    if policy is not PhonePolicy.LENIENT and not phonenumbers.is_valid_number(parsed):
        raise InvalidPhoneNumber
    return f"{number}x{extension}" if extension else number


def shown_graph_number(stored: str) -> str:
    """Return a stored number as Graph writes it; one whose country is unknown is shown as it is stored."""
    match = _STORED.fullmatch(stored)
    parsed = _parsed(match[1]) if match else None
    if match is None or parsed is None:
        return stored
    country = str(parsed.country_code)
    national = match[1].removeprefix(f"+{country}")
    return f"+{country} {national}{match[2] or ''}"


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
