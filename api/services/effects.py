"""What is written beside a user's document: verifications, deliveries, revocations and the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.trail import Deed

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.changes import Effect
    from api.services.sending import Permit
    from persistence.unit_of_work import UnitOfWork
    from verification.lifecycle import Outcome
    from verification.verifications import Verification


@dataclass(frozen=True, slots=True)
class Scene:
    """One request about one resource; its methods return effects to be written in the change's transaction."""

    subject_id: str
    caller: Caller
    at: datetime

    def record(self, deed: Deed, **detail: str | int | None) -> Effect:
        """Put a deed on record."""

        def write(unit: UnitOfWork) -> None:
            trail.record(unit, deed, self.caller, self.subject_id, self.at, **detail)

        return write

    def store_outcome(self, outcome: Outcome, live: Verification | None, permit: Permit) -> Effect:
        """Store the verification that a request started or went on with, and queue its code by the permit."""

        def write(unit: UnitOfWork) -> None:
            if outcome.ended is not None and live is not None:
                unit.verifications.save_or_fail(outcome.ended, expected=live)
                trail.record_verification(unit, Deed.VERIFICATION_ENDED, self.caller, outcome.ended, self.at)
            if live is None or outcome.ended is not None:
                unit.verifications.add(outcome.verification)
            else:
                unit.verifications.save_or_fail(outcome.verification, expected=live)
            trail.record_verification(unit, Deed.VERIFICATION_REQUESTED, self.caller, outcome.verification, self.at)
            if outcome.is_code_sent:
                permit.use(unit, outcome.verification, self.at)

        return write

    def cancel(self, live: Verification, reason: str) -> Effect:
        """End the live verification that the change was decided on."""

        def write(unit: UnitOfWork) -> None:
            canceled = live.cancel(self.at)
            unit.verifications.save_or_fail(canceled, expected=live)
            trail.record_verification(unit, Deed.VERIFICATION_ENDED, self.caller, canceled, self.at, reason)

        return write

    def revoke_tokens(self) -> Effect:
        """End the tokens issued to the user so far."""

        def write(unit: UnitOfWork) -> None:
            unit.revocations.add(self.subject_id, self.at, self.at)

        return write
