"""How providers fare, as the workers that call them tell it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from persistence.statistics import CallCount, StoredCircuit

if TYPE_CHECKING:
    from api.services.core import Core

SAID_EVERY = timedelta(seconds=60)
"""How often a worker repeats what its circuits are, so that it is known to be there."""


@dataclass(slots=True)
class ProviderTally:
    """What one worker has not told yet of its calls, and how its circuits are.

    What a worker that is killed has not told is lost: figures are for judging, not for billing.
    """

    worker: str
    _calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    _seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    _circuits: dict[str, str] = field(default_factory=dict)
    _changed_at: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said_at: datetime | None = None

    def called(self, provider: str, outcome: str, seconds: float) -> None:
        """Count a call of a provider."""
        with self._lock:
            self._calls[provider, outcome] += 1
            self._seconds[provider, outcome] += seconds  # type: ignore[assignment]  # a Counter adds any numbers

    def circuit(self, provider: str, state: str) -> None:
        """Note the state that the circuit of a provider has come to."""
        with self._lock:
            self._circuits[provider] = state
            self._changed_at.pop(provider, None)

    def take_calls(self) -> list[CallCount]:
        """Return what has been counted, and begin anew."""
        with self._lock:
            taken = [
                CallCount(provider, outcome, count, round(self._seconds[provider, outcome] * 1000))
                for (provider, outcome), count in self._calls.items()
            ]
            self._calls.clear()
            self._seconds.clear()
        return taken

    def circuits_to_say(self, at: datetime) -> list[StoredCircuit]:
        """Return how the circuits are, where one has changed or it has not been said for a while."""
        with self._lock:
            is_new = len(self._changed_at) < len(self._circuits)
            if not is_new and self._said_at is not None and at - self._said_at < SAID_EVERY:
                return []
            self._said_at = at
            return [
                StoredCircuit(self.worker, provider, state, self._changed_at.setdefault(provider, at), at)
                for provider, state in self._circuits.items()
            ]


@dataclass(frozen=True, slots=True)
class ProviderHealthService:
    """The use case of a worker that tells how providers fare."""

    core: Core

    def record(self, tally: ProviderTally) -> None:
        """Store what a worker has to tell."""
        at = self.core.clock.now()
        calls, circuits = tally.take_calls(), tally.circuits_to_say(at)
        if calls:
            hour_at = at.replace(minute=0, second=0, microsecond=0)
            self.core.database.transact(lambda unit: unit.provider_figures.count_calls(hour_at, calls))
        if circuits:
            self.core.database.transact(lambda unit: unit.provider_figures.save_circuits(circuits))
