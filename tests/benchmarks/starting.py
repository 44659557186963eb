"""How long the service takes to be ready, and how much memory a worker holds."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contests import Contestant
from tests.benchmarks.programs import Program
from tests.benchmarks.samples import Sample
from tests.benchmarks.sites import COMMAND, READY, WORKERS
from tests.factories.processes import http_workers
from tests.factories.servers import environment, free_port

START = "start"
FIRST, AGAIN, BARE = "sqlite, empty", "sqlite, there already", "bare-sqlite"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Starter:
    """Start the service, delivery included, until it says that it is ready; the rate is in starts a second."""

    base: Path

    def contestants(self) -> list[Contestant]:
        """Return who is started."""
        return [
            Contestant(FIRST, lambda: self._service(Path(tempfile.mkdtemp(dir=self.base)))),
            Contestant(AGAIN, lambda: self._service(self.base / "again")),
            Contestant(BARE, self._bare),
        ]

    def _service(self, data_dir: Path) -> Sample:
        environ = environment(data_dir, free_port())
        with Program([COMMAND, "serve", "--workers", str(WORKERS)], self.base / "start.log", environ) as program:
            took = program.wait_for(READY)
            # It has just begun and has nothing to finish.
            program.kill()
            return _took(took)

    def _bare(self) -> Sample:
        port, folder = free_port(), Path(tempfile.mkdtemp(dir=self.base))
        arguments = [sys.executable, "-m", "tests.benchmarks.bare", str(port), "1", str(folder)]
        with Program(arguments, self.base / "bare-start.log") as program:
            return _took(program.wait_until_listening(port))


def memory_of(program: Program) -> dict[str, float]:
    """Return the memory of the largest HTTP worker in MB: all it holds, and its fair share of what it shares."""
    largest = max(http_workers(program.process.pid), key=lambda process: process.memory_info().rss)
    return {
        "rss": largest.memory_info().rss / _MEGABYTE,
        "pss": largest.memory_full_info().pss / _MEGABYTE,
    }


def _took(seconds: float) -> Sample:
    return Sample(1 / seconds, 1, p50=seconds * 1000)
