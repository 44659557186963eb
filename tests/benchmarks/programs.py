"""Programs that a measurement starts: each in a session of its own, its output in a file, ended with all it began."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import psutil
import requests

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tests.benchmarks.samples import Sample

_POLL = 0.005
_GRACE = 15.0
_PATIENCE = 90.0
"""Seconds a start may take on a busy machine."""


class ProgramFailed(Exception):
    """A program did not do what a measurement needs of it."""


@dataclass(slots=True)
class Program:
    """A running program. Leaving it as a context ends it and its children, whatever happened."""

    arguments: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self.log.open("wb") as file:
            # Not the terminal's group: on Ctrl-C we end it, in order.
            self._process = subprocess.Popen(
                list(self.arguments), env=dict(self.environ), stdout=file, stderr=file, start_new_session=True
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """Return the process, which has been started."""
        if self._process is None:
            raise ProgramFailed("it has not been started")
        return self._process

    def wait_for(self, text: str, within: float = _PATIENCE) -> float:
        """Wait until it has written a text, and return after how many seconds that was."""
        began = time.perf_counter()
        while time.perf_counter() - began < within:
            if text.encode() in self.log.read_bytes():
                return time.perf_counter() - began
            if self.process.poll() is not None:
                break
            time.sleep(_POLL)
        raise ProgramFailed(f"{' '.join(self.arguments[:3])}: no {text!r} in its output: {self.tail()}")

    def wait_until_listening(self, port: int, within: float = _PATIENCE) -> float:
        """Wait until it answers HTTP at a port, and return after how many seconds that was."""
        began = time.perf_counter()
        while time.perf_counter() - began < within and self.process.poll() is None:
            with suppress(requests.RequestException):
                requests.get(f"http://127.0.0.1:{port}/", timeout=5)
                return time.perf_counter() - began
            time.sleep(_POLL)
        raise ProgramFailed(f"{' '.join(self.arguments[:3])}: nobody listens: {self.tail()}")

    def tail(self) -> str:
        """Return the end of its output."""
        return self.log.read_text(errors="replace")[-800:].strip()

    def family(self) -> list[psutil.Process]:
        """Return its processes below the first one."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def metered(self, work: Callable[[], Sample]) -> Sample:
        """Do work and add what its processes spent on each request meanwhile."""
        before = self._cpu_seconds()
        sample = work()
        spent = self._cpu_seconds() - before
        return replace(sample, cpu=spent / sample.count * 1_000_000) if sample.count else sample

    def _cpu_seconds(self) -> float:
        times = [process.cpu_times() for process in self.family()]
        return sum(time.user + time.system for time in times)

    def stop(self) -> None:
        """Ask it to end, and end it and what it began by force where that is not enough."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        self.kill()

    def kill(self) -> None:
        """End it and what it began at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
