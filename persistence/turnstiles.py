"""Writers of one SQLite file one after the other, across threads and processes."""

from __future__ import annotations

import fcntl
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Turnstile:
    """A lock made of two file locks, under which no writer waits for long while others pass.

    SQLite lets waiting writers poll, so that under load one waits for seconds while others pass it many times. A
    file lock queues them instead. But whoever has just left could take it again before the next in the queue has
    woken up; hence two: one waits for the turn while holding the gate, so a newcomer waits behind it. A killed
    process drops both.
    """

    def __init__(self, path: Path) -> None:
        self._paths = (f"{path}-gate", f"{path}-turn")
        self._held = threading.local()

    def enter(self) -> None:
        """Wait for the turn of this thread."""
        gate, turn = self._files()
        fcntl.flock(gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)

    def leave(self) -> None:
        """End the turn of this thread."""
        _, turn = self._files()
        fcntl.flock(turn, fcntl.LOCK_UN)

    def _files(self) -> tuple[int, int]:
        # The locks belong to the open file: each thread of each process opens its own.
        found: _Files | None = getattr(self._held, "files", None)
        if found is None or found.pid != os.getpid():
            found = self._held.files = _Files(self._paths)
        return found.gate, found.turn


class _Files:
    """The open lock files of a thread; closed when the thread is gone."""

    def __init__(self, paths: tuple[str, str]) -> None:
        self.pid = os.getpid()
        self.gate, self.turn = (os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600) for path in paths)

    def __del__(self) -> None:
        os.close(self.gate)
        os.close(self.turn)
