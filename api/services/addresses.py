"""The mail address by which a user may be found: primary, and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.contact_attributes import EMAIL_ADDRESSES
from api.services.contacts import stored_contact

if TYPE_CHECKING:
    from api.services.changes import Document
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.policy import Policy
    from verification.targets import Target


def verified_address(document: Document, policy: Policy) -> Target | None:
    """Return the primary address of a user where its owner has proved it.

    Where addresses are not verified, none is: what was proved once may have been changed without a proof since.
    """
    if not EMAIL_ADDRESSES.kind.is_gated(policy):
        return None
    contact = stored_contact(document, EMAIL_ADDRESSES, policy)
    return contact.primary if contact.is_primary_verified else None


def find_by_address(unit: UnitOfWork, address: str, policy: Policy) -> StoredResource | None:
    """Find the one user whose verified primary address this is; where there are several, it is nobody's."""
    wanted = EMAIL_ADDRESSES.kind.stored(address.strip(), policy)
    users = unit.resources.find_by_value("User", EMAIL_ADDRESSES.elements, wanted.text)
    found = [user for user in users if verified_address(user.document(), policy) == wanted]
    return found[0] if len(found) == 1 else None
