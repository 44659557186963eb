"""The console provider: messages become lines of a text stream, for development and demonstrations."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TextIO

from providers.faults import Reason, temporary
from verification.delivery import CALL_TIMEOUT

if TYPE_CHECKING:
    from datetime import timedelta

    from verification.ports import Message


class ConsoleProvider:
    """Write each message as one line, whole and at once."""

    name = "console"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message, *, within: timedelta = CALL_TIMEOUT) -> None:  # noqa: ARG002 - a write does not wait
        """Write the message; a stream that is closed may be back when the process is."""
        # One write and one flush: lines of several threads and processes never mix.
        line = f"{_addressed(message)}: {_printable(message.body)}\n"
        encoding = self._stream.encoding or "utf-8"
        try:
            with self._lock:
                self._stream.write(line.encode(encoding, "backslashreplace").decode(encoding))
                self._stream.flush()
        except (OSError, ValueError):
            raise temporary(Reason.GATEWAY_UNAVAILABLE).error() from None


def _addressed(message: Message) -> str:
    if message.subject is None:
        return f"SMS to {message.to}"
    return f"Mail to {_printable(message.to)}: {_printable(message.subject)}"


def _printable(text: str) -> str:
    """Keep a message on its line, and a terminal from being told what to do."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
