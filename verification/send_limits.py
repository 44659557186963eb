"""Limits on the codes that are sent: by user, by number or address, by network, by prefix and by country.

How often a limit has been used is a row of marks, the moments of sends one after the other. So what is counted is
read in one piece, and another send is added by a write that a full window refuses: it needs no lock before, and a
limit of many thousands needs no more marks than one of a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from verification.errors import Limit
from verification.guard import is_safe
from verification.limits import Wait, Window, retry_after
from verification.number_facts import facts_of
from verification.places import source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verification.policy import Policy
    from verification.targets import Target

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOST_MARKS = 100
"""Marks in a row: beyond, each stands for several sends."""
MARK_WIDTH = 13  # milliseconds since 1970, until the year 2286
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_THE_ASKER = frozenset({Limit.HOURLY, Limit.DAILY_SENDS, Limit.IP})


@dataclass(frozen=True, slots=True)
class Sending:
    """A code that somebody wants sent, as limits see it.

    Attributes:
        ip: The address the user asks from; None where the request is somebody else's, on the user's behalf.
    """

    user_id: str
    target: Target
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """One limit on sends and the row it is counted in."""

    window: Window
    subject: str

    @property
    def key(self) -> str:
        """Return the key of its row."""
        return f"{self.window.limit}:{self.subject}"

    @property
    def grain(self) -> int:
        """Return how many sends a mark stands for."""
        return -(-self.window.maximum // MOST_MARKS)

    @property
    def most(self) -> int:
        """Return the marks within the window at which it is full.

        A mark is made with the last of its sends, so that no window ever holds more than the maximum.
        """
        return self.window.maximum // self.grain

    def wait(self, marks: str, now: datetime) -> int:
        """Return the seconds until another code may be sent, given the marks of its row."""
        behind = len(marks) - self.most * MARK_WIDTH
        if behind < 0:
            return 0
        first = _EPOCH + int(marks[behind : behind + MARK_WIDTH]) * _MILLISECOND
        return retry_after(first, self.window, now)


def mark_of(moment: datetime) -> str:
    """Write a moment as a mark: texts of one width, which sort by time."""
    return f"{(moment - _EPOCH) // _MILLISECOND:0{MARK_WIDTH}d}"


def budgets_of(sending: Sending, policy: Policy) -> tuple[Budget, ...]:
    """Return the limits that a send counts against, in the order in which their rows are written everywhere."""
    found = (Budget(window, subject) for window, subject in _windows(sending, policy) if not window.is_off)
    return tuple(sorted(found, key=lambda budget: budget.key))


def own_budgets(sending: Sending, policy: Policy) -> tuple[Budget, ...]:
    """Return the limits that a code counts against that was asked for and refused: those of whoever asked."""
    return tuple(budget for budget in budgets_of(sending, policy) if budget.window.limit in _OF_THE_ASKER)


def longest_wait(budgets: tuple[Budget, ...], marks: Mapping[str, str], now: datetime) -> Wait | None:
    """Return the longest wait that any of the limits asks for, given their marks by key; None where none does."""
    waits = [Wait(budget.window.limit, budget.wait(marks.get(budget.key, ""), now)) for budget in budgets]
    longest = max(waits, key=lambda wait: wait.seconds, default=None)
    return longest if longest is not None and longest.seconds > 0 else None


def _windows(sending: Sending, policy: Policy) -> Iterator[tuple[Window, str]]:
    limits, key = policy.sends, sending.target.key
    yield Window(Limit.HOURLY, HOUR, policy.otp.max_sends_per_hour), sending.user_id
    yield Window(Limit.DAILY_SENDS, DAY, limits.per_user_day), sending.user_id
    if source := source_of(sending.ip):
        yield Window(Limit.IP, HOUR, limits.per_ip_hour), source
    if "@" in key:
        yield Window(Limit.ADDRESS, DAY, limits.per_address_day), key
        yield Window(Limit.DOMAIN, HOUR, limits.per_domain_hour), key.rpartition("@")[2]
        return
    yield Window(Limit.NUMBER, DAY, limits.per_number_day), key
    if is_safe(key, policy.guard):
        return
    facts = facts_of(key)
    if facts.prefix is not None:
        yield Window(Limit.PREFIX, HOUR, limits.per_prefix_hour), facts.prefix
    if facts.country is not None:
        yield Window(Limit.COUNTRY, HOUR, limits.per_country_hour), facts.country
