"""A circuit breaker: it tells of a provider that fails again and again, so that others are asked before it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Circuit(StrEnum):
    """The states of a breaker."""

    CLOSED = "closed"  # the provider is asked in its turn
    OPEN = "open"  # it is asked after all others
    HALF_OPEN = "half-open"  # one message is on its way to find out


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When a breaker opens, and for how long.

    Attributes:
        failures: So many in a row open it; 0 for never.
        window: They count when they come within this span.
        pause: How long it stays open until one message finds out.
    """

    failures: int = 5
    window: timedelta = timedelta(seconds=60)
    pause: timedelta = timedelta(seconds=30)


class Breaker:
    """The breaker of one provider in one process; threads share it. Moments are seconds of a monotonic clock."""

    def __init__(self, rules: BreakerRules) -> None:
        self._rules = rules
        self._failed_at: deque[float] = deque(maxlen=max(1, rules.failures))
        self._state = Circuit.CLOSED
        self._until = 0.0
        self._lock = threading.Lock()

    @property
    def state(self) -> Circuit:
        """Return the state."""
        return self._state

    def admits(self, at: float) -> bool:
        """Tell whether the provider is asked in its turn; who is told so while it is open is to find out."""
        with self._lock:
            if self._state is Circuit.CLOSED:
                return True
            if at < self._until:
                return False
            # Should nobody hear of this message again, another one finds out after the same pause.
            self._state = Circuit.HALF_OPEN
            self._until = at + self._rules.pause.total_seconds()
            return True

    def succeed(self) -> None:
        """Note that the provider has answered as it should."""
        with self._lock:
            self._failed_at.clear()
            self._state = Circuit.CLOSED

    def fail(self, at: float) -> None:
        """Note that it has failed."""
        if not self._rules.failures:
            return
        with self._lock:
            self._failed_at.append(at)
            in_a_row = len(self._failed_at) == self._rules.failures
            within = at - self._failed_at[0] <= self._rules.window.total_seconds()
            if self._state is not Circuit.CLOSED or (in_a_row and within):
                self._state = Circuit.OPEN
                self._until = at + self._rules.pause.total_seconds()
