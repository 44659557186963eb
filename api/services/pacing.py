"""Answers that take as long whatever was done for them, so that a stopwatch tells nobody who there is."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verification.errors import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEP = 0.05
"""Seconds that spans are rounded up to: several times what a database takes to begin a flow and queue a code, and no
more than a sign-in takes to hash a password, so that it is no better way to keep a service busy."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Rounds up how long something takes."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Round up what is done inside, with whatever it ends; but a limit, which tells nothing, ends it at once."""
        began = self.monotonic()
        is_over = False
        try:
            yield
        except LimitReached:
            is_over = True
            raise
        finally:
            if not is_over:
                self.sleep(STEP - (self.monotonic() - began) % STEP)
