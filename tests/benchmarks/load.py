"""Load: calls sent over eight kept-alive connections by wrk, or by our own client where wrk is not installed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tests.benchmarks import client
from tests.benchmarks.calls import write_calls
from tests.benchmarks.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.calls import Call

CONNECTIONS = 8
HINT = "wrk is not installed (apt-get install wrk): our own client sends the load, and takes more of the machine"
_SCRIPT = Path(__file__).with_name("replay.lua")
_LONGEST = 60
_INTERRUPTS = 100
_PAUSE = 0.3
_MORE_TIME = 1.0


class Mode(StrEnum):
    """How calls are sent."""

    CYCLE = "cycle"  # over and over, for some seconds
    ONCE = "once"  # each once, however long it takes
    WALK = "walk"  # from the one call on along the cursors of the answers, for some seconds


class Generator(Protocol):
    """What sends load."""

    @property
    def name(self) -> str:
        """Return what it is called."""

    def send(
        self, url: str, calls: Sequence[Call], mode: Mode, seconds: float, *, connections: int = CONNECTIONS
    ) -> Sample:
        """Send calls and say how it went."""


@dataclass(frozen=True, slots=True)
class Wrk:
    """Load by wrk."""

    path: str
    name: str = "wrk"

    def send(
        self, url: str, calls: Sequence[Call], mode: Mode, seconds: float, *, connections: int = CONNECTIONS
    ) -> Sample:
        """Run wrk on calls; once more where it was interrupted before it had begun."""
        found = self._run(url, calls, mode, seconds, connections)
        if found is None:
            found = self._run(url, calls, mode, seconds + _MORE_TIME, connections)
        if found is None:
            raise RuntimeError("wrk gave no figures")
        return found

    def _run(self, url: str, calls: Sequence[Call], mode: Mode, seconds: float, connections: int) -> Sample | None:
        with tempfile.NamedTemporaryFile(prefix="lineproof-calls-") as file:
            write_calls(calls, Path(file.name))
            arguments = [
                "-t1",
                f"-c{connections}",
                f"-d{_LONGEST}s",
                "--timeout",
                f"{_LONGEST}s",
                "-s",
                str(_SCRIPT),
                url,
                "--",
                mode,
                file.name,
            ]
            process = subprocess.Popen([self.path, *arguments], stdout=subprocess.PIPE, text=True)
            try:
                output = _output(process, None if mode is Mode.ONCE else seconds)
            finally:
                process.kill()
                process.wait()
        return _sample(output)


@dataclass(frozen=True, slots=True)
class OwnClient:
    """Load by processes of our own."""

    name: str = "own client"

    def send(
        self, url: str, calls: Sequence[Call], mode: Mode, seconds: float, *, connections: int = CONNECTIONS
    ) -> Sample:
        """Send calls."""
        return client.send(url, calls, mode, seconds, connections)


def choose_generator() -> Generator:
    """Return wrk, or our own client where it is not there."""
    path = shutil.which("wrk")
    return OwnClient() if path is None else Wrk(path)


def _output(process: subprocess.Popen[str], seconds: float | None) -> str:
    """Wait for the end of wrk, or end it after some seconds: it then prints what it has measured so far."""
    try:
        return process.communicate(timeout=seconds or _LONGEST + 5)[0]
    except subprocess.TimeoutExpired:
        return _interrupted(process)


def _interrupted(process: subprocess.Popen[str]) -> str:
    """Interrupt wrk until it ends: the first time may come before it has begun to sleep, and be slept over."""
    for _ in range(_INTERRUPTS):
        process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=_PAUSE)[0]
        except subprocess.TimeoutExpired:
            continue
    raise RuntimeError("wrk does not end")


def _sample(output: str) -> Sample | None:
    line = next((line for line in output.splitlines() if line.startswith("{")), None)
    if line is None:
        return None
    found = json.loads(line)
    return Sample(found["count"] / found["seconds"], found["count"], found["errors"], found["p50"], found["p99"])
