"""A user's own view of what is pending, sending codes again, and giving up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.contact_attributes import BY_PURPOSE
from api.services.contacts import without_pending
from api.services.effects import Scene
from api.services.errors import NoSuchUser, NoSuchVerification
from api.services.names import user_named
from api.services.sending import Occasion, SendService
from api.services.trail import Deed
from verification.decision import Actor
from verification.delivery import DeliveryStatus
from verification.errors import NothingToResend
from verification.kinds import CONTACT_PURPOSES
from verification.lifecycle import resend_code
from verification.verifications import Status

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.verifications import Purpose, Scenario, Verification

PROOFS = 50
"""Of one user so many are looked at, the newest first: who proves more numbers than that is told of the last ones."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A live verification as its user may see it; the target is masked."""

    id: str
    scenario: Scenario
    target: str
    expires_at: datetime
    attempts_left: int | None
    sends_left: int | None
    resend_after: int | None
    delivery: DeliveryStatus
    reason: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """When a number or an address was last proved by a code; who entered it, as long as the trail says so."""

    at: datetime
    actor: str | None


@dataclass(frozen=True, slots=True)
class VerificationService:
    """Use cases of live verifications."""

    core: Core

    def own_user(self, user_id: str | None) -> StoredResource:
        """Return the user a token stands for, or raise NoSuchUser."""
        found = self.core.database.read(lambda unit: unit.resources.lookup("User", user_id)) if user_id else None
        if found is None:
            raise NoSuchUser
        return found

    def user_named(self, user_name: str) -> str:
        """Return the id of the user of that name, or raise UnknownUser."""
        return self.core.database.read(lambda unit: user_named(unit, user_name))

    def pending(self, user_id: str) -> list[Pending]:
        """Return what is pending for a user."""
        at = self.core.clock.now()
        return self.core.database.read(lambda unit: [self._shown(unit, v, at) for v in _live(unit, user_id, at)])

    def proofs(self, user_id: str, purpose: Purpose) -> dict[str, Proof]:
        """Return what a user has proved of late, by the keys of the targets."""

        def read(unit: UnitOfWork) -> dict[str, Proof]:
            approved = unit.histories.list(user_id=user_id, status=Status.APPROVED, purpose=purpose, limit=PROOFS)
            deeds = unit.audit.list(subject_id=user_id, event=Deed.VERIFICATION_APPROVED, limit=PROOFS)
            actors = {deed.detail.get("verification_id"): deed.actor for deed in deeds}
            # The newest comes first, and is the one that counts.
            return {
                each.target.key: Proof(each.ended_at, actors.get(each.id))
                for each, _ in reversed(approved)
                if each.ended_at is not None
            }

        return self.core.database.read(read)

    def resend(self, user_id: str, scenario: Scenario, caller: Caller) -> None:
        """Send the next code of what is pending for this scenario.

        Raises:
            NothingToResend: nothing is pending for it.
            LimitReached, TargetRefused: no code may be sent now, or to this target.
        """
        at = self.core.clock.now()
        sender = SendService(self.core)
        sender.transact(lambda unit: self._resend(unit, sender, user_id, scenario, caller, at))
        self.core.wake()

    def cancel(self, user_id: str, verification_id: str, caller: Caller) -> None:
        """Give up what is pending; raise NoSuchVerification where it is not the user's, or no longer live."""
        at = self.core.clock.now()
        self.core.database.transact(lambda unit: self._cancel(unit, user_id, verification_id, caller, at))

    def _resend(
        self, unit: UnitOfWork, sender: SendService, user_id: str, scenario: Scenario, caller: Caller, at: datetime
    ) -> None:
        unit.resources.lock("User", user_id)
        live = _waiting(unit, user_id, scenario, at)
        permit = sender.look(Occasion(user_id, live.target, live.purpose, caller, at), unit)
        following = resend_code(live, at, clearance=permit.clearance, ring=self.core.keys, policy=self.core.policy)
        unit.verifications.save(following, expected=live)
        permit.use(unit, following, at)
        trail.record_verification(unit, Deed.VERIFICATION_RESENT, caller, following, at)

    def _cancel(self, unit: UnitOfWork, user_id: str, verification_id: str, caller: Caller, at: datetime) -> None:
        user = unit.resources.lock("User", user_id)
        live = next((v for v in _contacts_live(unit, user_id) if v.id == verification_id), None)
        if user is None or live is None:
            raise NoSuchVerification
        by = "by the user" if caller.acts_on(user_id) is Actor.OWNER else "on behalf of the user"
        Scene(user_id, caller, at).cancel(live, f"canceled {by}")(unit)
        document = without_pending(user.document(), BY_PURPOSE[live.purpose])
        unit.resources.save(user, self.core.user_type, document, at)

    def _shown(self, unit: UnitOfWork, verification: Verification, at: datetime) -> Pending:
        rules = self.core.policy.otp
        delivery = unit.deliveries.latest(verification.id)
        return Pending(
            id=verification.id,
            scenario=verification.scenario,
            target=verification.target.masked(),
            expires_at=verification.expires_at,
            attempts_left=verification.attempts_left(rules),
            sends_left=verification.sends_left(rules),
            resend_after=verification.resend_after(at, rules),
            delivery=delivery.status if delivery else DeliveryStatus.QUEUED,
            reason=delivery.reason if delivery else None,
        )


def _waiting(unit: UnitOfWork, user_id: str, scenario: Scenario, at: datetime) -> Verification:
    live = next((v for v in _live(unit, user_id, at) if v.scenario is scenario), None)
    if live is None:
        raise NothingToResend
    return live


def _live(unit: UnitOfWork, user_id: str, at: datetime) -> list[Verification]:
    # One that has waited too long is over, also in the moment before the sweep takes it away.
    return [v for v in _contacts_live(unit, user_id) if not v.has_lapsed(at)]


def _contacts_live(unit: UnitOfWork, user_id: str) -> list[Verification]:
    return [v for v in unit.verifications.list_live(user_id) if v.purpose in CONTACT_PURPOSES]
