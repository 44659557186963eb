"""Second factors of a user: which there are, and whether what somebody submits proves one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import trail
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.contacts import stored_contact
from api.services.flow_codes import CodeRequest, FlowCodes
from api.services.sending import wait_for
from api.services.trail import Deed
from verification import recovery_codes, sealing, totp
from verification.errors import CodeInvalid, Limit, LimitReached
from verification.factors import Method
from verification.limits import daily_wrong
from verification.texts import locale_for
from verification.verifications import Purpose, Scenario

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.flow_codes import Refusal
    from persistence.factors import StoredAuthenticator
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.targets import Target
    from verification.verifications import Verification

VERIFICATION = "verification"
"""Where a flow keeps the id of the verification whose code it was sent."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody submits in a flow to prove a second factor."""

    flow: Flow
    user_id: str
    method: Method
    code: str
    caller: Caller
    at: datetime


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Look at second factors, inside of a transaction that holds the user's row where something is written."""

    core: Core

    def methods(self, unit: UnitOfWork, user: StoredResource) -> tuple[Method, ...]:
        """Return the second factors that a user has, the best first."""
        has = {
            Method.TOTP: unit.factors.authenticator(user.id) is not None,
            Method.SMS: self.number(user) is not None,
            Method.RECOVERY_CODE: unit.factors.count_codes(user.id) > 0,
        }
        return tuple(method for method, is_there in has.items() if is_there)

    def number(self, user: StoredResource) -> Target | None:
        """Return the verified primary number, which is the one that codes go to."""
        contact = stored_contact(user.document(), MOBILE_NUMBERS, self.core.policy)
        return contact.primary if contact.is_primary_verified else None

    def send(
        self, unit: UnitOfWork, user: StoredResource, flow: Flow, caller: Caller, at: datetime
    ) -> Verification | None:
        """Send a code for a flow to the user's number; None where there is none that is verified.

        Raises:
            LimitReached: no code may be sent now.
        """
        number = self.number(user)
        if number is None:
            return None
        document = user.document()
        request = CodeRequest(
            flow=flow,
            user_id=user.id,
            purpose=Purpose.MFA,
            scenario=Scenario.SIGN_IN,
            target=number,
            locale=locale_for(document.get("preferredLanguage") or document.get("locale")),
            verification_id=flow.data.get(VERIFICATION),
        )
        return FlowCodes(self.core).send(unit, request, caller, at)

    def check(self, unit: UnitOfWork, proof: Proof) -> Refusal:
        """Check what was submitted; what is returned is raised once the count is committed."""
        if proof.method is Method.SMS:
            return FlowCodes(self.core).check(
                unit,
                user_id=proof.user_id,
                purpose=Purpose.MFA,
                verification_id=proof.flow.data.get(VERIFICATION),
                code=proof.code,
                caller=proof.caller,
                at=proof.at,
            )
        window = daily_wrong(self.core.policy)
        wait = wait_for(unit, window, proof.user_id, proof.at)
        if wait:
            return LimitReached(window.limit, wait)
        is_right = self._is_totp if proof.method is Method.TOTP else self._is_recovery_code
        if is_right(unit, proof):
            return None
        # The user's row is held: nobody compares meanwhile, and so nothing outruns the count.
        unit.limits.add(Limit.DAILY, proof.user_id, proof.at)
        return CodeInvalid()

    def _is_totp(self, unit: UnitOfWork, proof: Proof) -> bool:
        stored = unit.factors.authenticator(proof.user_id)
        if stored is None:
            return False
        secret = sealing.unseal(self.core.keys, stored.sealed, proof.user_id)
        step = totp.matching_step(secret, proof.code, proof.at, stored.last_step)
        if step is None or not unit.factors.accept_step(proof.user_id, step):
            return False
        self._keep_sealed(unit, proof.user_id, stored, secret)
        return True

    def _keep_sealed(self, unit: UnitOfWork, user_id: str, stored: StoredAuthenticator, secret: bytes) -> None:
        if not sealing.is_under_first_key(self.core.keys, stored.sealed):
            unit.factors.reseal(user_id, old=stored.sealed, new=sealing.seal(self.core.keys, secret, user_id))

    def _is_recovery_code(self, unit: UnitOfWork, proof: Proof) -> bool:
        digests = recovery_codes.digests_of(self.core.keys, proof.user_id, proof.code)
        if not unit.factors.use_code(proof.user_id, digests, proof.at):
            return False
        left = unit.factors.count_codes(proof.user_id)
        trail.record(unit, Deed.RECOVERY_CODE_USED, proof.caller, proof.user_id, proof.at, left=left)
        return True
