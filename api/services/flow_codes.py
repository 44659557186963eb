"""Codes of flows: verifications as any others, whose id one flow knows, so that they prove nothing to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.sending import Occasion, SendService, note_proof, wait_for
from api.services.trail import Deed
from verification.decision import Start
from verification.errors import CodeExpired, CodeInvalid, Limit, LimitReached, VerificationError
from verification.lifecycle import Request, Verdict, check_code, request_verification, resend_code
from verification.limits import daily_wrong

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.limits import Clearance
    from verification.targets import Target
    from verification.verifications import Purpose, Scenario, Verification

Refusal = VerificationError | None
"""What a proof is answered with once its transaction is committed: a wrong attempt must stay counted."""


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A code to be sent for a flow of a user; `verification_id` is that of the flow's code so far, if there was one."""

    flow: Flow
    user_id: str
    purpose: Purpose
    scenario: Scenario
    target: Target
    locale: str | None
    verification_id: str | None


@dataclass(frozen=True, slots=True)
class FlowCodes:
    """Send and check them, inside of a transaction that holds the user's row."""

    core: Core

    def send(self, unit: UnitOfWork, request: CodeRequest, caller: Caller, at: datetime) -> Verification:
        """Send the next code of a flow, or its first one: then that of another flow of the user is dead.

        Raises:
            LimitReached: no code may be sent now.
        """
        live = unit.verifications.find_live(request.user_id, request.purpose)
        occasion = Occasion(request.user_id, request.target, request.purpose, caller, at)
        permit = SendService(self.core).look(occasion, unit)
        is_own = live is not None and live.id == request.verification_id and not live.has_lapsed(at)
        if live is not None and is_own and live.target == request.target:
            following = resend_code(live, at, clearance=permit.clearance, ring=self.core.keys, policy=self.core.policy)
            unit.verifications.save(following, expected=live)
            deed = Deed.VERIFICATION_RESENT
        else:
            following = self._begin(request, permit.clearance, at)
            if live is not None:
                self._end(unit, live, live.supersede(at), caller, at)
            unit.verifications.add(following)
            deed = Deed.VERIFICATION_REQUESTED
        permit.use(unit, following, at)
        trail.record_verification(unit, deed, caller, following, at)
        return following

    def check(
        self,
        unit: UnitOfWork,
        *,
        user_id: str,
        purpose: Purpose,
        verification_id: str | None,
        code: str,
        caller: Caller,
        at: datetime,
    ) -> Refusal:
        """Check a code of a flow; the caller raises what is returned once the count is committed."""
        window = daily_wrong(self.core.policy)
        wait = wait_for(unit, window, user_id, at)
        if wait:
            return LimitReached(window.limit, wait)
        live = unit.verifications.find_live(user_id, purpose)
        if live is None or live.id != verification_id or live.has_lapsed(at):
            return CodeInvalid()
        # Counted before it is compared, so that parallel guesses cannot outrun the count.
        counted = unit.verifications.count_attempt(live.id, self.core.policy.otp.max_attempts)
        if counted is None:
            self._end(unit, live, live.exhaust(at), caller, at)
            return CodeInvalid()
        return self._judge(unit, counted, code, caller, at)

    def _judge(self, unit: UnitOfWork, counted: Verification, code: str, caller: Caller, at: datetime) -> Refusal:
        check = check_code([counted], code, at, ring=self.core.keys, rules=self.core.policy.otp)
        (after,) = check.verifications
        if check.verdict is Verdict.RIGHT:
            approved = after.approve(at)
            unit.verifications.save(approved, expected=counted)
            trail.record_verification(unit, Deed.VERIFICATION_APPROVED, caller, approved, at)
            note_proof(unit, approved)
            return None
        is_expired = check.verdict is Verdict.EXPIRED
        reason = "expired code" if is_expired else "wrong code"
        trail.record_verification(unit, Deed.VERIFICATION_CHECKED, caller, counted, at, reason)
        if is_expired:
            unit.verifications.save(after, expected=counted)
            return CodeExpired()
        unit.limits.add(Limit.DAILY, counted.user_id, at)
        if not after.is_live:
            self._end(unit, counted, after, caller, at)
        return CodeInvalid()

    def _begin(self, request: CodeRequest, clearance: Clearance, at: datetime) -> Verification:
        # It lives no longer than its flow.
        policy = replace(self.core.policy, pending_lifetime=request.flow.expires_at - at)
        asked = Request(
            user_id=request.user_id,
            new_id=new_id(),
            purpose=request.purpose,
            start=Start(request.target, request.scenario),
            primary=None,
            at=at,
            locale=request.locale,
            clearance=clearance,
        )
        return request_verification(asked, None, ring=self.core.keys, policy=policy).verification

    def _end(self, unit: UnitOfWork, live: Verification, ended: Verification, caller: Caller, at: datetime) -> None:
        unit.verifications.save(ended, expected=live)
        trail.record_verification(unit, Deed.VERIFICATION_ENDED, caller, ended, at)
