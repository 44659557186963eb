"""Invitations: the link by which a user without a password sets the first one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verification.codes import Label
from verification.notices import link_token

if TYPE_CHECKING:
    from datetime import datetime

    from verification.codes import KeyRing
    from verification.targets import Target

_SUBJECT = "invite"


@dataclass(frozen=True, slots=True)
class Invitation:
    """The one invitation of a user that is good, until it is used or another one takes its place.

    Attributes:
        address: The address it went to, as it is compared.
    """

    user_id: str
    address: str = field(repr=False)
    token_digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime

    def is_good(self, address: Target | None, at: datetime) -> bool:
        """Tell whether its link still works for a user whose primary address is this one now."""
        return at < self.expires_at and address is not None and address.key == self.address


def invitation_token(ring: KeyRing, kid: str, notice_id: str) -> str:
    """Derive the token of the link in an invitation: it is stored nowhere, and every retry has the same."""
    return link_token(ring.key(kid, Label.LINK), _SUBJECT, notice_id)
