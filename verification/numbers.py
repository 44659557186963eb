"""Phone numbers: what is accepted, and the canonical key it is compared and called by."""

from __future__ import annotations

import re

import phonenumbers

from verification.errors import InvalidPhoneNumber
from verification.policy import PhonePolicy
from verification.targets import Target

LONGEST_TEXT = 64  # a full E.164 number with generous punctuation, as a tel: URI
SCHEME = "tel:"  # RFC 3966, the form RFC 7643 §4.1.2 recommends
MOST_DIGITS = 15  # ITU-T E.164 §6.1

MOBILE_TYPES = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})

_PUNCTUATION = str.maketrans("", "", " -./()")
_DIALLED = re.compile(r"\+?[0-9]{1,15}")


class PhoneNumber(Target):
    """A phone number; its key is E.164 where it parses, else its digits."""

    __slots__ = ()


def read_number(text: str, policy: PhonePolicy, region: str | None) -> PhoneNumber:
    """Read a number a request brings, as strictly as the policy says.

    Extensions, letters and digits of other scripts are refused by every policy: no gateway dials them.

    Raises:
        InvalidPhoneNumber: The text is none. The message does not repeat it.
    """
    dialled = _dialled(text)
    if dialled is None:
        raise InvalidPhoneNumber
    parsed = _parsed(dialled, region)
    if not _is_accepted(parsed, policy):
        raise InvalidPhoneNumber
    return PhoneNumber(text, _key(dialled, parsed))


def stored_number(text: str, region: str | None) -> PhoneNumber:
    """Read a number off a stored document, whatever the policy of today says of it."""
    dialled = _dialled(text)
    if dialled is None:
        return PhoneNumber(text, text)
    return PhoneNumber(text, _key(dialled, _parsed(dialled, region)))


def is_known_region(region: str) -> bool:
    """Tell whether this is a region whose numbering plan is known, as in `LK`."""
    return region in phonenumbers.SUPPORTED_REGIONS


def calling_code(region: str) -> int:
    """Return the country calling code of a region, as 94 of `LK`; 0 where it has none."""
    return int(phonenumbers.country_code_for_region(region))


def _dialled(text: str) -> str | None:
    """Strip scheme and punctuation; None where what is left is not `+` and digits."""
    if len(text) > LONGEST_TEXT:
        return None
    has_scheme = text[: len(SCHEME)].lower() == SCHEME
    stripped = (text[len(SCHEME) :] if has_scheme else text).translate(_PUNCTUATION)
    return stripped if _DIALLED.fullmatch(stripped) else None


def _parsed(dialled: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return None


def _is_accepted(parsed: phonenumbers.PhoneNumber | None, policy: PhonePolicy) -> bool:
    if policy is PhonePolicy.LENIENT:
        return True
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return False
    return policy is PhonePolicy.VALID or phonenumbers.number_type(parsed) in MOBILE_TYPES


def _key(dialled: str, parsed: phonenumbers.PhoneNumber | None) -> str:
    digits = dialled.removeprefix("+")
    if parsed is None:
        return digits
    canonical = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    # A long local number behind a country code is longer than E.164 allows: no gateway would take it.
    return canonical if len(canonical) <= MOST_DIGITS + 1 else digits
