"""The one door for codes that are sent: limits across verifications, the guard, and what is written when one goes out.

A use case asks what stands against a code (`SendService.look`), decides with that, and uses the permit in the
transaction that writes its verification. There are two ways to do so:

- Within a transaction that holds the user's row, begun by `SendService.transact`: look with its unit. A limit that
  others have used up meanwhile raises LimitReached when the permit is used.
- Before a transaction that is begun anew where it comes to StaleVersion, as changes of resources are: look without a
  unit, and give what is raised to `SendService.note`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from api.identifiers import new_id
from persistence.blocked_attempts import BlockedAttempt
from persistence.errors import StaleVersion
from verification.conversion import areas_of, bucket_of
from verification.decision import Actor
from verification.delivery import Delivery
from verification.errors import LimitReached, TargetRefused
from verification.fixed_codes import PROVIDER
from verification.guard import UNKNOWN, judge
from verification.kinds import CONTACT_PURPOSES
from verification.limits import Clearance, Wait, retry_after
from verification.number_facts import facts_of
from verification.send_limits import Sending, budgets_of, longest_wait, mark_of, own_budgets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from verification.guard import Reason
    from verification.limits import Window
    from verification.send_limits import Budget
    from verification.targets import Target
    from verification.verifications import Purpose, Verification

T = TypeVar("T")
SLOTS = 16
"""Rows by which the codes of an area that came back are counted, so that checks seldom wait for each other."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A code that is wanted: for whom, where to, what for, at whose request and when."""

    user_id: str
    target: Target
    purpose: Purpose
    caller: Caller
    at: datetime

    @property
    def sending(self) -> Sending:
        """Return it as limits see it.

        Only what users ask for themselves counts for their address: an application asks for all its users from one.
        Nobody asks for a code to sign in with but whoever wants to sign in.
        """
        is_for_another = self.purpose in CONTACT_PURPOSES and self.caller.acts_on(self.user_id) is Actor.PRIVILEGED
        return Sending(self.user_id, self.target, None if is_for_another else self.caller.ip)


class Refusal(TargetRefused):
    """No code can be sent to this number or address."""

    def __init__(self, occasion: Occasion, reason: Reason) -> None:
        """Keep what nobody is told: which rule it was."""
        self.occasion = occasion
        self.reason = reason
        super().__init__()


@dataclass(frozen=True, slots=True)
class Permit:
    """What is said of one send, and what it is counted by; to be used once at most."""

    clearance: Clearance
    budgets: tuple[Budget, ...]
    is_within: bool
    is_test: bool = False

    def use(self, unit: UnitOfWork, verification: Verification, at: datetime) -> None:
        """Queue the current code of a verification and count it.

        Raises:
            LimitReached: A limit has been used up since it was looked at in this transaction. Where it was looked at
                before, the commit raises StaleVersion instead.
        """
        delivery = Delivery.queue(new_id(), verification, at)
        # The code of a test number is known, so that nobody need carry it.
        unit.deliveries.add(delivery.send(at, PROVIDER, None) if self.is_test else delivery)
        self.count(unit, at)

    def count(self, unit: UnitOfWork, at: datetime) -> None:
        """Count a send that is queued otherwise.

        Raises:
            LimitReached: As `use` does.
        """
        if not self.is_within:
            unit.send_marks.add(self.budgets, at)
        elif not unit.send_marks.take(self.budgets, at):
            marks = unit.send_marks.list(self.budgets, (), at).marks
            wait = longest_wait(self.budgets, marks, at) or Wait(self.budgets[0].window.limit, 1)
            raise LimitReached(wait.limit, wait.seconds)


@dataclass(frozen=True, slots=True)
class SendService:
    """What stands before every code that is sent, whatever its purpose."""

    core: Core

    def look(self, occasion: Occasion, unit: UnitOfWork | None = None, *, beside: Sequence[Permit] = ()) -> Permit:
        """Find out whether a code may be sent; the permit says so, and nothing is raised or written.

        `beside` are permits that are going to be used in the same transaction.
        """
        policy, key = self.core.policy, occasion.target.key
        is_within = unit is not None
        if policy.otp.fixed_code(key, occasion.at) is not None:
            return Permit(Clearance(), (), is_within, is_test=True)
        budgets, areas = budgets_of(occasion.sending, policy), areas_of(key)
        if unit is None:
            standing = self.core.database.read(lambda unit: unit.send_marks.list(budgets, areas, occasion.at))
        else:
            standing = unit.send_marks.list(budgets, areas, occasion.at)
        for budget in (budget for permit in beside for budget in permit.budgets):
            standing.marks[budget.key] = standing.marks.get(budget.key, "") + mark_of(occasion.at)
        verdict = judge(key, policy.guard, standing.blocked)
        if verdict.is_monitored:
            self.core.observe.monitored(facts_of(key).country or UNKNOWN)
        refusal = Refusal(occasion, verdict.refusal) if verdict.refusal else None
        return Permit(Clearance(longest_wait(budgets, standing.marks, occasion.at), refusal), budgets, is_within)

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do work that sends a code in one transaction, and take note where it is not sent.

        Raises:
            LimitReached, TargetRefused: No code may be sent; what the work has written is taken back.
        """
        try:
            return self.core.database.transact(work)
        except (LimitReached, TargetRefused) as error:
            self.note(error)
            raise

    def note(self, error: LimitReached | TargetRefused) -> None:
        """Take note of a code that was not sent; what the guard refused is stored.

        A refused code counts for its user and for the address it was asked from as if it had been sent: whoever tries
        numbers in turn to find out which are refused soon reaches a limit.
        """
        if isinstance(error, LimitReached):
            self.core.observe.withheld(error.limit)
        if not isinstance(error, Refusal):
            return
        self.core.observe.withheld(error.reason)
        attempt = _attempt(error)
        budgets = own_budgets(error.occasion.sending, self.core.policy)

        def write(unit: UnitOfWork) -> None:
            unit.blocked_attempts.add(attempt)
            unit.send_marks.add(budgets, attempt.at)

        try:
            self.core.database.transact(write)
        except StaleVersion:
            # Many were refused at once, and have reached the limit: the others are on record.
            return


def note_proof(unit: UnitOfWork, verification: Verification) -> None:
    """Count that the code of a verification came back; every use case that approves one says so."""
    slot = hash(verification.id) % SLOTS
    unit.conversions.count_verified(areas_of(verification.target.key), bucket_of(verification.sent_at), slot)


def wait_for(unit: UnitOfWork, window: Window, subject: str, at: datetime) -> int:
    """Return the seconds until a window lets its subject go on, 0 where it does now."""
    if window.is_off:
        return 0
    nth_latest = unit.limits.nth_latest(window.limit, subject, window.maximum, window.opens_at(at))
    return retry_after(nth_latest, window, at)


def _attempt(refusal: Refusal) -> BlockedAttempt:
    occasion = refusal.occasion
    facts = facts_of(occasion.target.key)
    return BlockedAttempt(
        id=new_id(),
        at=occasion.at,
        user_id=occasion.user_id,
        purpose=occasion.purpose,
        target=occasion.target.masked(),
        country=facts.country,
        number_type=facts.type,
        reason=refusal.reason,
        actor=occasion.caller.subject,
        ip=occasion.caller.ip,
        request_id=occasion.caller.request_id,
    )
