"""Signing in: a name and a password, and then a second factor where the policy asks for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.services import enrolment, trail
from api.services.access_passes import use_pass
from api.services.assurance import Acr, Amr, acr_of
from api.services.attempts import Asked, Attempt, Authenticated, Step
from api.services.errors import NoSuchFlow, SignInRefused
from api.services.flows import MOST_ATTEMPTS, begin_flow, count_attempt, flow_of, move_on, token_of
from api.services.guesses import count_guess
from api.services.second_factor_policies import needs_more, policy_of
from api.services.second_factors import VERIFICATION, Proof
from api.services.sending import SendService
from api.services.trail import Deed
from verification.errors import CodeInvalid
from verification.factors import Method, MfaPolicy
from verification.flows import FlowKind
from verification.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.services.attempts import SignInRules
    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.enrolment import Enrolment
    from api.services.guesses import Guess
    from api.services.passwords import PasswordService
    from api.services.second_factors import SecondFactors
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.flows import Flow
    from verification.verifications import Verification

_AMR_OF = {Method.SMS: Amr.SMS, Method.TOTP: Amr.ONE_TIME_CODE, Method.RECOVERY_CODE: Amr.ONE_TIME_CODE}

_FIRST = "first"
"""What a flow was begun with, by its name among methods of authentication."""
NOBODY = ""


@dataclass(frozen=True, slots=True)
class SignInService:
    """The use cases of a sign-in."""

    core: Core
    rules: SignInRules
    passwords: PasswordService
    factors: SecondFactors

    def begin(
        self, user_name: str, password: str, *, client_id: str | None, caller: Caller, acr: str = Acr.ONE_FACTOR
    ) -> Attempt:
        """Take a user name, or a verified primary mail address, and a password, or a pass in its place.

        `acr` is what the sign-in has to be worth at least, where somebody asks for it. A name that is unknown, a wrong
        password, and a user who has none, look alike and take as long.

        Raises:
            SignInRefused: they do not go together.
            LimitReached: there were too many wrong ones.
        """
        at = self.core.clock.now()
        guess: Guess = self.core.database.transact(
            lambda unit: count_guess(
                unit,
                user_name,
                self.rules.guesses,
                ring=self.core.keys,
                policy=self.core.policy,
                caller=caller,
                at=at,
            )
        )
        # No transaction is open meanwhile: this is meant to take its time.
        is_right = self.passwords.is_password(guess.hashed, password)
        user_id = guess.user.id if guess.user and not guess.is_barred else NOBODY
        if not is_right or guess.hashed is None or user_id == NOBODY:
            asked = Asked(guess, user_id, client_id, acr)
            return self._answer(lambda unit: self._go_on_by_pass(unit, asked, password, caller, at))
        asked = Asked(guess, user_id, client_id, acr, self.passwords.rehashed(guess.hashed, password))
        return self._answer(lambda unit: self._go_on(unit, asked, caller, at))

    def look(self, flow: str) -> Attempt:
        """Tell where a sign-in stands, and change nothing.

        Raises:
            NoSuchFlow: the sign-in is over; it begins again with the password.
        """
        at = self.core.clock.now()
        return self.core.database.read(lambda unit: self._look(unit, flow, at))

    def challenge(self, flow: str, method: Method, caller: Caller) -> Attempt:
        """Send the code of a second factor that needs one, or send another.

        Raises:
            NoSuchFlow: the sign-in is over; it begins again with the password.
            LimitReached: no code may be sent now.
        """
        at = self.core.clock.now()
        attempt = SendService(self.core).transact(lambda unit: self._challenge(unit, flow, method, caller, at))
        self.core.wake()
        return attempt

    def prove(self, flow: str, method: Method, code: str, caller: Caller) -> Attempt:
        """Take the code of a second factor; the attempt is done when it is right.

        Raises:
            NoSuchFlow: the sign-in is over; it begins again with the password.
            CodeInvalid, CodeExpired, LimitReached: the code will not do, and is counted.
        """
        at = self.core.clock.now()
        return self._answer(lambda unit: self._prove(unit, flow, method, code, caller, at))

    def enrol(self, flow: str) -> Enrolment:
        """Show what an authenticator has to be told, to a user who needs a second factor and has none yet.

        Whoever knows the password alone may do so: there is nothing else yet to ask for. Called again it shows the
        same.

        Raises:
            NoSuchFlow: the sign-in is over, or does not wait for this.
        """
        at = self.core.clock.now()
        user, sealed = self.core.database.transact(lambda unit: self._enrol(unit, flow, at))
        return enrolment.shown(self.core, user, sealed, flow)

    def confirm(self, flow: str, code: str, caller: Caller) -> Attempt:
        """Take the first code of the authenticator; the attempt is done when it is right.

        Raises:
            NoSuchFlow: the sign-in is over, or does not wait for this.
            CodeInvalid: the code is not right, and is counted.
        """
        at = self.core.clock.now()
        return self._answer(lambda unit: self._confirm(unit, flow, code, caller, at))

    def _answer(self, work: Callable[[UnitOfWork], Attempt | Exception]) -> Attempt:
        return self.core.answer(self.core.database.transact(work))

    def _go_on(self, unit: UnitOfWork, asked: Asked, caller: Caller, at: datetime) -> Attempt | Exception:
        user = unit.resources.lock("User", asked.user_id)
        stored = unit.passwords.lookup(asked.user_id)
        # The password was checked a moment ago, without a lock: it must be the same still.
        if user is None or not _is_active(user) or stored is None or stored.hash != asked.guess.hashed:
            return _refused(unit, asked.guess, caller, at)
        asked.guess.take_back(unit)
        if asked.rehashed is not None:
            unit.passwords.rehash(user.id, old=stored.hash, new=asked.rehashed)
        is_enough = asked.acr == Acr.ONE_FACTOR and not needs_more(
            self.core, unit, self.rules, asked, password_changed_at=stored.changed_at, caller=caller, at=at
        )
        if is_enough:
            return self._done(unit, user.id, (Amr.PASSWORD,), caller, at)
        return self._second(unit, user, Amr.PASSWORD, at)

    def _go_on_by_pass(
        self, unit: UnitOfWork, asked: Asked, submitted: str, caller: Caller, at: datetime
    ) -> Attempt | Exception:
        # Of nobody, too, a pass is looked for, so that it takes as long.
        user = unit.resources.lock("User", asked.user_id)
        if not use_pass(unit, self.core, asked.user_id, submitted, at) or user is None or not _is_active(user):
            return _refused(unit, asked.guess, caller, at)
        asked.guess.take_back(unit)
        trail.record(unit, Deed.PASS_USED, caller, user.id, at)
        # A code that somebody handed over is worth what a password is, and comes from somewhere else.
        policy = policy_of(unit, self.rules, asked)
        if asked.acr == Acr.ONE_FACTOR and policy is MfaPolicy.OFF:
            return self._done(unit, user.id, (Amr.ONE_TIME_CODE,), caller, at)
        return self._second(unit, user, Amr.ONE_TIME_CODE, at)

    def _second(self, unit: UnitOfWork, user: StoredResource, first: Amr, at: datetime) -> Attempt:
        """Ask for a second factor, or for the enrolment of one."""
        methods = self.factors.methods(unit, user)
        step = Step.SECOND_FACTOR if methods else Step.ENROLMENT
        flow, secret = begin_flow(
            FlowKind.SIGN_IN, step, user_id=user.id, at=at, lifetime=self.rules.lifetime, **{_FIRST: first.value}
        )
        unit.flows.add(flow)
        return Attempt(token_of(flow, secret), step, methods)

    def _look(self, unit: UnitOfWork, token: str, at: datetime) -> Attempt:
        flow = flow_of(unit, FlowKind.SIGN_IN, token, at)
        user = unit.resources.lookup("User", flow.user_id or "")
        if user is None or not _is_active(user):
            raise NoSuchFlow
        sent = unit.verifications.lookup(flow.data[VERIFICATION]) if VERIFICATION in flow.data else None
        return self._waiting(unit, flow, token, user, sent, at)

    def _challenge(self, unit: UnitOfWork, token: str, method: Method, caller: Caller, at: datetime) -> Attempt:
        flow, user = self._under_way(unit, token, Step.SECOND_FACTOR, at)
        sent = self.factors.send(unit, user, flow, caller, at) if method is Method.SMS else None
        if sent is not None:
            # Not moved on: whoever waits for a code may still take another method.
            move_on(unit, flow, flow.advance(flow.step, **{VERIFICATION: sent.id}))
        return self._waiting(unit, flow, token, user, sent, at)

    def _waiting(
        self,
        unit: UnitOfWork,
        flow: Flow,
        token: str,
        user: StoredResource,
        sent: Verification | None,
        at: datetime,
    ) -> Attempt:
        return Attempt(
            token,
            Step(flow.step),
            self.factors.methods(unit, user),
            sent_to=sent.target.masked() if sent else None,
            resend_after=sent.resend_after(at, self.core.policy.otp) if sent else None,
        )

    def _prove(
        self, unit: UnitOfWork, token: str, method: Method, code: str, caller: Caller, at: datetime
    ) -> Attempt | Exception:
        flow, user = self._under_way(unit, token, Step.SECOND_FACTOR, at)
        counted = count_attempt(unit, flow)
        proof = Proof(flow, user.id, method, code, caller, at)
        is_offered = method in self.factors.methods(unit, user)
        refusal = self.factors.check(unit, proof) if is_offered else CodeInvalid()
        if refusal is not None:
            trail.record(unit, Deed.SIGN_IN_FAILED, caller, user.id, at, method=method, reason=str(refusal))
            if counted.attempts >= MOST_ATTEMPTS:
                move_on(unit, flow, flow.end())
            return refusal
        move_on(unit, flow, flow.end())
        return self._done(unit, user.id, _both(flow, _AMR_OF[method]), caller, at)

    def _enrol(self, unit: UnitOfWork, token: str, at: datetime) -> tuple[StoredResource, str]:
        flow, user = self._under_way(unit, token, Step.ENROLMENT, at)
        sealed: str | None = flow.data.get(enrolment.SECRET)
        if sealed is None:
            sealed = enrolment.new_sealed_secret(self.core, user.id)
            move_on(unit, flow, flow.advance(flow.step, **{enrolment.SECRET: sealed}))
        return user, sealed

    def _confirm(self, unit: UnitOfWork, token: str, code: str, caller: Caller, at: datetime) -> Attempt | Exception:
        flow, user = self._under_way(unit, token, Step.ENROLMENT, at)
        if self.factors.methods(unit, user):
            # Got in another way meanwhile: from then on that one is asked for.
            raise NoSuchFlow
        count_attempt(unit, flow)
        refusal = enrolment.confirm(self.core, unit, user, flow, code, caller, at)
        if refusal is not None:
            trail.record(unit, Deed.SIGN_IN_FAILED, caller, user.id, at, method=Method.TOTP, reason=str(refusal))
            return refusal
        move_on(unit, flow, flow.end())
        return self._done(unit, user.id, _both(flow, Amr.ONE_TIME_CODE), caller, at)

    def _under_way(self, unit: UnitOfWork, token: str, step: Step, at: datetime) -> tuple[Flow, StoredResource]:
        flow = flow_of(unit, FlowKind.SIGN_IN, token, at)
        # The user's row is locked first, everywhere: what is about one user follows one another.
        user = unit.resources.lock("User", flow.user_id or "")
        if user is None or not _is_active(user):
            raise NoSuchFlow
        # Read again, now that nobody else of this user is at work.
        flow = flow_of(unit, FlowKind.SIGN_IN, token, at)
        if flow.step != step:
            raise NoSuchFlow
        return flow, user

    def _done(self, unit: UnitOfWork, user_id: str, amr: tuple[Amr, ...], caller: Caller, at: datetime) -> Attempt:
        place = place_of(self.core.keys, caller.ip, caller.agent)
        if place is not None:
            unit.sign_ins.see(user_id, place, at)
        acr = acr_of(amr)
        trail.record(unit, Deed.SIGNED_IN, caller, user_id, at, amr=" ".join(amr), acr=acr)
        return Attempt("", Step.DONE, authenticated=Authenticated(user_id, amr, acr, at))


def _both(flow: Flow, second: Amr) -> tuple[Amr, ...]:
    first = Amr(flow.data.get(_FIRST, Amr.PASSWORD))
    return tuple(dict.fromkeys((first, second, Amr.SEVERAL_FACTORS)))


def _refused(unit: UnitOfWork, guess: Guess, caller: Caller, at: datetime) -> SignInRefused:
    user_id = guess.user.id if guess.user else None
    reason = "too many wrong passwords" if guess.is_barred else "wrong password" if user_id else "unknown name"
    trail.record(unit, Deed.SIGN_IN_FAILED, caller, user_id, at, reason=reason)
    return SignInRefused()


def _is_active(user: StoredResource) -> bool:
    return user.document().get("active", True) is not False
