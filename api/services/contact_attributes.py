"""Where each kind of contact lives in a user's document, as data: the code over it is the same for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.services.primaries import mobile_element, primary_email, with_mobile, with_primary_email
from verification.kinds import EMAIL, MOBILE, ContactKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from verification.policy import Policy
    from verification.targets import Target

EXTENSION = "urn:scim:wso2:schema"
"""Canonical home of the attributes of verification."""
PASSWORD = "password"  # noqa: S105 - the attribute's name

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContactAttributes:
    """The attributes of one kind of contact; all but the elements are in the extension.

    Attributes:
        kind: What the decision table knows of it.
        elements: The core attribute among whose elements the primary value is.
        listed: The list of values.
        verified: The list of those that are proved.
        pending: What waits for its proof.
        flag: Whether the primary value is verified.
        claim: By which a request asks for a proof; never stored.
        primary_path: How a fault names the primary value.
        find: Finds the element of the primary value among the elements of a request, over those that are stored.
        place: Puts the primary value into them, or takes it out.
        has_pending_elements: Whether what is pending is a list of objects with a `value`, not a text.
    """

    kind: ContactKind
    elements: str
    listed: str
    verified: str
    pending: str
    flag: str
    claim: str
    primary_path: str
    find: Callable[[list[Document], list[Document]], Document | None]
    place: Callable[[list[Document], list[Document], Target | None], list[Document]]
    has_pending_elements: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Return the names of its attributes in the extension."""
        return frozenset({self.listed, self.verified, self.pending, self.flag, self.claim})


MOBILE_NUMBERS = ContactAttributes(
    kind=MOBILE,
    elements="phoneNumbers",
    listed="mobileNumbers",
    verified="verifiedMobileNumbers",
    pending="pendingMobileNumber",
    flag="phoneVerified",
    claim="verifyMobile",
    primary_path='phoneNumbers[type eq "mobile"].value',
    find=mobile_element,
    place=with_mobile,
)

EMAIL_ADDRESSES = ContactAttributes(
    kind=EMAIL,
    elements="emails",
    listed="emailAddresses",
    verified="verifiedEmailAddresses",
    pending="pendingEmails",
    flag="emailVerified",
    claim="verifyEmail",
    primary_path="emails.value",
    find=primary_email,
    place=with_primary_email,
    has_pending_elements=True,
)

CONTACTS = (MOBILE_NUMBERS, EMAIL_ADDRESSES)
NEVER_STORED = frozenset({(None, PASSWORD), *((EXTENSION, where.claim) for where in CONTACTS)})
"""What a request may carry and a document never holds: the extension (None: the core schema), and the name."""


BY_PURPOSE = {where.kind.purpose: where for where in CONTACTS}
"""Where the contact lives that a purpose is about."""


def contacts_of(policy: Policy) -> tuple[ContactAttributes, ...]:
    """Return the kinds of contact that a policy knows."""
    return tuple(where for where in CONTACTS if where.kind.is_known(policy))
