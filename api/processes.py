"""Child processes that do not outlive their parent, and one that is started again when it dies."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading

import structlog

_PR_SET_PDEATHSIG = 1
_GRACE = 14.0
"""Seconds a child may take to finish: a worker is done after eleven, unless its database does not answer."""
_PAUSE = 1.0
"""Seconds before a child that died is started again."""

_log = structlog.get_logger()


def die_with_parent(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel end this process when its parent dies, however it dies (Linux; elsewhere nothing is done).

    A server killed with -9 must not leave workers behind that go on answering with old settings. `number` is the signal
    it is ended by; one that does not listen to signals any more, or is not worth waiting for, wants SIGKILL.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            # The parent died before the line above.
            os.kill(os.getpid(), number)


class Supervisor:
    """Keep one child process running until told to stop."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        # The kernel ends a child with the *thread* that made it, so one thread makes them all and stays.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the child, and start it again whenever it ends by itself."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the child to finish, wait for it, and end it by force where it does not."""
        self._stopping.set()
        if not self._thread.is_alive():
            return
        if self._child is not None:
            self._child.terminate()
        self._thread.join(_GRACE)
        if self._thread.is_alive() and self._child is not None:
            self._child.kill()
            self._thread.join()

    def kill(self) -> None:
        """End the child at once, when this process is about to end as well; a signal handler may call this."""
        if self._child is not None:
            self._child.kill()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._child = subprocess.Popen(self._command)  # noqa: S603 - our own command line
            if self._stopping.is_set():
                self._child.terminate()
            exit_code = self._child.wait()
            if not self._stopping.is_set():
                _log.warning("child process ended, starting it again", exit_code=exit_code)
                self._stopping.wait(_PAUSE)
