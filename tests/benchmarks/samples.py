"""Figures: one slot of a measurement, a series of slots, and ratios of two series round by round."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Sample:
    """What one slot of one contestant gave.

    `rate` is a second, latencies are milliseconds, `cpu` is what the workers spent on one request in microseconds;
    None where nobody tells them.
    """

    rate: float
    count: int
    errors: int = 0
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None


LATENCIES = ("p50", "p99")


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some figures and how far they lie apart."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, figures: list[float]) -> Spread:
        """Summarize figures, of which there is at least one."""
        return cls(median(figures), min(figures), max(figures))


Series = list[Sample]


def summary(series: Series) -> dict[str, Any]:
    """Return a series as JSON: the spread of its rates and latencies, and each slot."""
    found: dict[str, Any] = {"rate": asdict(Spread.of([sample.rate for sample in series]))}
    for name in (*LATENCIES, "cpu"):
        known = [figure for sample in series if (figure := getattr(sample, name)) is not None]
        if known:
            found[name] = asdict(Spread.of(known))
    found["errors"] = sum(sample.errors for sample in series)
    found["slots"] = [asdict(sample) for sample in series]
    return found


def ratio(over: Series, under: Series) -> Spread | None:
    """Compare two series slot by slot, as a round's slots had the same machine; None where one gave nothing."""
    pairs = [(a.rate, b.rate) for a, b in zip(over, under, strict=False) if b.rate > 0]
    return Spread.of([a / b for a, b in pairs]) if pairs else None
