"""The applications that a user lets into the own account, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.clients import NoSuchClient
from api.services.trail import Deed

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.grants import GrantService
    from persistence.unit_of_work import UnitOfWork

WITHDRAWN = "withdrawn by the user"


@dataclass(frozen=True, slots=True)
class UsedApplication:
    """A client that a user has consented to, or that holds a grant: what it may do, and since when."""

    client_id: str
    name: str
    scopes: frozenset[str]
    since: datetime
    is_signed_in: bool


@dataclass(frozen=True, slots=True)
class ApplicationService:
    """Use cases of the applications of a user."""

    core: Core
    grants: GrantService

    def list(self, user_id: str) -> tuple[UsedApplication, ...]:
        """List the applications of a user, those of longest standing first."""
        now = self.core.clock.now()
        return self.core.database.read(lambda unit: _used(unit, user_id, now))

    def remove(self, user_id: str, client_id: str, caller: Caller) -> None:
        """Take back what a user lets an application do, and end what it was given; it has to ask again.

        Raises:
            NoSuchClient: it has nothing of this user.
        """
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> bool:
            held = [grant for grant in unit.grants.list_of_user(user_id, at) if grant.client_id == client_id]
            for grant in held:
                self.grants.end_within(unit, grant, WITHDRAWN, caller, at)
            had_consent = unit.clients.remove_consent(user_id, client_id)
            if had_consent:
                trail.record(unit, Deed.CONSENT_WITHDRAWN, caller, user_id, at, client_id=client_id)
            return had_consent or bool(held)

        if not self.core.database.transact(write):
            raise NoSuchClient


def _used(unit: UnitOfWork, user_id: str, now: datetime) -> tuple[UsedApplication, ...]:
    found: dict[str, UsedApplication] = {}
    held, names = unit.grants.list_of_user(user_id, now), unit.grants.clients_of_user(user_id)
    signed_in = {grant.client_id for grant in held}
    for consent in unit.clients.consents_of(user_id):
        is_signed_in = consent.client_id in signed_in
        found[consent.client_id] = UsedApplication(
            consent.client_id, consent.client_name, consent.scopes, consent.given_at, is_signed_in
        )
    for grant in held:
        # Users are not asked for their consent to a client of the first party.
        if grant.client_id not in found:
            name = names[grant.client_id]
            found[grant.client_id] = UsedApplication(
                grant.client_id, name, grant.scopes, grant.created_at, is_signed_in=True
            )
    return tuple(sorted(found.values(), key=lambda application: application.since))
