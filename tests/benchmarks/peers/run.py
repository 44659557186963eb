"""The service beside other SCIM servers in Python: `python -m tests.benchmarks.peers.run`.

They are installed into an environment of their own, and run by gunicorn as their documents say: those in memory in one
process, django-scim2 on SQLite in two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.benchmarks import phones
from tests.benchmarks.clusters import cluster
from tests.benchmarks.contests import Contestant, Result, hold
from tests.benchmarks.goals import OURS, peer_goals
from tests.benchmarks.load import Mode, choose_generator
from tests.benchmarks.measures import BY_USER_NAME, GET, LIST, MEASURES, POST
from tests.benchmarks.programs import Program
from tests.benchmarks.report import PUBLISHED, goal_to_json, print_goals, print_result, rounded
from tests.benchmarks.sites import READY, Keys, Plan, Site, prepare
from tests.factories.servers import free_port
from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.calls import Call
    from tests.benchmarks.clusters import Cluster
    from tests.benchmarks.load import Generator
    from tests.benchmarks.samples import Sample

PACKAGES = ("scim2-flask==0.1.1", "scim2-server==0.8.3", "django-scim2==0.23.0", "gunicorn==27.0.1")
MATRIX = {1000: (GET, BY_USER_NAME, POST, phones.PATCH), 10_000: (GET, LIST), 100_000: (BY_USER_NAME,)}
ROUNDS = 5
_SECONDS = {LIST: 3.0}
_USUAL_SECONDS = 1.0
_PHONES = 140
_RESULTS = Path(__file__).parents[1] / "results"
_START_WITHIN = 300.0


@dataclass(frozen=True, slots=True)
class Peer:
    """Another server."""

    name: str
    application: str
    workers: int
    fill: str = ""
    """The module that fills its database, where it has one."""


PEERS = (
    Peer("scim2-flask", "tests.benchmarks.peers.in_memory:flask()", 1),
    Peer("scim2-server", "tests.benchmarks.peers.in_memory:server()", 1),
    Peer(
        "django-scim2",
        "tests.benchmarks.peers.django_peer.serving:application()",
        2,
        "tests.benchmarks.peers.django_peer.serving",
    ),
)


def main() -> int:
    """Measure all sizes and print the table."""
    load = choose_generator()
    results: dict[str, Result] = {}
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lineproof-bench-")))
        python = _environment()
        server = stack.enter_context(cluster())
        for users, measures in MATRIX.items():
            with _running(users, base, python, server) as found:
                for measure in measures:
                    result = _contest(measure, users, found, load)
                    results[result.measure] = result
                    print_result(result)
    goals = list(peer_goals(results))
    print_goals(goals)
    _RESULTS.mkdir(exist_ok=True)
    document = {
        "measures": {name: result.to_json() for name, result in results.items()},
        "goals": [goal_to_json(goal) for goal in goals],
    }
    (_RESULTS / "peers.json").write_text(json.dumps(document, indent=1) + "\n")
    if "--publish" in sys.argv:
        _publish(document)
    return 0


def _environment() -> str:
    """Make the peers' environment where it is not there yet, and return its Python."""
    folder = _RESULTS / "peers-venv"
    python = folder / "bin" / "python"
    if not (folder / ".complete").exists():
        print("installing the peers", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *PACKAGES], check=True)
        (folder / ".complete").touch()
    return str(python)


@contextmanager
def _running(users: int, base: Path, python: str, server: Cluster) -> Iterator[dict[str, str | Site]]:
    """Run everybody with so many users; return where they are."""
    with ExitStack() as stack:
        site = prepare(Plan("postgresql", users), Keys(), base, server, "http://127.0.0.1:9")
        stack.enter_context(site.running()).wait_for(READY)
        found: dict[str, str | Site] = {OURS: site}
        for peer in PEERS:
            folder = base / f"{peer.name}-{users}"
            folder.mkdir()
            environ = {**os.environ, "PYTHONPATH": str(ROOT), "PEER_USERS": str(users), "PEER_FOLDER": str(folder)}
            if peer.fill:
                subprocess.run([python, "-m", peer.fill, str(users)], env=environ, check=True, cwd=ROOT)
            port = free_port()
            serving = [
                "--workers",
                str(peer.workers),
                "--threads",
                "4",
                "--worker-class",
                "gthread",
                "--timeout",
                "600",
            ]
            arguments = [python, "-m", "gunicorn", *serving, "--bind", f"127.0.0.1:{port}", peer.application]
            program = stack.enter_context(Program(arguments, folder / "log", environ))
            program.wait_until_listening(port, _START_WITHIN)
            found[peer.name] = f"http://127.0.0.1:{port}"
        yield found


def _contest(measure: str, users: int, found: dict[str, str | Site], load: Generator) -> Result:
    site = found[OURS]
    if not isinstance(site, Site):
        raise TypeError("our own service is a site")
    contestants = []
    for name, place in found.items():
        url = site.url if place is site else str(place)
        if _accepts(measure, site, url):
            slot = partial(_slot, measure, site, url, load, count(1))
            contestants.append(Contestant(name, slot))
        else:
            print(f"{name} does not do {measure}")
    return hold(f"{measure}, {users} users", contestants, ROUNDS)


def _slot(measure: str, site: Site, url: str, load: Generator, waves: Iterator[int]) -> Sample:
    calls, mode = _calls(measure, site, waves)
    return load.send(url, calls, mode, _SECONDS.get(measure, _USUAL_SECONDS))


def _calls(measure: str, site: Site, waves: Iterator[int]) -> tuple[list[Call], Mode]:
    if measure == phones.PATCH:
        # Other users in each slot: nothing is pending for them.
        first = next(waves) * _PHONES % (site.plan.users - _PHONES)
        return [phones.new_mobile(site, number, 1) for number in range(first, first + _PHONES)], Mode.ONCE
    found = next(each for each in MEASURES if each.name == measure)
    return found.calls(site), found.mode


def _accepts(measure: str, site: Site, url: str) -> bool:
    if measure == POST:
        return True
    call = _calls(measure, site, count(0))[0][0]
    headers = {"Content-Type": call.content_type, "Authorization": f"Bearer {call.token}"}
    answer = requests.request(call.method, url + call.path, data=call.body or None, headers=headers, timeout=60)
    return answer.ok


def _publish(document: dict[str, Any]) -> None:
    for contestants in document["measures"].values():
        for summary in contestants.values():
            del summary["slots"]
    published = json.loads(PUBLISHED.read_text()) if PUBLISHED.exists() else {}
    PUBLISHED.write_text(json.dumps({**published, "peers": rounded(document)}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
