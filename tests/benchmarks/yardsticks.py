"""What the service is held against: a bare Flask route, and pgbench with the service's own statements."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.wsgi import EMBEDDED_THREADS, NETWORK_THREADS
from tests.benchmarks.calls import Call
from tests.benchmarks.load import Mode
from tests.benchmarks.people import user_id
from tests.benchmarks.pgbench import EACH_ONCE, Script
from tests.benchmarks.phones import PATCH, new_mobile
from tests.benchmarks.programs import Program
from tests.benchmarks.sites import READY, Plan, Site
from tests.benchmarks.statements import EXAMPLE, EXAMPLE_VERSION, record, script
from tests.factories.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.clusters import Cluster
    from tests.benchmarks.load import Generator
    from tests.benchmarks.measures import Measure
    from tests.benchmarks.samples import Sample

THREADS = {"postgresql": NETWORK_THREADS, "sqlite": EMBEDDED_THREADS}
ANYBODY = "random(0, :users - 1)"
_NOT_OF_A_REQUEST = "token_revocations"
_WRITTEN_BESIDE = ("verifications", "deliveries", "send_marks", "send_counts", "audit_events")


@dataclass(frozen=True, slots=True)
class Bare:
    """A bare Flask application with as many threads as the service has on a database."""

    engine: str
    port: int
    token: str
    load: Generator
    program: Program

    @property
    def name(self) -> str:
        """Return its name among contestants."""
        return f"bare-{self.engine}"

    def run(self, measure: str, seconds: float) -> Sample:
        """Send it the load of a measure; the request carries the same token."""
        call = Call("GET", f"/bare/{_file_name(measure)}", token=self.token)
        url = f"http://127.0.0.1:{self.port}"
        return self.program.metered(lambda: self.load.send(url, [call], Mode.CYCLE, seconds))


@contextmanager
def bare_server(engine: str, site: Site, folder: Path, load: Generator) -> Iterator[Bare]:
    """Serve the answers in a folder."""
    port = free_port()
    arguments = [sys.executable, "-m", "tests.benchmarks.bare", str(port), str(THREADS[engine]), str(folder)]
    with Program(arguments, folder.with_name(f"bare-{engine}.log")) as program:
        program.wait_until_listening(port)
        yield Bare(engine, port, site.admin, load, program)


def keep_answer(site: Site, measure: Measure, folder: Path) -> None:
    """Keep what the service answers, for the bare application to answer the same."""
    folder.mkdir(exist_ok=True)
    (folder / _file_name(measure.name)).write_bytes(site.ask(measure.example(site, EXAMPLE)).content)


def _file_name(measure: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in measure)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Read the statements of requests off the log of a site of its own, and write scripts about another database."""

    server: Cluster
    site: Site
    folder: Path
    target: str
    users: int

    def measure(self, measure: Measure) -> Script:
        """Write the script of a measure."""
        return self._script(
            measure.name, lambda number: measure.example(self.site, number), ANYBODY if measure.is_read else EACH_ONCE
        )

    def phone(self) -> Script:
        """Write the script of a PATCH of a phone; each user has nothing pending, as in the requests."""
        return self._script(PATCH, lambda number: new_mobile(self.site, number, 1), EACH_ONCE)

    def _script(self, name: str, example: Callable[[int], Call], users: str) -> Script:
        numbers = iter(range(EXAMPLE + 1, EXAMPLE + 100))

        def prepare() -> None:
            self._accepted(example(next(numbers)))

        self.server.command(
            f"UPDATE resources SET version = {EXAMPLE_VERSION} WHERE id = '{user_id(EXAMPLE)}'",  # noqa: S608 - ours
            self.site.plan.name,
        )
        found = record(self.server, self.site.plan.name, prepare, lambda: self._accepted(example(EXAMPLE)))
        kept = tuple(each for each in found.statements if _NOT_OF_A_REQUEST not in each.text)
        result = Script(self.server, self.target, self.folder / f"{_file_name(name)}.sql", self.users, found.body)
        result.write(script(replace(found, statements=kept), users=users))
        return result

    def _accepted(self, call: Call) -> None:
        answer = self.site.ask(call)
        if not answer.ok:
            raise RuntimeError(f"{call.method} {call.path}: {answer.status_code} {answer.text[:300]}")


@contextmanager
def recorder(server: Cluster, site: Site, plan: Plan, folder: Path) -> Iterator[Recorder]:
    """Serve on a copy of a small site, with every statement logged."""
    server.command(f"ALTER DATABASE \"{site.plan.name}\" SET log_statement = 'all'")
    folder.mkdir()
    with site.running(workers=1) as program:
        program.wait_for(READY)
        yield Recorder(server, site, folder, f"{plan.name}-pgbench", plan.users)


def phone_slot(pgbench: Script, count: int) -> Sample:
    """Run the script of a PATCH of a phone on users with nothing pending, and leave them so."""
    sample = pgbench.run_count(min(count, pgbench.users))
    pgbench.server.command(f"TRUNCATE {', '.join(_WRITTEN_BESIDE)} CASCADE", pgbench.database)
    return sample
