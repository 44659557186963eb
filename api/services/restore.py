"""Restoring a lost phone: the mailbox, a second proof where the policy asks for one, and then the new number.

A stranger gets no further than the mailbox, and up to there nothing tells whether there is such a user: unknown,
unverified and ambiguous addresses begin a flow as well, which no code will ever move on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.services import trail
from api.services.addresses import find_by_address
from api.services.contact_attributes import MOBILE_NUMBERS
from api.services.errors import NoSuchFlow, ProofRefused
from api.services.flows import begin_flow, count_attempt, move_on, open_flow
from api.services.notices import refuse_blocked
from api.services.restore_codes import MAIL, SMS, RestoreCodes, counted
from api.services.restore_limits import count_start
from api.services.restored_numbers import persist_number
from api.services.restores import Begun, Onward
from api.services.second_factors import Proof as FactorProof
from api.services.sending import SendService, wait_for
from api.services.trail import Deed
from verification.errors import CodeExpired, CodeInvalid, Limit, LimitReached
from verification.factors import Method
from verification.flows import FlowKind
from verification.limits import daily_wrong
from verification.restoration import Proof, RestoreStep, second_proof
from verification.verifications import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.pacing import Pace
    from api.services.passwords import PasswordService
    from api.services.restores import Hold, RestoreRules
    from api.services.second_factors import SecondFactors
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.targets import Target

_PROOF, _NUMBER = "proof", "number"


@dataclass(frozen=True, slots=True)
class RestoreService:
    """The use cases of a restore, one for each step; up to the mailbox, each takes as long whoever there is."""

    core: Core
    rules: RestoreRules
    passwords: PasswordService
    factors: SecondFactors
    pace: Pace

    def start(self, address: str, caller: Caller) -> Begun:
        """Begin a restore, and send a code to the address where it is the verified primary one of one user.

        Raises:
            LimitReached: it was begun too often for this address, or from this source; whoever there is.
        """
        at = self.core.clock.now()
        with self.pace.kept():
            begun = self.core.database.transact(lambda unit: self._start(unit, address, caller, at))
            self.core.wake()
        return begun

    def verify_email(self, hold: Hold, code: str, caller: Caller) -> Onward:
        """Take the code that went to the mailbox.

        Raises:
            NoSuchFlow: the flow is over, or waits for something else.
            CodeInvalid, CodeExpired: the code will not do.
        """
        at = self.core.clock.now()
        with self.pace.kept():
            return self._answer(lambda unit: self._verify_email(unit, hold, code, caller, at))

    def prove_by_password(self, hold: Hold, password: str, caller: Caller) -> Onward:
        """Take the password as the second proof.

        Raises:
            NoSuchFlow: the flow is over, or waits for something else.
            ProofRefused: it is not the password, which is counted.
            LimitReached: there were too many wrong proofs for this user.
        """
        at, guess_id = self.core.clock.now(), new_id()
        flow, hashed = self.core.database.transact(lambda unit: self._count_password(unit, hold, guess_id, at))
        # No transaction is open meanwhile: this is meant to take its time.
        is_right = self.passwords.is_password(hashed, password)

        def write(unit: UnitOfWork) -> Onward | Exception:
            if not is_right:
                self._note(unit, flow, caller, at, "wrong password")
                return ProofRefused()
            user = self._held(unit, flow)
            stored = unit.passwords.lookup(user.id)
            if stored is None or stored.hash != hashed:
                return ProofRefused()
            unit.limits.remove(Limit.DAILY, user.id, at, guess_id)
            move_on(unit, flow, flow.advance(RestoreStep.PHONE))
            return Onward(RestoreStep.PHONE)

        return self._answer(write)

    def prove_by_recovery_code(self, hold: Hold, code: str, caller: Caller) -> Onward:
        """Take a saved recovery code as the second proof; it is used up.

        Raises:
            NoSuchFlow, ProofRefused, LimitReached: as with a password.
        """
        at = self.core.clock.now()
        return self._answer(lambda unit: self._prove_by_recovery_code(unit, hold, code, caller, at))

    def phone(self, hold: Hold, number: str, caller: Caller) -> Onward:
        """Take the new number, and send a code to it.

        Raises:
            NoSuchFlow: the flow is over, or waits for something else.
            InvalidPhoneNumber: it is none.
            ChangesBlocked: a change of the number was taken back a short time ago.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        target = MOBILE_NUMBERS.kind.read(number.strip(), self.core.policy)
        onward = SendService(self.core).transact(lambda unit: self._phone(unit, hold, target, caller, at))
        self.core.wake()
        return onward

    def resend(self, hold: Hold, caller: Caller) -> None:
        """Send another code, to the mailbox or to the new number.

        Raises:
            NoSuchFlow: the flow is over, or waits for no code.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        with self.pace.kept():
            SendService(self.core).transact(lambda unit: self._resend(unit, hold, caller, at))
            self.core.wake()

    def verify_phone(self, hold: Hold, code: str, caller: Caller) -> Onward:
        """Take the code that went to the new number: it is the primary one from now on, and the lost one is gone.

        Raises:
            NoSuchFlow: the flow is over, or waits for something else.
            CodeInvalid, CodeExpired, LimitReached: the code will not do.
            ChangesBlocked: a change of the number was taken back a short time ago.
        """
        at = self.core.clock.now()
        onward = self._answer(lambda unit: self._verify_phone(unit, hold, code, caller, at))
        self.core.wake()
        return onward

    @property
    def _codes(self) -> RestoreCodes:
        return RestoreCodes(self.core)

    def _answer(self, work: Callable[[UnitOfWork], Onward | Exception]) -> Onward:
        return self.core.answer(self.core.database.transact(work))

    def _start(self, unit: UnitOfWork, address: str, caller: Caller, at: datetime) -> Begun:
        count_start(self.core.keys, unit, self.rules, address, caller, at)
        user = find_by_address(unit, address, self.core.policy)
        if user is not None and user.document().get("active") is False:
            user = None
        flow, secret = begin_flow(
            FlowKind.RESTORE,
            RestoreStep.EMAIL,
            user_id=user.id if user else None,
            at=at,
            lifetime=self.rules.lifetime,
            **counted({}, at),
        )
        # Locked in either case: nobody is to be known by how long it takes.
        held = unit.resources.lock("User", user.id if user else flow.id)
        sent = self._codes.mail(unit, flow, held, caller, at)
        flow = replace(flow, data={**flow.data, MAIL: sent.id if sent else None})
        unit.flows.add(flow)
        trail.record(unit, Deed.RESTORE_BEGUN, caller, flow.user_id, at)
        return Begun(flow.id, secret)

    def _verify_email(
        self, unit: UnitOfWork, hold: Hold, code: str, caller: Caller, at: datetime
    ) -> Onward | Exception:
        flow = self._under_way(unit, hold, RestoreStep.EMAIL, at)
        user = unit.resources.lock("User", flow.user_id or flow.id)
        count_attempt(unit, flow)
        refusal = self._codes.check(unit, flow, Purpose.RESTORE_EMAIL, code, caller, at)
        if user is None or refusal is not None:
            # That so many were wrong today is not told either.
            return refusal if isinstance(refusal, CodeExpired) else CodeInvalid()
        proof = second_proof(
            self.rules.policy,
            has_password=unit.passwords.lookup(user.id) is not None,
            has_recovery_codes=unit.factors.count_codes(user.id) > 0,
        )
        step = RestoreStep.PROOF if proof else RestoreStep.PHONE
        move_on(unit, flow, flow.advance(step, **{_PROOF: proof}))
        return Onward(step, proof)

    def _count_password(self, unit: UnitOfWork, hold: Hold, guess_id: str, at: datetime) -> tuple[Flow, str | None]:
        flow = self._at_proof(unit, hold, Proof.PASSWORD, at)
        user = self._held(unit, flow)
        count_attempt(unit, flow)
        window = daily_wrong(self.core.policy)
        wait = wait_for(unit, window, user.id, at)
        if wait:
            raise LimitReached(window.limit, wait)
        unit.limits.add(Limit.DAILY, user.id, at, guess_id)
        stored = unit.passwords.lookup(user.id)
        return flow, stored.hash if stored else None

    def _prove_by_recovery_code(
        self, unit: UnitOfWork, hold: Hold, code: str, caller: Caller, at: datetime
    ) -> Onward | Exception:
        flow = self._at_proof(unit, hold, Proof.RECOVERY_CODE, at)
        user = self._held(unit, flow)
        count_attempt(unit, flow)
        refusal = self.factors.check(unit, FactorProof(flow, user.id, Method.RECOVERY_CODE, code, caller, at))
        if refusal is not None:
            self._note(unit, flow, caller, at, "wrong recovery code")
            return refusal if isinstance(refusal, LimitReached) else ProofRefused()
        move_on(unit, flow, flow.advance(RestoreStep.PHONE))
        return Onward(RestoreStep.PHONE)

    def _phone(self, unit: UnitOfWork, hold: Hold, target: Target, caller: Caller, at: datetime) -> Onward:
        flow = self._under_way(unit, hold, RestoreStep.PHONE, at)
        user = self._held(unit, flow)
        refuse_blocked(self.core, unit, user.id, Purpose.MOBILE, at)
        sent = self._codes.send(unit, flow, user, Purpose.RESTORE_PHONE, target, caller, at)
        move_on(unit, flow, flow.advance(RestoreStep.CODE, **{SMS: sent.id, _NUMBER: target.text}))
        return Onward(RestoreStep.CODE, sent_to=target.masked())

    def _resend(self, unit: UnitOfWork, hold: Hold, caller: Caller, at: datetime) -> None:
        flow = open_flow(unit, FlowKind.RESTORE, hold.flow_id, hold.secret, at)
        if flow.step == RestoreStep.EMAIL:
            self._codes.require_pause(flow, at)
            user = unit.resources.lock("User", flow.user_id or flow.id)
            sent = self._codes.mail(unit, flow, user, caller, at)
            known = {MAIL: sent.id} if sent else {}
            move_on(unit, flow, flow.advance(flow.step, **counted(flow.data, at), **known))
        elif flow.step == RestoreStep.CODE:
            user = self._held(unit, flow)
            target = MOBILE_NUMBERS.kind.stored(flow.data[_NUMBER], self.core.policy)
            sent = self._codes.send(unit, flow, user, Purpose.RESTORE_PHONE, target, caller, at)
            move_on(unit, flow, flow.advance(flow.step, **{SMS: sent.id}))
        else:
            raise NoSuchFlow

    def _verify_phone(
        self, unit: UnitOfWork, hold: Hold, code: str, caller: Caller, at: datetime
    ) -> Onward | Exception:
        flow = self._under_way(unit, hold, RestoreStep.CODE, at)
        user = self._held(unit, flow)
        count_attempt(unit, flow)
        refusal = self._codes.check(unit, flow, Purpose.RESTORE_PHONE, code, caller, at)
        if refusal is not None:
            return refusal
        move_on(unit, flow, flow.end())
        persist_number(self.core, unit, user, flow.data[_NUMBER], caller, at)
        return Onward(None, user_id=user.id if self.rules.signs_in else None)

    def _under_way(self, unit: UnitOfWork, hold: Hold, step: RestoreStep, at: datetime) -> Flow:
        flow = open_flow(unit, FlowKind.RESTORE, hold.flow_id, hold.secret, at)
        if flow.step != step:
            raise NoSuchFlow
        return flow

    def _at_proof(self, unit: UnitOfWork, hold: Hold, proof: Proof, at: datetime) -> Flow:
        flow = self._under_way(unit, hold, RestoreStep.PROOF, at)
        if flow.data[_PROOF] != proof:
            raise ProofRefused
        return flow

    def _held(self, unit: UnitOfWork, flow: Flow) -> StoredResource:
        user = unit.resources.lock("User", flow.user_id or flow.id)
        if user is None or user.document().get("active") is False:
            raise NoSuchFlow
        return user

    def _note(self, unit: UnitOfWork, flow: Flow, caller: Caller, at: datetime, reason: str) -> None:
        trail.record(unit, Deed.RESTORE_REFUSED, caller, flow.user_id, at, reason=reason)
