"""What a run is told on its command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.sites import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

ENGINES = ("postgresql", "sqlite")
LARGE_GROUP = 50_000
_QUICK_GROUP = 500


@dataclass(frozen=True, slots=True)
class Options:
    """A run."""

    engines: tuple[str, ...]
    users: tuple[int, ...]
    rounds: int
    seconds: float
    phones: int
    minutes: float
    only: str
    output: Path
    is_published: bool

    @property
    def plans(self) -> list[Plan]:
        """Return the sites, those of a size beside each other; groups are on the largest of each engine."""
        return [
            Plan(engine, users, self.large_group if users == max(self.users) else 0)
            for users in self.users
            for engine in self.engines
        ]

    @property
    def large_group(self) -> int:
        """Return the members of the large group, which leaves some users to be added."""
        return LARGE_GROUP if max(self.users) > LARGE_GROUP else max(self.users) - _QUICK_GROUP

    @property
    def reference(self) -> Plan:
        """Return the site that is held against yardsticks: the largest, on PostgreSQL where there is one."""
        return max(self.plans, key=lambda plan: (plan.engine == "postgresql", plan.users))

    def wants(self, measure: str) -> bool:
        """Tell whether a measure was asked for."""
        return self.only.lower() in measure.lower()


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description="Measure the service.")
    parser.add_argument("--quick", action="store_true", help="1,000 users only and short slots: two minutes at most")
    parser.add_argument("--users", default="1000,10000,100000", help="sizes of the databases (1000000 takes long)")
    parser.add_argument("--engines", default=",".join(ENGINES), help="postgresql, sqlite, or both")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn")
    parser.add_argument("--phones", type=int, default=1000, help="phone numbers changed in a turn")
    parser.add_argument("--minutes", type=float, default=10, help="from here on one turn each: the machine is too busy")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the measures with this text in their name")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results", help="folder of the results")
    parser.add_argument("--publish", action="store_true", help="write docs/performance.json and the charts, too")
    given = parser.parse_args(arguments)
    if given.quick:
        given.users, given.seconds, given.phones, given.minutes = "1000", 0.3, 300, 2
    return Options(
        engines=tuple(given.engines.split(",")),
        users=tuple(sorted(int(size) for size in given.users.split(","))),
        rounds=given.rounds,
        seconds=given.seconds,
        phones=given.phones,
        minutes=given.minutes,
        only=given.only,
        output=given.output,
        is_published=given.publish,
    )
