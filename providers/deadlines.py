"""Reading from a peer that may drip: every read gets only what the reads before it left of one budget."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from _typeshed import WriteableBuffer


class DeadlineReader(io.RawIOBase):
    """Reads a socket, each time for no longer than what is left of the budget."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Read what has come, or raise TimeoutError once the budget is spent."""
        left = self._left()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the file; the socket stays with whoever opened it."""
        self._raw.close()
        super().close()
