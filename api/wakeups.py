"""A knock on the delivery worker's door: a datagram that says "there is something to send", and may get lost.

The outbox is polled anyway; the knock only spares a new code the wait for the next poll.
"""

from __future__ import annotations

import contextlib
import select
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "wake.sock"
_LONGEST_ADDRESS = 100
"""Bytes of a Unix socket's path; the kernel's limit is 108."""


class Knocker:
    """The side that knocks; never blocks, never fails."""

    def __init__(self, directory: Path) -> None:
        self._address = str(directory / _NAME)

    def knock(self) -> None:
        """Wake the worker if there is one; a full or missing socket means it is awake, or will poll."""
        # A socket for each knock costs some microseconds, and leaves nothing to close.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.settimeout(0)
            door.sendto(b"\0", self._address)


class Doorbell:
    """The worker's side: waits for a knock or for the time of the next poll."""

    def __init__(self, directory: Path) -> None:
        path = directory / _NAME
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._inside, self._rope = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for end in (self._socket, self._inside, self._rope):
            end.settimeout(0)
        if len(str(path).encode()) <= _LONGEST_ADDRESS:
            # The last worker to start has the bell; the others find their work by polling.
            path.unlink(missing_ok=True)
            self._socket.bind(str(path))
            path.chmod(0o600)

    def wait(self, seconds: float) -> None:
        """Sleep until somebody knocks, at most so many seconds."""
        ready, _, _ = select.select([self._socket, self._inside], [], [], seconds)
        for end in ready:
            with contextlib.suppress(BlockingIOError):
                while True:
                    end.recv(1)

    def ring(self) -> None:
        """Ring it from inside, to end a wait of this process; a signal handler may."""
        with contextlib.suppress(OSError):
            self._rope.send(b"\0")

    def close(self) -> None:
        """Stop listening; the next worker to start makes its own socket."""
        for end in (self._socket, self._inside, self._rope):
            end.close()
