"""The mail address by which a user may be found: primary, and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.contact_attributes import EXTENSION
from scim.folding import fold

if TYPE_CHECKING:
    from api.services.changes import Document
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork

EMAILS = "emails"
EMAIL_VERIFIED = "emailVerified"


def verified_address(document: Document) -> str | None:
    """Return the primary address of a user where its owner has proved it."""
    if document.get(EXTENSION, {}).get(EMAIL_VERIFIED) is not True:
        return None
    return primary_address(document)


def primary_address(document: Document) -> str | None:
    """Return the address that is marked as primary, or the only one there is."""
    elements = document.get(EMAILS, [])
    found = [element for element in elements if element.get("primary") is True] or elements
    return str(found[0]["value"]) if len(found) == 1 and found[0].get("value") else None


def find_by_address(unit: UnitOfWork, address: str) -> StoredResource | None:
    """Find the one user whose verified primary address this is; where there are several, it is nobody's."""
    wanted = address.strip()
    users = unit.resources.find_by_value("User", EMAILS, wanted)
    found = [user for user in users if fold(verified_address(user.document()) or "") == fold(wanted)]
    return found[0] if len(found) == 1 else None
