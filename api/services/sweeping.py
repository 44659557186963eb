"""Ending verifications that have waited too long: the pending number leaves in the same transaction (L2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.callers import Caller
from api.services.contact_attributes import BY_PURPOSE
from api.services.contacts import without_pending
from api.services.trail import Deed
from verification.kinds import CONTACT_PURPOSES

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Verification

BATCH = 100
"""Verifications ended in one sweep; the next one takes the rest."""
SWEEPER = "lineproof"
"""The actor of the audit trail where the service itself acts."""


@dataclass(frozen=True, slots=True)
class SweepService:
    """The use case of the worker beside delivery."""

    core: Core

    def sweep(self) -> int:
        """End what has lapsed, each in its own transaction, and return how many."""
        at = self.core.clock.now()
        lapsed = self.core.database.read(
            lambda unit: unit.verifications.list_lapsed(at, BATCH, max_attempts=self.core.policy.otp.max_attempts)
        )
        for verification in lapsed:
            self._end(verification, at)
        self.core.database.transact(lambda unit: _prune(unit, at))
        return len(lapsed)

    def _end(self, lapsed: Verification, at: datetime) -> None:
        caller = Caller(subject=SWEEPER, user_id=None, request_id=new_id())

        def write(unit: UnitOfWork) -> None:
            user = unit.resources.lock("User", lapsed.user_id)
            # What has attempts left has only waited too long; the rest is left over from a process that died.
            waited = lapsed.has_lapsed(at)
            ended = lapsed.expire(at) if waited else lapsed.exhaust(at)
            if not unit.verifications.save(ended, expected=lapsed):
                return
            trail.record_verification(
                unit, Deed.VERIFICATION_ENDED, caller, ended, at, "waited too long" if waited else "attempts used up"
            )
            if user is not None and ended.purpose in CONTACT_PURPOSES:
                document = without_pending(user.document(), BY_PURPOSE[ended.purpose])
                unit.resources.save(user, self.core.user_type, document, at)

        self.core.database.transact(write)


def _prune(unit: UnitOfWork, at: datetime) -> None:
    """Remove what is over and nobody will ask for."""
    unit.flows.prune(at, BATCH)
    unit.sessions.prune(at, BATCH)
    unit.grants.prune(at, BATCH)
    unit.revocations.prune(at, BATCH)
