"""How long work is done again that a conflict or an outage has undone."""

from __future__ import annotations

import secrets
import time
from math import inf
from typing import TYPE_CHECKING, TypeVar

from persistence.errors import ConnectionLost, DatabaseUnavailable, WriteConflict

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 1.0


class Patience:
    """The patience of one process with its database, in seconds.

    A conflict is tried again for so long from the first try on, an outage from its beginning on: who comes late
    waits for less. After that nobody waits, so that a long outage does not hold all threads; a broken connection
    is still tried once more, as the next one may be whole.
    """

    def __init__(
        self, seconds: float, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._seconds = seconds
        self._now = now
        self._sleep = sleep
        self._lost_at = inf

    def insist(self, attempt: Callable[[], T]) -> T:
        """Try until it succeeds, or until patience is at its end.

        Raises:
            DatabaseUnavailable: It is at its end; or the attempt has said so itself.
        """
        began = self._now()
        pause = _FIRST_PAUSE
        while True:
            try:
                result = attempt()
            except (WriteConflict, ConnectionLost) as exc:
                if self._is_at_its_end(began, pause, exc) and pause > _FIRST_PAUSE:
                    if isinstance(exc, ConnectionLost):
                        raise
                    raise DatabaseUnavailable from exc
            else:
                self._lost_at = inf
                return result
            # From half to all of the pause, so that those who clashed do not clash again.
            self._sleep(pause * (0.5 + secrets.randbelow(1000) / 2000))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_at_its_end(self, began: float, pause: float, error: Exception) -> bool:
        now = self._now()
        if isinstance(error, ConnectionLost):
            began = self._lost_at = min(now, self._lost_at)
        return now + pause >= began + self._seconds
