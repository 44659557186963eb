"""The stage: databases filled, services and yardsticks running, all of it ended when it is left."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import gateway
from tests.benchmarks.clusters import cluster
from tests.benchmarks.measures import BESIDE_BARE, MEASURES
from tests.benchmarks.programs import Program
from tests.benchmarks.sites import READY, Keys, Plan, Site, prepare
from tests.benchmarks.yardsticks import Bare, Recorder, bare_server, keep_answer, recorder
from tests.factories.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.clusters import Cluster
    from tests.benchmarks.load import Generator
    from tests.benchmarks.options import Options

RECORDED = Plan("postgresql", 1001)
"""The small database whose log is read; its name tells it from the measured ones."""


@dataclass(slots=True)
class Stage:
    """All that runs while measurements are taken."""

    base: Path
    gateway_url: str
    sites: list[Site]
    bares: list[Bare] = field(default_factory=list)
    recorder: Recorder | None = None


@contextmanager
def stage(options: Options, load: Generator) -> Iterator[Stage]:
    """Make the databases and start everything."""
    began = time.monotonic()
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lineproof-bench-")))
        gateway_url = _gateway(stack, base)
        server = stack.enter_context(cluster()) if "postgresql" in options.engines else None
        made = _filled(options, base, server, gateway_url)
        found = Stage(base, gateway_url, [made[plan] for plan in options.plans])
        if server is not None:
            # Of a database that nobody has connected to.
            name = options.reference.name
            server.command(f'CREATE DATABASE "{name}-pgbench" TEMPLATE "{name}"')
        _serve(found, stack)
        if server is not None:
            scripts = recorder(server, made[RECORDED], options.reference, base / "scripts")
            found.recorder = stack.enter_context(scripts)
        found.bares = list(_bares(options, made[options.reference], stack, load))
        print(f"ready after {time.monotonic() - began:.0f} s", flush=True)
        yield found


def _gateway(stack: ExitStack, base: Path) -> str:
    port = free_port()
    arguments = [sys.executable, "-m", "tests.benchmarks.gateway", str(port)]
    stack.enter_context(Program(arguments, base / "gateway.log")).wait_for(gateway.READY)
    return f"http://127.0.0.1:{port}"


def _filled(options: Options, base: Path, server: Cluster | None, gateway_url: str) -> dict[Plan, Site]:
    """Make and fill the databases, two at a time and the largest first."""
    plans = sorted([*options.plans, *([RECORDED] if server else [])], key=lambda plan: -plan.users)
    print(f"filling {', '.join(plan.name for plan in plans)}", flush=True)
    keys = Keys()
    work = [(plan, keys, base, server if plan.engine == "postgresql" else None, gateway_url) for plan in plans]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return {site.plan: site for site in pool.starmap(prepare, work, chunksize=1)}


def _serve(found: Stage, stack: ExitStack) -> None:
    programs = [stack.enter_context(site.running()) for site in found.sites]
    for program in programs:
        program.wait_for(READY)


def _bares(options: Options, site: Site, stack: ExitStack, load: Generator) -> Iterator[Bare]:
    answers = site.folder / "answers"
    for measure in MEASURES:
        if measure.name in BESIDE_BARE:
            keep_answer(site, measure, answers)
    for engine in options.engines:
        yield stack.enter_context(bare_server(engine, site, answers, load))
