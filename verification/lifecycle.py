"""The life of a verification: what a request, a resend and a check do to the one that is live."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.limits import CLEAR
from verification.verifications import Purpose, Status, Verification, with_next_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from verification.codes import KeyRing
    from verification.decision import Start
    from verification.limits import Clearance
    from verification.policy import OtpRules, Policy
    from verification.targets import Target


@dataclass(frozen=True, slots=True)
class Request:
    """A request for the proof of a target.

    Attributes:
        new_id: The id of the verification, should a new one start.
        primary: The primary value as it is stored now, which a success is going to replace.
        locale: The language of the user's messages, as `texts.locale_for` finds it.
        clearance: What limits and guard say of a code to the target.
    """

    user_id: str
    new_id: str
    purpose: Purpose
    start: Start
    primary: Target | None
    at: datetime
    locale: str | None = None
    clearance: Clearance = CLEAR


class Step(StrEnum):
    """What became of a request."""

    STARTED = "started"  # a new verification, with its first code
    RENEWED = "renewed"  # the live one, with its next code
    KEPT = "kept"  # the live one, with the code in hand


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verification that is live after a request, and the one that it ended."""

    step: Step
    verification: Verification
    ended: Verification | None = None

    @property
    def is_code_sent(self) -> bool:
        """Tell whether a code is to be delivered."""
        return self.step is not Step.KEPT


class Verdict(StrEnum):
    """What a submitted code is."""

    RIGHT = "right"  # the current code of a live verification
    EXPIRED = "expired"  # the same, but too late
    WRONG = "wrong"  # anything else


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on a submitted code, and the verifications as they are after it.

    `matched` is the one whose code it is; it is still live, for its success may be refused.
    """

    verdict: Verdict
    matched: Verification | None
    verifications: tuple[Verification, ...]


def request_verification(request: Request, live: Verification | None, *, ring: KeyRing, policy: Policy) -> Outcome:
    """Start a verification, or go on with the live one where it is for the same target.

    For the same target a code is sent only where the one in hand has expired and the limits allow another;
    else nothing is sent and nothing is refused. Once all its codes are used up and the last has expired, a
    new verification follows that inherits the wrong attempts.

    Raises:
        LimitReached: A new verification would start, and limits across verifications do not allow its code.
        TargetRefused: A code would be sent, and the guard refuses the target.
    """
    at = request.at
    if live is None:
        return Outcome(Step.STARTED, _begin(request, ring, policy))
    if live.has_lapsed(at):
        return Outcome(Step.STARTED, _begin(request, ring, policy), live.expire(at))
    if live.target != request.start.target:
        return Outcome(Step.STARTED, _begin(request, ring, policy), live.supersede(at))
    return _go_on(request, live, ring, policy)


def resend_code(
    live: Verification, at: datetime, *, clearance: Clearance, ring: KeyRing, policy: Policy
) -> Verification:
    """Give a live verification its next code at its user's wish.

    Raises:
        LimitReached: By its own limits or by those across verifications no code may be sent now.
        TargetRefused: The guard refuses the target.
    """
    following = live.resend(at, ring, policy.otp)
    clearance.require()
    return following


def check_code(
    counted: Sequence[Verification], submitted: str, at: datetime, *, ring: KeyRing, rules: OtpRules
) -> Check:
    """Judge a submitted code against live verifications whose attempt is counted already.

    The attempt is taken back from all of them where the code is one's own; else it stays, and those without
    attempts left end.
    """
    matched = next((v for v in counted if v.is_code(submitted, ring, rules)), None)
    if matched is None:
        after = tuple(v.exhaust(at) if v.attempts_left(rules) == 0 else v for v in counted)
        return Check(Verdict.WRONG, None, after)
    after = tuple(v.uncount_attempt() for v in counted)
    verdict = Verdict.EXPIRED if matched.is_code_expired(at) else Verdict.RIGHT
    return Check(verdict, next(v for v in after if v.id == matched.id), after)


def _go_on(request: Request, live: Verification, ring: KeyRing, policy: Policy) -> Outcome:
    """Answer a request for the target that is live already."""
    at = request.at
    kept = live.ask_again(request.start.scenario, request.primary)
    if not live.is_code_expired(at):
        return Outcome(Step.KEPT, kept)
    wait = live.resend_after(at, policy.otp)
    if wait is None:
        return Outcome(Step.STARTED, _begin(request, ring, policy, live.attempts), live.supersede(at))
    if wait > 0 or request.clearance.wait is not None:
        return Outcome(Step.KEPT, kept)
    request.clearance.require()
    return Outcome(Step.RENEWED, kept.resend(at, ring, policy.otp))


def _begin(request: Request, ring: KeyRing, policy: Policy, attempts: int = 0) -> Verification:
    request.clearance.require()
    blank = Verification(
        id=request.new_id,
        user_id=request.user_id,
        purpose=request.purpose,
        scenario=request.start.scenario,
        target=request.start.target,
        kid=ring.first,
        digest="",
        generation=0,
        attempts=attempts,
        sends=0,
        status=Status.PENDING,
        created_at=request.at,
        sent_at=request.at,
        expires_at=request.at,
        pending_until=request.at + policy.pending_lifetime if policy.pending_lifetime else None,
        original_key=None if request.primary is None else request.primary.key,
        locale=request.locale,
    )
    return with_next_code(blank, request.at, ring, policy.otp)
