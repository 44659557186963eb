"""What the figures are held against: the bar is what a bare prototype reached, the goal is what we are after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks import groups, phones, starting
from tests.benchmarks.measures import BY_USER_NAME, GET, LIST, POST
from tests.benchmarks.samples import Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.contests import Result

Results = dict[str, "Result"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure, its bar and its goal."""

    name: str
    figure: Spread
    bar: float
    goal: float
    unit: str = ""
    is_smaller_better: bool = False
    value: str = ""
    """What the ratio was made of."""

    @property
    def reached(self) -> str:
        """Tell which of the two is reached."""
        if self._is_reached(self.goal):
            return "goal"
        return "bar" if self._is_reached(self.bar) else "no"

    def _is_reached(self, mark: float) -> bool:
        return self.figure.median <= mark if self.is_smaller_better else self.figure.median >= mark


def goals_of(results: Results, memory: dict[str, dict[str, float]], reference: str) -> Iterator[Goal]:
    """Return the goals that the results speak of; `reference` names the site held against yardsticks."""
    yield from _against(
        results, GET, reference, "bare-postgresql", "a bare Flask route with the same bytes", (0.35, 0.5)
    )
    yield from _against(results, phones.PATCH, reference, "pgbench", "pgbench with the same statements", (0.25, 0.4))
    yield from _against(results, LIST, reference, "pgbench", "pgbench of the same query", (0.3, 0.6))
    yield from _growth(results, reference.partition("-")[0])
    yield from _members(results, reference)
    yield from _delivery(results, reference)
    yield from _starts(results)
    if reference in memory:
        held = memory[reference]["rss"]
        yield Goal("memory of a worker", Spread.of([held]), 120, 80, "MB", is_smaller_better=True)


def peer_goals(results: Results) -> Iterator[Goal]:
    """Return the goals about other SCIM servers, measured by `make bench-peers`."""
    marks = {
        (GET, 1000): (5, 8), (POST, 1000): (1.5, 3), (BY_USER_NAME, 100_000): (8, 15),
        (LIST, 10_000): (200, 300), (PATCH_OF_PHONE, 1000): (2, 4),
    }  # fmt: skip
    for (measure, users), (bar, goal) in marks.items():
        result = results.get(f"{measure}, {users} users")
        if result is not None:
            yield from _best_peer(measure, users, result, (bar, goal))


PATCH_OF_PHONE = phones.PATCH
OURS = "lineproof"


def _best_peer(measure: str, users: int, result: Result, marks: tuple[float, float]) -> Iterator[Goal]:
    peers = {name: Spread.of([sample.rate for sample in found]).median for name, found in result.series.items()}
    peers.pop(OURS, None)
    best = max(peers, key=lambda name: peers[name], default=None)
    figure = result.ratio(OURS, best) if best else None
    if figure is not None:
        yield Goal(f"{measure} / best peer ({best}) at {users:,} users", figure, *marks, value=_rate(result, OURS))


def _against(
    results: Results, measure: str, site: str, yardstick: str, called: str, marks: tuple[float, float]
) -> Iterator[Goal]:
    result = results.get(measure)
    figure = result.ratio(site, yardstick) if result else None
    if result is not None and figure is not None:
        yield Goal(f"{measure} / {called}", figure, *marks, value=_rate(result, site))


def _growth(results: Results, engine: str) -> Iterator[Goal]:
    """Hold the largest database against the smallest, operation by operation."""
    for measure, result in results.items():
        sizes = sorted(int(name.partition("-")[2]) for name in result.series if name.startswith(f"{engine}-"))
        if len(sizes) < 2:
            continue
        figure = result.ratio(f"{engine}-{sizes[0]}", f"{engine}-{sizes[-1]}")
        if figure is not None and measure != phones.DELIVERY:
            name = f"{measure}: cost at {sizes[-1]:,} users / at {sizes[0]:,}"
            yield Goal(name, figure, 1.3, 1.1, is_smaller_better=True, value=_rate(result, f"{engine}-{sizes[-1]}"))


def _members(results: Results, reference: str) -> Iterator[Goal]:
    for measure in (groups.ADD, groups.REMOVE):
        result = results.get(f"{measure}, {reference}")
        figure = result.ratio(groups.SMALL, groups.LARGE) if result else None
        if result is not None and figure is not None:
            name = f"{measure}: cost in a large group / in one of 10"
            yield Goal(name, figure, 1.3, 1.1, is_smaller_better=True, value=_rate(result, groups.LARGE))


def _delivery(results: Results, reference: str) -> Iterator[Goal]:
    result = results.get(phones.DELIVERY)
    if result is not None and reference in result.series:
        series = result.series[reference]
        yield Goal("delivery to a gateway on loopback", Spread.of([s.rate for s in series]), 800, 2000, "/s")
        faults = [float(sample.errors) for sample in series]
        yield Goal("messages sent twice or lost", Spread.of([sum(faults)]), 0, 0, is_smaller_better=True)


def _starts(results: Results) -> Iterator[Goal]:
    result = results.get(starting.START)
    if result is not None:
        seconds = [1 / sample.rate for sample in result.series[starting.AGAIN]]
        yield Goal("`lineproof serve` ready", Spread.of(seconds), 2, 1, "s", is_smaller_better=True)


def _rate(result: Result, contestant: str) -> str:
    return f"{Spread.of([sample.rate for sample in result.series[contestant]]).median:,.0f}/s"
