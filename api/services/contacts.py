"""The phone numbers of a user: read off a canonical SCIM document, and written back after a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.errors import InvalidValue
from verification.decision import Contact
from verification.errors import InvalidPhoneNumber
from verification.numbers import read_number, stored_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verification.policy import Policy
    from verification.targets import Target

EXTENSION = "urn:scim:wso2:schema"
"""Canonical home of the attributes of number verification."""
PHONES = "phoneNumbers"
MOBILE = "mobile"
NUMBERS = "mobileNumbers"
VERIFIED = "verifiedMobileNumbers"
PENDING = "pendingMobileNumber"
PHONE_VERIFIED = "phoneVerified"
VERIFY_MOBILE = "verifyMobile"
PASSWORD = "password"  # noqa: S105 - the attribute's name
NEVER_STORED = frozenset({(EXTENSION, VERIFY_MOBILE), (None, PASSWORD)})
"""What a request may carry and a document never holds: the extension (None: the core schema), and the name."""

Document = dict[str, Any]
NO_CONTACT = Contact()


def stored_contact(document: Document, policy: Policy) -> Contact:
    """Read the numbers of a stored document; what is stored is never refused by a stricter policy of today."""
    extension = document.get(EXTENSION, {})
    element = _mobile_element(document)
    return Contact(
        primary=stored_number(element["value"], policy.default_region) if element and element.get("value") else None,
        numbers=_stored_list(extension.get(NUMBERS, ()), policy),
        verified=_stored_list(extension.get(VERIFIED, ()), policy),
        is_primary_verified=bool(extension.get(PHONE_VERIFIED, False)),
    )


def requested_contact(document: Document, stored: Contact, policy: Policy) -> Contact:
    """Read the numbers of a document as a request left it, before anything is decided.

    A number that is stored already is taken as it is stored; every other one must obey the phone policy.

    Raises:
        InvalidValue: a number is none, or two phone numbers are of type mobile.
    """
    extension = document.get(EXTENSION, {})
    element = _mobile_element(document)
    known = {target.text: target for target in (*stored.numbers, *stored.verified)}
    if stored.primary is not None:
        known[stored.primary.text] = stored.primary
    primary = str(element.get("value") or "").strip() if element else ""
    return Contact(
        primary=_read(primary, f'{PHONES}[type eq "mobile"].value', known, policy) if primary else None,
        numbers=_read_list(extension.get(NUMBERS, ()), NUMBERS, known, policy),
        verified=_read_list(extension.get(VERIFIED, ()), VERIFIED, known, policy),
        is_primary_verified=False,
    )


def wants_verification(document: Document) -> bool:
    """Tell whether the request carries `verifyMobile: true`."""
    return bool(document.get(EXTENSION, {}).get(VERIFY_MOBILE, False))


def pending_number(document: Document) -> str | None:
    """Return the pending number of a stored document as it was sent, or None."""
    pending: str | None = document.get(EXTENSION, {}).get(PENDING)
    return pending


def with_contact(document: Document, contact: Contact, pending: str | None) -> Document:
    """Return the document with its numbers as decided, and with or without a pending number."""
    extension = {k: v for k, v in document.get(EXTENSION, {}).items() if k != VERIFY_MOBILE}
    _assign(extension, NUMBERS, [target.text for target in contact.numbers])
    _assign(extension, VERIFIED, [target.text for target in contact.verified])
    _assign(extension, PENDING, pending)
    # phoneVerified speaks of the primary alone: false is shown while there is one, nothing without.
    _assign(extension, PHONE_VERIFIED, contact.is_primary_verified if contact.primary else None)
    # Assigned in place, so that the attributes keep their order.
    result = {k: v for k, v in document.items() if k != PASSWORD}
    _assign(result, PHONES, _with_primary(document.get(PHONES, []), contact.primary))
    _assign(result, EXTENSION, extension)
    return result


def _with_primary(elements: list[Document], primary: Target | None) -> list[Document]:
    result = [dict(element) for element in elements]
    for element in result:
        if _is_mobile(element) and primary is not None:
            element["value"] = primary.text
            return result
    if primary is not None:
        return [*result, {"type": MOBILE, "value": primary.text}]
    return [element for element in result if not _is_mobile(element)]


def _mobile_element(document: Document) -> Document | None:
    found = [element for element in document.get(PHONES, ()) if _is_mobile(element)]
    if len(found) > 1:
        raise InvalidValue("A user has one phone number of type mobile.")
    return found[0] if found else None


def _is_mobile(element: Document) -> bool:
    return str(element.get("type", "")).lower() == MOBILE


def _read_list(texts: Iterable[str], name: str, known: dict[str, Target], policy: Policy) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(_read(text, f"{EXTENSION}:{name}", known, policy) for text in texts))


def _read(text: str, path: str, known: dict[str, Target], policy: Policy) -> Target:
    if text in known:
        return known[text]
    try:
        return read_number(text, policy.phone_policy, policy.default_region)
    except InvalidPhoneNumber as error:
        raise InvalidValue(f"{path}: {error}") from error


def _stored_list(texts: Iterable[str], policy: Policy) -> tuple[Target, ...]:
    return tuple(stored_number(text, policy.default_region) for text in texts)


def _assign(document: Document, name: str, value: object) -> None:
    if value is None or value in ([], {}):
        document.pop(name, None)
    else:
        document[name] = value
