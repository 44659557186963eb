"""Users who are signed in: sessions of browsers, begun by a sign-in and ended by a sign-out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from api.identifiers import new_id
from api.secrets_at_rest import digest_of, new_secret
from api.services import trail
from api.services.agents import Agent
from api.services.trail import Deed
from persistence.browser_sessions import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used: a request writes no more often than that."""
_NO_SESSION = ""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SessionService:
    """Use cases of browser sessions. They last for `lifetime`, and as long as they are not idle for `idle` (0: ever).

    A user's sessions end as well with a row in `unit.revocations`: one begun up to that moment is dead. Whoever ends
    everything and signs the user in again begins the new session at a later moment.
    """

    core: Core
    lifetime: timedelta
    idle: timedelta

    def begin(self, user_id: str, *, amr: Sequence[str], acr: str, caller: Caller, at: datetime) -> str:
        """Sign a user in who was authenticated at a moment; return the token, which is told only here.

        Always a new one: a token that somebody put into the browser beforehand opens nothing (session fixation).
        """
        token, agent = new_secret(), Agent.of(caller.agent)
        session = Session(
            id=new_id(),
            user_id=user_id,
            amr=tuple(amr),
            acr=acr,
            authenticated_at=at,
            seen_at=at,
            expires_at=at + self.lifetime,
            ip=caller.ip,
            browser=agent.browser,
            system=agent.system,
        )

        def write(unit: UnitOfWork) -> None:
            unit.sessions.add(session, digest_of(token))
            trail.record(
                unit, Deed.SESSION_BEGUN, caller, user_id, at, session_id=session.id, acr=acr, amr=" ".join(amr)
            )

        self.core.database.transact(write)
        return token

    def lookup(self, token: str) -> Session | None:
        """Return the session of a token; None where it has ended, or its user may not sign in any more."""
        now = self.core.clock.now()
        session = self.core.database.read(
            lambda unit: unit.sessions.find_live(digest_of(token), now, self._idle_since(now))
        )
        if session is not None and now - session.seen_at >= SEEN_EVERY:
            self.core.database.transact(lambda unit: unit.sessions.see(session.id, now))
        return session

    def list(self, user_id: str) -> tuple[Session, ...]:
        """List the sessions of a user, the oldest first."""
        now = self.core.clock.now()
        return self.core.database.read(lambda unit: unit.sessions.list_live(user_id, now, self._idle_since(now)))

    def end(self, session_id: str, *, user_id: str, caller: Caller) -> bool:
        """Sign a user out of one browser; tell whether the user had that session."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> bool:
            was_there = unit.sessions.remove(session_id, user_id)
            if was_there:
                trail.record(unit, Deed.SESSION_ENDED, caller, user_id, at, session_id=session_id)
            return was_there

        return self.core.database.transact(write)

    def end_all(self, user_id: str, *, caller: Caller, but: str | None = None) -> int:
        """Sign a user out of every browser, or of every other one than that of a session; return how many."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> int:
            count = unit.sessions.remove_others(user_id, but or _NO_SESSION)
            if count:
                trail.record(unit, Deed.SESSION_ENDED, caller, user_id, at, count=count)
            return count

        return self.core.database.transact(write)

    def _idle_since(self, now: datetime) -> datetime:
        return now - self.idle if self.idle else _BEGINNING
