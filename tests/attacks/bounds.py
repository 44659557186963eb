"""Whether times tell two kinds of request apart: a bound, by bootstrap over pairs that were taken side by side."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_RESAMPLES = 1000
_OUTSIDE = 0.025
"""What lies beyond each end of an interval of 95 %."""
LEAST = 0.5
"""Milliseconds that are taken for none: less than what a network adds to each request by itself."""
SHARE = 0.05
"""The part of the time of a request that is taken for none."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much longer one kind of request takes than the other, in milliseconds.

    Attributes:
        first, second: The medians of each kind.
        low, high: Where the median of the differences lies, with 95 % confidence.
        share: In which part of the pairs the first took longer; a coin has 0.5.
    """

    first: float
    second: float
    low: float
    high: float
    share: float

    @property
    def bound(self) -> float:
        """Return the difference that is not exceeded, with 95 % confidence."""
        return max(abs(self.low), abs(self.high))

    @property
    def tolerated(self) -> float:
        """Return the difference that is taken for none."""
        return max(LEAST, SHARE * max(self.first, self.second))

    @property
    def tells(self) -> bool:
        """Tell whether times give away which kind a request was: the whole interval is beyond what is tolerated."""
        return self.low > self.tolerated or self.high < -self.tolerated


def difference(first: Sequence[float], second: Sequence[float], generator: random.Random) -> Difference:
    """Compare times pair by pair; what the machine was busy with concerns both of a pair."""
    pairs = [a - b for a, b in zip(first, second, strict=True)]
    medians = sorted(median(generator.choices(pairs, k=len(pairs))) for _ in range(_RESAMPLES))
    outside = int(_OUTSIDE * _RESAMPLES)
    return Difference(
        first=median(first),
        second=median(second),
        low=medians[outside],
        high=medians[-1 - outside],
        share=sum(pair > 0 for pair in pairs) / len(pairs),
    )
