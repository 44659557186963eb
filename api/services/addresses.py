"""The mail address by which a user may be found: primary, and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.contact_attributes import EMAIL_ADDRESSES, EXTENSION
from api.services.primaries import primary_email
from scim.folding import fold

if TYPE_CHECKING:
    from api.services.changes import Document
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork


def verified_address(document: Document) -> str | None:
    """Return the primary address of a user where its owner has proved it."""
    if document.get(EXTENSION, {}).get(EMAIL_ADDRESSES.flag) is not True:
        return None
    return primary_address(document)


def primary_address(document: Document) -> str | None:
    """Return the primary address, as the rules of addresses tell it."""
    element = primary_email(document.get(EMAIL_ADDRESSES.elements, []), [])
    return None if element is None else str(element["value"])


def find_by_address(unit: UnitOfWork, address: str) -> StoredResource | None:
    """Find the one user whose verified primary address this is; where there are several, it is nobody's."""
    wanted = address.strip()
    users = unit.resources.find_by_value("User", EMAIL_ADDRESSES.elements, wanted)
    found = [user for user in users if fold(verified_address(user.document()) or "") == fold(wanted)]
    return found[0] if len(found) == 1 else None
