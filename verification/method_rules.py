"""The order in which methods come and go, as Microsoft Graph has it (facts C.2); in our directory it holds as well.

The default method is the one a sign-in asks for first. It goes last, so that nobody is left with methods of which none
is asked for; a mobile goes after the alternate mobile, which stands in for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verification.methods import MethodKind, PhoneType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verification.methods import Method

DEFAULT_MUST_BE_LAST = (
    "The requested authentication method id of [{id}] matches the user's current default authentication method, and "
    "cannot be deleted until the default authentication method is changed."
)
ALTERNATE_GOES_FIRST = "The mobile phone cannot be deleted while an alternate mobile phone is there."
MOBILE_COMES_FIRST = "An alternate mobile phone needs a mobile phone."
ONE_PER_TYPE = "A phone of this type is there already."

_BY_PREFERENCE = (
    MethodKind.MICROSOFT_AUTHENTICATOR,
    MethodKind.SOFTWARE_OATH,
    MethodKind.PHONE,
)
"""What a sign-in asks for, the preferred kind first; no other kind is ever the default."""
_PHONES = (PhoneType.MOBILE, PhoneType.ALTERNATE_MOBILE, PhoneType.OFFICE)


def default_of(methods: Sequence[Method]) -> Method | None:
    """Return the method a sign-in asks for first, None where there is none."""
    known = [method for method in methods if method.kind in _BY_PREFERENCE]
    return min(known, key=_preference, default=None)


def refusal_to_remove(method: Method, methods: Sequence[Method]) -> str | None:
    """Return why a method cannot go now, given all of the user's; None where it can."""
    others = [other for other in methods if other != method]
    if method.phone_type is PhoneType.MOBILE and _phone(PhoneType.ALTERNATE_MOBILE, others):
        return ALTERNATE_GOES_FIRST
    # A default that another method waits for is no reason to keep both.
    if method == default_of(methods) and any(_is_factor(other) for other in others):
        return DEFAULT_MUST_BE_LAST.format(id=method.id)
    return None


def refusal_to_add_phone(phone_type: PhoneType, methods: Sequence[Method]) -> str | None:
    """Return why a phone of a type cannot be added, given all of the user's methods; None where it can."""
    if _phone(phone_type, methods):
        return ONE_PER_TYPE
    if phone_type is PhoneType.ALTERNATE_MOBILE and not _phone(PhoneType.MOBILE, methods):
        return MOBILE_COMES_FIRST
    return None


def _preference(method: Method) -> tuple[int, int]:
    phone = _PHONES.index(method.phone_type) if method.phone_type else 0
    return _BY_PREFERENCE.index(method.kind), phone


def _phone(phone_type: PhoneType, methods: Sequence[Method]) -> bool:
    return any(method.phone_type is phone_type for method in methods)


def _is_factor(method: Method) -> bool:
    return method.kind in _BY_PREFERENCE
