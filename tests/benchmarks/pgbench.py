"""pgbench: the yardstick of everything that goes to PostgreSQL, eight clients and prepared statements."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.samples import Sample

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.clusters import Cluster

CLIENTS = 8
EACH_ONCE = "(:i * 8 + :client_id) % :users"
"""Picks each user once, and none that another client has."""
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
_TRIED = 160
_TIMEOUT = 60


@dataclass(slots=True)
class Script:
    """A transaction in pgbench's language."""

    server: Cluster
    database: str
    path: Path
    users: int
    body: str = field(default="", repr=False)
    rate: float | None = None
    """What the last run gave, which tells how long the next one may be."""

    def write(self, text: str) -> None:
        """Keep the script; a counter lets it walk over the users."""
        self.path.write_text("\\set i :i + 1\n" + text)

    def run(self, seconds: float) -> Sample:
        """Run it for about some seconds."""
        count = _TRIED if self.rate is None else max(_TRIED, int(self.rate * seconds))
        return self.run_count(count)

    def run_count(self, count: int) -> Sample:
        """Run about so many transactions."""
        arguments = [
            self.server.binaries / "pgbench", "-n", "-M", "prepared", "-c", CLIENTS, "-j", "2",
            "-t", max(1, count // CLIENTS), "-f", self.path, "-D", "i=-1", "-D", f"users={self.users}",
            "-D", f"body={self.body or '-'}", *self.server.arguments(self.database),
        ]  # fmt: skip
        done = subprocess.run(
            [str(argument) for argument in arguments], capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
        rate = _RATE.search(done.stdout)
        if done.returncode or rate is None:
            raise RuntimeError(f"pgbench: {done.stderr.strip()[-600:]}")
        self.rate = float(rate[1])
        failed = _FAILED.search(done.stdout)
        return Sample(self.rate, count, int(failed[1]) if failed else 0)
