"""Limits across verifications: how many events a window of time allows, and when the next one may come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from verification.errors import Limit, LimitReached

if TYPE_CHECKING:
    from datetime import datetime

    from verification.errors import TargetRefused
    from verification.policy import Policy

PRIVILEGED_SPAN = timedelta(seconds=600)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a limit makes somebody wait."""

    limit: Limit
    seconds: int


@dataclass(frozen=True, slots=True)
class Clearance:
    """What limits across verifications and the guard say of a send, found out before it is decided on.

    Attributes:
        wait: The longest wait of a limit that is reached.
        refusal: What is raised where the guard refuses the target.
    """

    wait: Wait | None = None
    refusal: TargetRefused | None = None

    def require(self) -> None:
        """Let a code be sent.

        Raises:
            LimitReached: It is too early.
            TargetRefused: The target gets none.
        """
        if self.wait is not None:
            raise LimitReached(self.wait.limit, self.wait.seconds)
        if self.refusal is not None:
            raise self.refusal


CLEAR = Clearance()


@dataclass(frozen=True, slots=True)
class Window:
    """So many events within a sliding span of time; a maximum of 0 is no limit."""

    limit: Limit
    span: timedelta
    maximum: int

    @property
    def is_off(self) -> bool:
        """Tell whether there is no limit."""
        return self.maximum == 0

    def opens_at(self, now: datetime) -> datetime:
        """Return the moment after which an event still counts."""
        return now - self.span


def daily_wrong(policy: Policy) -> Window:
    """Return the window of a user's wrong checks."""
    return Window(Limit.DAILY, timedelta(days=1), policy.otp.max_wrong_per_day)


def privileged_wrong(policy: Policy) -> Window:
    """Return the window of an actor's wrong privileged checks."""
    return Window(Limit.ATTEMPTS, PRIVILEGED_SPAN, policy.privileged_max_wrong)


def retry_after(nth_latest_at: datetime | None, window: Window, now: datetime) -> int:
    """Return the seconds until another event is allowed, 0 where it is now.

    `nth_latest_at` is the moment of the event that must leave the window first: counted from the latest,
    the one numbered `window.maximum`; None where there are not so many.
    """
    if window.is_off or nth_latest_at is None:
        return 0
    return seconds_until(nth_latest_at + window.span, now)


def seconds_until(moment: datetime, now: datetime) -> int:
    """Return the whole seconds from now to a moment, rounded up; 0 once it has come."""
    return max(0, ceil((moment - now).total_seconds()))
