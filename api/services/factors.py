"""The second factors of a user: seeing, adding and removing them, and when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from api.services import enrolment, trail
from api.services.errors import NoSuchFactor, NoSuchUser
from api.services.flows import begin_flow, count_attempt, flow_of, move_on, token_of
from api.services.freshness import require_fresh
from api.services.notices import Owner, tell
from api.services.trail import Deed
from persistence.sign_ins import USER
from verification import recovery_codes
from verification.flows import FlowKind
from verification.templates import Template

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from api.services.enrolment import Enrolment
    from api.services.second_factors import SecondFactors
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from verification.errors import CodeInvalid
    from verification.factors import MfaPolicy

T = TypeVar("T")
_STEP = "first code"
ENROLMENT_LIFETIME = timedelta(minutes=15)
"""How long an authenticator may take to be set up: its secret is on a screen meanwhile."""


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """What a user has, and when it is asked for; the number is masked."""

    number: str | None
    authenticator_since: datetime | None
    recovery_codes_left: int
    policy: MfaPolicy | None


@dataclass(frozen=True, slots=True)
class FactorService:
    """Use cases of second factors. Whoever changes them has signed in no longer than `fresh` ago."""

    core: Core
    factors: SecondFactors
    fresh: timedelta = field(default=timedelta(seconds=600))

    def list(self, user_id: str) -> OwnFactors:
        """Return what a user has."""

        def read(unit: UnitOfWork) -> OwnFactors:
            user = unit.resources.lookup("User", user_id)
            if user is None:
                raise NoSuchUser
            number, stored = self.factors.number(user), unit.factors.authenticator(user_id)
            return OwnFactors(
                number=number.masked() if number else None,
                authenticator_since=stored.added_at if stored else None,
                recovery_codes_left=unit.factors.count_codes(user_id),
                policy=unit.sign_ins.policies(None, user_id).get(USER),
            )

        return self.core.database.read(read)

    def begin_authenticator(self, user_id: str, caller: Caller) -> Enrolment:
        """Show what an authenticator has to be told; the one before counts until a code of this one has come.

        Raises:
            StaleAuthentication: the user signed in too long ago.
        """
        at = self._fresh_moment(caller)
        sealed = enrolment.new_sealed_secret(self.core, user_id)
        flow, secret = begin_flow(
            FlowKind.ENROLMENT,
            _STEP,
            user_id=user_id,
            at=at,
            lifetime=ENROLMENT_LIFETIME,
            **{enrolment.SECRET: sealed},
        )

        def write(unit: UnitOfWork) -> StoredResource:
            user = _held(unit, user_id)
            unit.flows.add(flow)
            return user

        user = self.core.database.transact(write)
        return enrolment.shown(self.core, user, sealed, token_of(flow, secret))

    def confirm_authenticator(self, user_id: str, token: str, code: str, caller: Caller) -> None:
        """Take the first code of an authenticator.

        Raises:
            NoSuchFlow: it took too long, or somebody else began it.
            CodeInvalid: the code is not right, and is counted.
        """
        at = self._fresh_moment(caller)

        def write(unit: UnitOfWork) -> CodeInvalid | None:
            user = _held(unit, user_id)
            flow = flow_of(unit, FlowKind.ENROLMENT, token, at, user_id=user_id)
            count_attempt(unit, flow)
            refusal = enrolment.confirm(self.core, unit, user, flow, code, caller, at)
            if refusal is None:
                move_on(unit, flow, flow.end())
            return refusal

        self.core.answer(self._told(write))

    def remove_authenticator(self, user_id: str, caller: Caller) -> None:
        """Remove the authenticator, or raise NoSuchFactor."""
        at = self._fresh_moment(caller)

        def write(unit: UnitOfWork) -> None:
            user = _held(unit, user_id)
            if not unit.factors.remove_authenticator(user_id):
                raise NoSuchFactor
            trail.record(unit, Deed.FACTOR_REMOVED, caller, user_id, at, factor="totp")
            tell(self.core, unit, Owner(user_id, user.document()), Template.FACTOR_REMOVED, at)

        self._told(write)

    def new_recovery_codes(self, user_id: str, caller: Caller) -> tuple[str, ...]:
        """Make recovery codes, which are told only here; those before are good no longer."""
        at = self._fresh_moment(caller)
        codes = recovery_codes.new_codes()
        ring = self.core.keys
        digests = [recovery_codes.digest_of(ring, ring.first, user_id, code) for code in codes]

        def write(unit: UnitOfWork) -> None:
            user = _held(unit, user_id)
            unit.factors.replace_codes(user_id, digests, at)
            trail.record(unit, Deed.RECOVERY_CODES_MADE, caller, user_id, at, count=len(codes))
            tell(self.core, unit, Owner(user_id, user.document()), Template.FACTOR_ADDED, at)

        self._told(write)
        return codes

    def set_own_policy(self, user_id: str, policy: MfaPolicy | None, caller: Caller) -> None:
        """Say when a second factor is asked for; a user can only strengthen what holds anyway."""
        self._fresh_moment(caller)
        self.set_policy(USER, user_id, policy, caller)

    def set_policy(self, kind: str, subject_id: str, policy: MfaPolicy | None, caller: Caller) -> None:
        """Give a client or a user a policy, or None."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            if kind == USER:
                _held(unit, subject_id)
            unit.sign_ins.set_policy(kind, subject_id, policy)
            detail = {kind: subject_id, "policy": policy.value if policy else "none"}
            trail.record(unit, Deed.POLICY_CHANGED, caller, subject_id if kind == USER else None, at, **detail)

        self.core.database.transact(write)

    def _told(self, write: Callable[[UnitOfWork], T]) -> T:
        """Write something that the user is told of."""
        done = self.core.database.transact(write)
        self.core.wake()
        return done

    def _fresh_moment(self, caller: Caller) -> datetime:
        """Return the present moment to a caller whose sign-in is fresh, or raise StaleAuthentication."""
        at = self.core.clock.now()
        require_fresh(caller, at, self.fresh)
        return at


def _held(unit: UnitOfWork, user_id: str) -> StoredResource:
    user = unit.resources.lock("User", user_id)
    if user is None:
        raise NoSuchUser
    return user
