"""Contests: contestants take turns, round by round, so that what the machine does meanwhile meets them all."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.samples import Sample, ratio, summary

if TYPE_CHECKING:
    from tests.benchmarks.samples import Series, Spread

Slot = Callable[[], Sample]


@dataclass(frozen=True, slots=True)
class Contestant:
    """Somebody who takes part: a slot of it is one turn, `warm_up` a turn that does not count."""

    name: str
    slot: Slot
    warm_up: Slot | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a contest gave."""

    measure: str
    series: dict[str, Series]

    def ratio(self, over: str, under: str) -> Spread | None:
        """Compare two contestants; None where one did not take part."""
        if over not in self.series or under not in self.series:
            return None
        return ratio(self.series[over], self.series[under])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {name: summary(series) for name, series in self.series.items()}


def hold(measure: str, contestants: list[Contestant], rounds: int, deadline: float = math.inf) -> Result:
    """Let contestants take turns; what begins after the deadline is one round only."""
    for contestant in contestants:
        (contestant.warm_up or contestant.slot)()
    series: dict[str, Series] = {contestant.name: [] for contestant in contestants}
    for turn in range(rounds):
        if turn and time.monotonic() > deadline:
            break
        for contestant in contestants:
            series[contestant.name].append(contestant.slot())
    return Result(measure, series)
