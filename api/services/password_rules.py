"""The rules of the User type about the password: it is kept beside the document, and never in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from api.services.contact_attributes import PASSWORD
from api.services.effects import Scene
from api.services.passwords import changing, keeping
from scim.errors import InvalidValue
from verification.errors import PasswordRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Change, ChangeRules, Document, Effect
    from api.services.passwords import PasswordService
    from persistence.resources import StoredResource
    from scim.errors import ScimError


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """Put the other rules of users first, and then the password beside what they say."""

    others: ChangeRules
    passwords: PasswordService

    def creation(self, resource_id: str, document: Document, caller: Caller, at: datetime) -> Change:
        """Keep the password of a new user."""
        change = self.others.creation(resource_id, document, caller, at)
        return self._with(change, document, partial(keeping, Scene(resource_id, caller, at)))

    def change(self, stored: StoredResource, after: Document, caller: Caller, at: datetime) -> Change:
        """Keep the password that a request brings: it ends what was begun with the one before."""
        change = self.others.change(stored, after, caller, at)
        return self._with(change, after, partial(changing, Scene(stored.id, caller, at)))

    def removal(self, stored: StoredResource, caller: Caller, at: datetime) -> tuple[Effect, ...]:
        """Say what the others say: the password goes with the row of its user."""
        return self.others.removal(stored, caller, at)

    def faults(self, before: Document, after: Document) -> tuple[ScimError, ...]:
        """Say what the others say, and whether the password is not good enough."""
        found = self.others.faults(before, after)
        try:
            if password := after.get(PASSWORD):
                self.passwords.require_good(password, after)
        except PasswordRefused as error:
            return (*found, _refusal(error))
        return found

    def _with(self, change: Change, sent: Document, effects_of: Callable[[str], tuple[Effect, ...]]) -> Change:
        password = sent.get(PASSWORD)
        if not password:
            return change
        try:
            hashed = self.passwords.hash_of(password, sent)
        except PasswordRefused as error:
            raise _refusal(error) from error
        return replace(change, effects=(*change.effects, *effects_of(hashed)))


def _refusal(error: PasswordRefused) -> InvalidValue:
    return InvalidValue(f"{PASSWORD}: {error}")
