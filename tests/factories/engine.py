"""The engine in memory: one user, the real functions of `verification`, lists in place of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from verification.decision import Actor, Contact, LiveVerification, decide, decide_creation, promote
from verification.errors import CodeExpired, CodeInvalid, LimitReached, NothingToResend, NumberChanged
from verification.kinds import MOBILE
from verification.lifecycle import Request, Verdict, check_code, request_verification, resend_code
from verification.limits import Clearance, Window, daily_wrong, retry_after
from verification.send_limits import Sending, budgets_of, longest_wait, mark_of
from verification.verifications import Purpose, Verification

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories.verification import FrozenClock
    from verification.codes import KeyRing
    from verification.decision import Decision
    from verification.policy import Policy
    from verification.targets import Target

USER_ID = "user-1"


@dataclass(frozen=True, slots=True)
class Sms:
    """A code on its way: to whom, for which verification and of which generation."""

    to: str
    code: str
    verification_id: str
    generation: int


class MemoryEngine:
    """Carry out requests, checks, resends and cancels of one user, as the use cases do with a database."""

    def __init__(self, policy: Policy, ring: KeyRing, clock: FrozenClock) -> None:
        self._policy = policy
        self._ring = ring
        self._clock = clock
        self.contact = Contact()
        self.verifications: dict[str, Verification] = {}
        self.outbox: list[Sms] = []
        self.sends: list[datetime] = []
        self.marks: dict[str, str] = {}
        self.wrong: list[datetime] = []

    @property
    def live(self) -> Verification | None:
        """Return the verification that waits for its code, ending first the one that waited too long."""
        live = next((v for v in self.verifications.values() if v.is_live), None)
        if live is not None and live.has_lapsed(self._clock.now()):
            self._save(live.expire(self._clock.now()))
            return None
        return live

    def create(self, requested: Contact, *, wants_verification: bool, actor: Actor) -> None:
        """Create the user."""
        self._carry_out(
            decide_creation(
                requested, wants_verification=wants_verification, actor=actor, policy=self._policy, kind=MOBILE
            )
        )

    def update(self, requested: Contact, *, wants_verification: bool, actor: Actor) -> None:
        """Change the user's numbers."""
        live = self.live
        self._carry_out(
            decide(
                self.contact,
                requested,
                wants_verification=wants_verification,
                live=None if live is None else LiveVerification(live.target, live.scenario),
                actor=actor,
                policy=self._policy,
                kind=MOBILE,
            )
        )

    def check(self, submitted: str) -> None:
        """Submit a code."""
        now = self._clock.now()
        self._refuse_over(daily_wrong(self._policy), self.wrong)
        rules = self._policy.otp
        counted = [] if self.live is None else [self.live.count_attempt(rules)]
        check = check_code(counted, submitted, now, ring=self._ring, rules=rules)
        for verification in check.verifications:
            self._save(verification)
        if check.verdict is Verdict.WRONG:
            self.wrong.append(now)
            raise CodeInvalid
        if check.verdict is Verdict.EXPIRED or check.matched is None:
            raise CodeExpired
        self._succeed(check.matched, now)

    def resend(self) -> None:
        """Ask for the next code."""
        if self.live is None:
            raise NothingToResend
        now, clearance = self._clock.now(), self._clearance(self.live.target)
        self._send(resend_code(self.live, now, clearance=clearance, ring=self._ring, policy=self._policy))

    def cancel(self) -> None:
        """End what is pending."""
        if self.live is not None:
            self._save(self.live.cancel(self._clock.now()))

    def _carry_out(self, decision: Decision) -> None:
        now = self._clock.now()
        live = self.live
        canceled = live.cancel(now) if decision.cancel and live is not None else None
        if decision.start is not None:
            request = Request(
                user_id=USER_ID,
                new_id=f"verification-{len(self.verifications) + 1}",
                purpose=Purpose.MOBILE,
                start=decision.start,
                primary=decision.contact.primary,
                at=now,
                clearance=self._clearance(decision.start.target),
            )
            before = None if canceled is not None else live
            outcome = request_verification(request, before, ring=self._ring, policy=self._policy)
            self._save(canceled, outcome.ended, outcome.verification)
            if outcome.is_code_sent:
                self._send(outcome.verification)
        self._save(canceled)
        self.contact = decision.contact

    def _succeed(self, verification: Verification, now: datetime) -> None:
        if not verification.is_from(self.contact.primary):
            self._save(verification.cancel(now))
            raise NumberChanged
        self._save(verification.approve(now))
        self.contact = promote(
            self.contact, verification.target, verification.scenario, policy=self._policy, kind=MOBILE
        )

    def _send(self, verification: Verification) -> None:
        self._save(verification)
        self.sends.append(self._clock.now())
        for budget in budgets_of(Sending(USER_ID, verification.target), self._policy):
            self.marks[budget.key] = self.marks.get(budget.key, "") + mark_of(self._clock.now())
        code = verification.code(self._ring, self._policy.otp)
        self.outbox.append(Sms(verification.target.key, code, verification.id, verification.generation))

    def _save(self, *verifications: Verification | None) -> None:
        for verification in verifications:
            if verification is not None:
                self.verifications[verification.id] = verification

    def _clearance(self, target: Target) -> Clearance:
        budgets = budgets_of(Sending(USER_ID, target), self._policy)
        return Clearance(longest_wait(budgets, self.marks, self._clock.now()))

    def _wait(self, window: Window, events: list[datetime]) -> int:
        nth_latest_at = events[-window.maximum] if 0 < window.maximum <= len(events) else None
        return retry_after(nth_latest_at, window, self._clock.now())

    def _refuse_over(self, window: Window, events: list[datetime]) -> None:
        wait = self._wait(window, events)
        if wait > 0:
            raise LimitReached(window.limit, wait)
