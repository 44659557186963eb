"""What pages of the Console show of a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services.contact_attributes import EMAIL_ADDRESSES, MOBILE_NUMBERS
from api.services.contacts import pending_value, stored_contact

if TYPE_CHECKING:
    from api.pages.visits import Visit
    from api.services.changes import Document
    from persistence.resources import StoredResource
    from verification.policy import Policy


@dataclass(frozen=True, slots=True)
class Person:
    """A user at a glance."""

    id: str
    name: str
    user_name: str
    mobile: str | None
    is_verified: bool
    pending: str | None
    email: str | None
    is_active: bool

    @classmethod
    def of(cls, stored: StoredResource, policy: Policy) -> Person:
        """Read one off the stored document."""
        document = stored.document()
        mobile = stored_contact(document, MOBILE_NUMBERS, policy)
        email = stored_contact(document, EMAIL_ADDRESSES, policy)
        return cls(
            id=stored.id,
            name=name_of(document),
            user_name=document["userName"],
            mobile=mobile.primary.text if mobile.primary else None,
            is_verified=mobile.is_primary_verified,
            pending=pending_value(document, MOBILE_NUMBERS),
            email=email.primary.text if email.primary else None,
            is_active=document.get("active") is not False,
        )


def person_of(visit: Visit, stored: StoredResource) -> Person:
    """Return a user as the rules in force have it."""
    return Person.of(stored, visit.services.core.policy)


def name_of(document: Document) -> str:
    """Return what a user is called: the display name, else the names, else the user name."""
    name = document.get("name", {})
    parts = " ".join(part for part in (name.get("givenName"), name.get("familyName")) if part)
    return str(document.get("displayName") or name.get("formatted") or parts or document["userName"])
