"""The rule of the User type by which new users without a password are invited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.services.contact_attributes import PASSWORD
from api.services.effects import Scene
from scim.errors import InvalidValue, TooManyRequests
from verification.errors import LimitReached, TargetRefused

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Change, ChangeRules, Document, Effect
    from api.services.invitations import InvitationService
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.errors import ScimError


@dataclass(frozen=True, slots=True)
class InvitingRules:
    """Put the other rules of users first, and then the invitation beside what they say."""

    others: ChangeRules
    invitations: InvitationService

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Invite a new user who is active, has an address and no password; others come as they are."""
        change = self.others.creation(resource_id, document, caller, at)
        address = self.invitations.address_of(change.document)
        if document.get(PASSWORD) or document.get("active") is False or address is None:
            return change
        scene = Scene(resource_id, caller, at)

        def write(unit: UnitOfWork) -> None:
            try:
                self.invitations.write(unit, scene, change.document, address)
            except LimitReached as error:
                raise TooManyRequests(f"{error.code}: {error}", retry_after=error.retry_after) from error
            except TargetRefused as error:
                raise InvalidValue(f"{error.code}: {error}") from error

        return replace(change, effects=(*change.effects, write), sends=True)

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Say what the others say: whoever changes a user invites nobody."""
        return self.others.change(stored, after, caller, at)

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """Say what the others say: the invitation goes with the row of its user."""
        return self.others.removal(stored, caller, at)

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Say what the others say."""
        return self.others.faults(before, after)
