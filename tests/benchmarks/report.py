"""What is left of a run: JSON, a table on the terminal, and where asked for the published summary with its charts."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tests.benchmarks.charts import write_charts
from tests.benchmarks.goals import Goal, goals_of
from tests.benchmarks.samples import LATENCIES, Spread
from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from tests.benchmarks.contests import Result
    from tests.benchmarks.options import Options

PUBLISHED = ROOT / "docs" / "performance.json"


@dataclass(slots=True)
class Report:
    """The results of a run, as they come in."""

    options: Options
    load: str
    results: dict[str, Result] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def add(self, result: Result) -> None:
        """Keep a result and show its rates."""
        self.results[result.measure] = result
        print_result(result)

    def add_all(self, results: list[Result]) -> None:
        """Keep results."""
        for result in results:
            self.add(result)

    def skip(self, what: str, why: str) -> None:
        """Say that something was not measured."""
        self.skipped[what] = why
        print(f"\n{what}: skipped, {why}", flush=True)

    def remember(self, site: str, memory: dict[str, float]) -> None:
        """Keep the memory of a site's workers."""
        self.memory[site] = memory

    @property
    def goals(self) -> list[Goal]:
        """Return what was reached."""
        return list(goals_of(self.results, self.memory, self.options.reference.name))

    def write(self) -> None:
        """Write the results and print the table."""
        document = self.to_json()
        self.options.output.mkdir(parents=True, exist_ok=True)
        path = self.options.output / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
        path.write_text(json.dumps(document, indent=1) + "\n")
        print_goals(self.goals)
        print(f"\n{time.monotonic() - self.began:.0f} s in all; every slot is in {path}")
        if self.options.is_published:
            publish(document)

    def to_json(self) -> dict[str, Any]:
        """Return the whole run as JSON."""
        return {
            "made": time.strftime("%Y-%m-%d"),
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
            "load": self.load,
            "rounds": self.options.rounds,
            "seconds": self.options.seconds,
            "reference": self.options.reference.name,
            "measures": {name: result.to_json() for name, result in self.results.items()},
            "memory": self.memory,
            "goals": [goal_to_json(goal) for goal in self.goals],
            "skipped": self.skipped,
        }


def goal_to_json(goal: Goal) -> dict[str, Any]:
    """Return a goal as JSON."""
    return {**asdict(goal), "reached": goal.reached}


def publish(document: dict[str, Any]) -> None:
    """Write the summary that is committed, without the single slots, and its charts."""
    for contestants in document["measures"].values():
        for summary in contestants.values():
            del summary["slots"]
    earlier = json.loads(PUBLISHED.read_text()) if PUBLISHED.exists() else {}
    peers = {"peers": earlier["peers"]} if "peers" in earlier else {}
    PUBLISHED.write_text(json.dumps({**rounded(document), **peers}, indent=1) + "\n")
    write_charts(document, ROOT / "docs" / "img")


def print_result(result: Result) -> None:
    """Print what a contest gave."""
    print(f"\n{result.measure}")
    for name, series in result.series.items():
        print(f"  {name:24} {_shown(result, name)}")
        if errors := sum(sample.errors for sample in series):
            print(f"  {'':24} {errors} errors")
    sys.stdout.flush()


def print_goals(goals: list[Goal]) -> None:
    """Print the table of bars and goals."""
    print(f"\n{'measure':74} {'value':>9} {'ratio':>22} {'bar':>7} {'goal':>7}  reached")
    for goal in goals:
        print(
            f"{goal.name:74} {goal.value:>9} {_spread(goal.figure, goal.unit):>22} "
            f"{goal.bar:>7,g} {goal.goal:>7,g}  {goal.reached}"
        )


def _shown(result: Result, name: str) -> str:
    series = result.series[name]
    rate = Spread.of([sample.rate for sample in series])
    known = {
        label: Spread.of([figure for sample in series if (figure := getattr(sample, label)) is not None]).median
        for label in (*LATENCIES, "cpu")
        if any(getattr(sample, label) is not None for sample in series)
    }
    units = {"cpu": "us"}
    rest = ", ".join(f"{label} {figure:,.1f} {units.get(label, 'ms')}" for label, figure in known.items())
    return f"{rate.median:9,.1f}/s ({rate.min:,.1f} to {rate.max:,.1f})  {rest}"


def _spread(figure: Spread, unit: str) -> str:
    def written(value: float) -> str:
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

    return f"{written(figure.median)} ({written(figure.min)}-{written(figure.max)}) {unit}".strip()


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
