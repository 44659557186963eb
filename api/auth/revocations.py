"""Which tokens are no longer good although they have not expired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from verification.ports import Clock

    Load = Callable[[datetime], Iterable[tuple[str, datetime, datetime, datetime | None]]]

REFRESH_EVERY = timedelta(seconds=0.5)
"""How old the list may be before the next request reads on."""
STALE_AFTER = timedelta(seconds=1)
"""How old it may be before requests wait for it: a revocation reaches every process within this time."""
_OVERLAP = timedelta(seconds=60)
"""How far each reading goes back, for rows of transactions that were committed late and of clocks that differ."""
FORGET_EVERY = timedelta(seconds=60)
"""How often revocations are forgotten whose tokens have all expired."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def spared(token_id: str | None) -> str:
    """Return the subject under which it is recorded which revocation spares a token: the one of the same moment."""
    return f"spared {token_id}"


class RevocationList:
    """Know from which moment on each subject's tokens are good; a subject is a user, a client, a grant, or one token.

    `load` returns (subject, valid after, changed at, expires at) of every revocation changed since a moment. A token is
    revoked when it was issued at or before `valid after`. Where an issuer tells only whole seconds, a token of the very
    second of the revocation is therefore refused, even one issued just after it: the next second's token works. After
    `expires at`, where there is one, none of the revoked tokens is left.
    """

    def __init__(self, load: Load, clock: Clock) -> None:
        self._load = load
        self._clock = clock
        self._valid_after: dict[str, datetime] = {}
        self._expires_at: dict[str, datetime] = {}
        self._forgot_at = _BEGINNING
        self._read_to = _BEGINNING
        self._read_at = _BEGINNING
        self._lock = Lock()

    def is_revoked(self, issued_at: datetime, *subjects: str | None, token_id: str | None = None) -> bool:
        """Tell whether a token that was issued at this moment to these subjects has been revoked.

        A token may be spared by one revocation: that of the request that it was sent with.
        """
        self._refresh()
        for subject in subjects:
            # Nobody asks for None: a subject that there is not is as good as one that was not revoked.
            valid_after = self._valid_after.get(subject)  # type: ignore[arg-type]  # see above
            is_late = valid_after is None or issued_at > valid_after
            if not is_late and self._valid_after.get(spared(token_id)) != valid_after:
                return True
        return False

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
        for subject, valid_after, changed_at, expires_at in self._load(max(self._read_to - _OVERLAP, _BEGINNING)):
            self._valid_after[subject] = max(valid_after, self._valid_after.get(subject, _BEGINNING))
            self._read_to = max(self._read_to, changed_at)
            if expires_at is None:
                self._expires_at.pop(subject, None)
            else:
                self._expires_at[subject] = expires_at
        if now - self._forgot_at >= FORGET_EVERY:
            self._forget(now)
        self._read_at = now

    def _forget(self, now: datetime) -> None:
        for subject in [subject for subject, expires_at in self._expires_at.items() if expires_at <= now]:
            del self._expires_at[subject], self._valid_after[subject]
        self._forgot_at = now
