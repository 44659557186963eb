"""Which tokens are no longer good although they have not expired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verification.ports import Clock

    Load = Callable[[datetime], Iterable[tuple[str, datetime, datetime]]]

REFRESH_EVERY = timedelta(seconds=0.5)
"""How old the list may be before the next request reads on."""
STALE_AFTER = timedelta(seconds=1)
"""How old it may be before requests wait for it: a revocation reaches every process within this time."""
_OVERLAP = timedelta(seconds=60)
"""How far each reading goes back, for rows of transactions that were committed late and of clocks that differ."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class RevocationList:
    """Know from which moment on each subject's tokens are good.

    `load` returns (subject, valid after, changed at) of every revocation changed since a moment. A token is revoked
    when it was issued at or before `valid after`. Where an issuer tells only whole seconds, a token of the very second
    of the revocation is therefore refused, even one issued just after it: the next second's token works.
    """

    def __init__(self, load: Load, clock: Clock) -> None:
        self._load = load
        self._clock = clock
        self._valid_after: dict[str, datetime] = {}
        self._read_to = _BEGINNING
        self._read_at = _BEGINNING
        self._lock = Lock()

    def is_revoked(self, subject: str, issued_at: datetime) -> bool:
        """Tell whether a subject's token issued at this moment has been revoked."""
        self._refresh()
        valid_after = self._valid_after.get(subject)
        return valid_after is not None and issued_at <= valid_after

    def _refresh(self) -> None:
        age = self._clock.now() - self._read_at
        if age < REFRESH_EVERY:
            return
        # One thread reads; the others go on with the list as it is, as long as that is not stale.
        if not self._lock.acquire(blocking=age >= STALE_AFTER):
            return
        try:
            self._read_on()
        finally:
            self._lock.release()

    def _read_on(self) -> None:
        now = self._clock.now()
        # Another thread may have read while this one waited for the lock.
        if now - self._read_at < REFRESH_EVERY:
            return
        for subject, valid_after, changed_at in self._load(max(self._read_to - _OVERLAP, _BEGINNING)):
            self._valid_after[subject] = max(valid_after, self._valid_after.get(subject, _BEGINNING))
            self._read_to = max(self._read_to, changed_at)
        self._read_at = now
