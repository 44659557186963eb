"""The contact values of a user: read off a canonical SCIM document, and written back after a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.services.contact_attributes import EXTENSION, NEVER_STORED, ContactAttributes
from scim.errors import InvalidValue
from verification.decision import Contact
from verification.errors import InvalidTarget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verification.policy import Policy
    from verification.targets import Target

Document = dict[str, Any]
NO_CONTACT = Contact()


def stored_contact(document: Document, where: ContactAttributes, policy: Policy) -> Contact:
    """Read the values of a stored document; what is stored is never refused by a stricter policy of today."""
    extension = document.get(EXTENSION, {})
    element = where.find(document.get(where.elements, []), [])

    def read(texts: Iterable[str]) -> tuple[Target, ...]:
        return tuple(where.kind.stored(text, policy) for text in texts)

    return Contact(
        primary=where.kind.stored(element["value"], policy) if element and element.get("value") else None,
        listed=read(extension.get(where.listed, ())),
        verified=read(extension.get(where.verified, ())),
        is_primary_verified=bool(extension.get(where.flag, False)),
    )


def requested_contact(
    document: Document, where: ContactAttributes, policy: Policy, *, before: Document, stored: Contact
) -> Contact:
    """Read the values of a document as a request left it, before anything is decided.

    `before` is the stored document, and `stored` what was read off it. A value that is stored already is taken as it
    is stored; every other one must obey the policy.

    Raises:
        InvalidValue: a value is none of its kind, or two are the primary one.
    """
    extension = document.get(EXTENSION, {})
    element = where.find(document.get(where.elements, []), before.get(where.elements, []))
    known = {target.text: target for target in (*stored.listed, *stored.verified)}
    if stored.primary is not None:
        known[stored.primary.text] = stored.primary

    def read(text: str, path: str) -> Target:
        if text in known:
            return known[text]
        try:
            return where.kind.read(text, policy)
        except InvalidTarget as error:
            raise InvalidValue(f"{path}: {error}") from error

    def read_list(name: str) -> tuple[Target, ...]:
        return tuple(dict.fromkeys(read(text, f"{EXTENSION}:{name}") for text in extension.get(name, ())))

    primary = str(element.get("value") or "") if element else ""
    primary = primary if primary in known else primary.strip()
    return Contact(
        primary=read(primary, where.primary_path) if primary else None,
        listed=read_list(where.listed),
        verified=read_list(where.verified),
        is_primary_verified=False,
    )


def wants_verification(document: Document, where: ContactAttributes) -> bool:
    """Tell whether the request asks for a proof of the primary value as it is."""
    return bool(document.get(EXTENSION, {}).get(where.claim, False))


def pending_value(document: Document, where: ContactAttributes) -> str | None:
    """Return the pending value of a stored document as it was sent, or None."""
    pending: Any = document.get(EXTENSION, {}).get(where.pending)
    if where.has_pending_elements:
        pending = pending[0]["value"] if pending else None
    return None if pending is None else str(pending)


def with_contact(
    document: Document, where: ContactAttributes, contact: Contact, pending: str | None, *, before: Document
) -> Document:
    """Return a document with its values of one kind as decided, and with or without a pending one.

    `before` is the stored document.
    """
    extension = dict(document.get(EXTENSION, {}))
    _assign(extension, where.listed, [target.text for target in contact.listed])
    _assign(extension, where.verified, [target.text for target in contact.verified])
    _assign(extension, where.pending, [{"value": pending}] if pending and where.has_pending_elements else pending)
    # The flag speaks of the primary alone: false is shown while there is one, nothing without.
    _assign(extension, where.flag, contact.is_primary_verified if contact.primary else None)
    # Assigned in place, so that the attributes keep their order.
    result = dict(document)
    _assign(
        result,
        where.elements,
        where.place(document.get(where.elements, []), before.get(where.elements, []), contact.primary),
    )
    _assign(result, EXTENSION, extension)
    return result


def without_pending(document: Document, where: ContactAttributes) -> Document:
    """Return a stored document whose pending value of one kind is gone."""
    result, extension = dict(document), dict(document.get(EXTENSION, {}))
    extension.pop(where.pending, None)
    _assign(result, EXTENSION, extension)
    return result


def without_never_stored(document: Document) -> Document:
    """Return a document without what a request carries and a document never holds."""
    result = {name: value for name, value in document.items() if (None, name) not in NEVER_STORED}
    if EXTENSION in result:
        kept = {name: value for name, value in result[EXTENSION].items() if (EXTENSION, name) not in NEVER_STORED}
        _assign(result, EXTENSION, kept)
    return result


def _assign(document: Document, name: str, value: object) -> None:
    if value is None or value in ([], {}):
        document.pop(name, None)
    else:
        document[name] = value
