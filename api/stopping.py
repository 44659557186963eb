"""Signals that ask a process to stop: the first one in order, the second one at once."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType

BY_OPERATOR = (signal.SIGTERM, signal.SIGINT)
BY_PARENT = (signal.SIGTERM,)
"""What a child process heeds: Ctrl-C goes to every process of a terminal, but to stop its children is the parent's."""
_BY_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a process."""


def on_stop(
    finish: Callable[[], None], *, abandon: Callable[[], None] | None = None, signals: Iterable[int] = BY_OPERATOR
) -> None:
    """Call `finish` at the first of these signals; at the second call `abandon` and end the process at once."""
    is_told = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal is_told
        del frame
        if is_told:
            if abandon is not None:
                abandon()
            # Nothing is waited for: what hangs may be a thread, a buffer, or a handler of the exit.
            os._exit(_BY_SIGNAL + number)
        is_told = True
        finish()

    for number in BY_OPERATOR:
        signal.signal(number, handle if number in signals else signal.SIG_IGN)


def leave() -> NoReturn:
    """End the process in order where nothing has been begun yet."""
    sys.exit(0)
