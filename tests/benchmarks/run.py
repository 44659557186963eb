"""Measure the service, each figure beside its yardstick in the same run: `python -m tests.benchmarks.run --help`."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import requests

from tests.benchmarks import groups, phones
from tests.benchmarks.contests import Contestant, Result, hold
from tests.benchmarks.load import HINT, OwnClient, choose_generator
from tests.benchmarks.measures import BESIDE_BARE, MEASURES
from tests.benchmarks.options import Options, read_options
from tests.benchmarks.report import Report
from tests.benchmarks.sites import add_groups
from tests.benchmarks.stage import Stage, stage
from tests.benchmarks.starting import START, Starter, memory_of
from tests.benchmarks.yardsticks import phone_slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.load import Generator
    from tests.benchmarks.measures import Measure
    from tests.benchmarks.samples import Sample, Series
    from tests.benchmarks.sites import Site

_EXAMPLE = 7
_WARM_UP = 0.3
_FAULTS = (RuntimeError, requests.RequestException, subprocess.SubprocessError)


@dataclass(frozen=True, slots=True)
class Run:
    """The contests of a run, on their stage."""

    options: Options
    load: Generator
    report: Report
    stage: Stage
    deadline: float

    def all(self) -> None:
        """Hold every contest that was asked for."""
        for measure in MEASURES:
            if self.options.wants(measure.name):
                with self._reported(measure.name):
                    self.measure(measure)
        if any(map(self.options.wants, phones.STEPS)):
            with self._reported(phones.PATCH):
                self.phones()
        if any(map(self.options.wants, (groups.ADD, groups.REMOVE))):
            with self._reported(groups.ADD):
                self.groups()
        if self.options.wants(START):
            with self._reported(START):
                self.report.add(hold(START, Starter(self.stage.base).contestants(), self.options.rounds, self.deadline))
        for site in self.stage.sites:
            self.report.remember(site.plan.name, memory_of(site.serving))

    def measure(self, measure: Measure) -> None:
        """Measure one kind of request on every site."""
        sites = [site for site in self.stage.sites if self._is_there(site, measure)]
        if sites:
            contestants = [*self._yardsticks(measure), *(self._contestant(site, measure) for site in sites)]
            self.report.add(hold(measure.name, contestants, self.options.rounds, self.deadline))

    def phones(self) -> None:
        """Measure the three steps of a phone number."""
        count, gateway_url = self.options.phones, self.stage.gateway_url
        cycles = {s.plan.name: phones.Cycle(s, self.load, gateway_url, count) for s in self.stage.sites}
        script = self.stage.recorder.phone() if self.stage.recorder else None
        series: dict[str, dict[str, Series]] = {step: {} for step in phones.STEPS}
        for turn in range(self.options.rounds + 1):
            if turn > 1 and time.monotonic() > self.deadline:
                break
            found = {name: cycle.run() for name, cycle in cycles.items()}
            found[phones.BARE_LOOP] = {phones.DELIVERY: phones.bare_posts(gateway_url, count)}
            if script is not None:
                found["pgbench"] = {phones.PATCH: phone_slot(script, count)}
            # The first turn warms up.
            for name, samples in found.items() if turn else ():
                for step, sample in samples.items():
                    series[step].setdefault(name, []).append(sample)
        for step, of_step in series.items():
            self.report.add(Result(step, of_step))

    def groups(self) -> None:
        """Measure changes of members."""
        for site in self.stage.sites:
            if not site.plan.large_group:
                continue
            add_groups(site)
            answer = site.ask(groups.example(site))
            if not answer.ok:
                self.report.skip(f"members of groups on {site.plan.name}", f"a PATCH answers {answer.status_code}")
                continue
            self.report.add_all(groups.Members(site, self.load).contest(self.options.rounds, self.deadline))

    def _is_there(self, site: Site, measure: Measure) -> bool:
        answer = site.ask(measure.example(site, _EXAMPLE))
        if answer.ok and (not measure.needs or measure.needs in answer.text):
            return True
        self.report.skip(f"{measure.name} on {site.plan.name}", f"not there yet, the answer is {answer.status_code}")
        return False

    def _contestant(self, site: Site, measure: Measure) -> Contestant:
        def slot(seconds: float) -> Sample:
            calls = measure.calls(site)
            return site.metered(lambda: self.load.send(site.url, calls, measure.mode, seconds))

        return Contestant(site.plan.name, partial(slot, self.options.seconds), partial(slot, _WARM_UP))

    def _yardsticks(self, measure: Measure) -> Iterator[Contestant]:
        if measure.name in BESIDE_BARE:
            for bare in self.stage.bares:
                yield Contestant(bare.name, partial(bare.run, measure.name, self.options.seconds))
        if self.stage.recorder is not None:
            script = self.stage.recorder.measure(measure)
            yield Contestant("pgbench", partial(script.run, self.options.seconds))

    @contextmanager
    def _reported(self, measure: str) -> Iterator[None]:
        """Let one contest fail without the others."""
        try:
            yield
        except _FAULTS as error:
            self.report.skip(measure, str(error))


def main() -> int:
    """Run what the command line asks for."""
    options = read_options()
    # Being asked to end is an error like any other: every context is left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    load = choose_generator()
    if isinstance(load, OwnClient):
        print(HINT)
    report = Report(options, load.name)
    deadline = time.monotonic() + options.minutes * 60
    with stage(options, load) as ready:
        Run(options, load, report, ready, deadline).all()
    report.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
