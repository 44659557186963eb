"""Who is signed in: sessions of browsers, found by the digest of their token only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from persistence.documents import is_storable
from persistence.good_users import is_still_good
from persistence.statements import Statement, adding, oldest
from persistence.tables_openid import browser_sessions
from persistence.types import Moment

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row


@dataclass(frozen=True, slots=True)
class Session:
    """A user who is signed in, in one browser: since when, how, and until when."""

    id: str
    user_id: str
    amr: tuple[str, ...]
    acr: str
    authenticated_at: datetime
    seen_at: datetime
    expires_at: datetime
    ip: str | None = None
    browser: str | None = None
    system: str | None = None


_COLUMNS = (
    browser_sessions.c.id,
    browser_sessions.c.user_id,
    browser_sessions.c.amr,
    browser_sessions.c.acr,
    browser_sessions.c.authenticated_at,
    browser_sessions.c.seen_at,
    browser_sessions.c.expires_at,
    browser_sessions.c.ip,
    browser_sessions.c.browser,
    browser_sessions.c.system,
)
# Live is a session that has neither expired nor been idle for too long, of a user who is active and whose tokens
# have not been ended since.
_LIVE = select(*_COLUMNS).where(
    browser_sessions.c.expires_at > bindparam("now", type_=Moment),
    browser_sessions.c.seen_at > bindparam("idle_since", type_=Moment),
    is_still_good(browser_sessions.c.user_id, browser_sessions.c.authenticated_at),
)
_FIND_LIVE = Statement(_LIVE.where(browser_sessions.c.token_digest == bindparam("token_digest")))
_LIST_LIVE = Statement(
    _LIVE.where(browser_sessions.c.user_id == bindparam("user_id")).order_by(browser_sessions.c.authenticated_at)
)
_ADD = Statement(adding(browser_sessions))
_SEE = Statement(
    update(browser_sessions)
    .where(browser_sessions.c.id == bindparam("the_id"))
    .values(seen_at=bindparam("at", type_=Moment))
)
_REMOVE = Statement(
    delete(browser_sessions).where(
        browser_sessions.c.id == bindparam("id"), browser_sessions.c.user_id == bindparam("user_id")
    )
)
_REMOVE_OTHERS = Statement(
    delete(browser_sessions).where(
        browser_sessions.c.user_id == bindparam("user_id"), browser_sessions.c.id != bindparam("but")
    )
)
_PRUNE = Statement(oldest(browser_sessions.c.expires_at))


class BrowserSessions:
    """The sessions of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, session: Session, token_digest: str) -> None:
        """Add a session, found from then on by the digest of its token."""
        self._link.later(
            _ADD,
            {
                "id": session.id,
                "token_digest": token_digest,
                "user_id": session.user_id,
                "amr": " ".join(session.amr),
                "acr": session.acr,
                "authenticated_at": session.authenticated_at,
                "seen_at": session.seen_at,
                "expires_at": session.expires_at,
                "ip": session.ip,
                "browser": session.browser,
                "system": session.system,
            },
        )

    def find_live(self, token_digest: str, now: datetime, idle_since: datetime) -> Session | None:
        """Find the live session of a token; one that was last seen at `idle_since` or before is not."""
        row = self._link.row(_FIND_LIVE, {"token_digest": token_digest, "now": now, "idle_since": idle_since})
        return None if row is None else _read(row)

    def list_live(self, user_id: str, now: datetime, idle_since: datetime) -> tuple[Session, ...]:
        """List the live sessions of a user, the oldest first."""
        rows = self._link.rows(_LIST_LIVE, {"user_id": user_id, "now": now, "idle_since": idle_since})
        return tuple(_read(row) for row in rows)

    def see(self, session_id: str, at: datetime) -> None:
        """Note that a session is in use."""
        self._link.later(_SEE, {"the_id": session_id, "at": at})

    def remove(self, session_id: str, user_id: str) -> bool:
        """Remove a session of a user; tell whether there was one."""
        return is_storable(session_id) and self._link.run(_REMOVE, {"id": session_id, "user_id": user_id}) > 0

    def remove_others(self, user_id: str, but: str) -> int:
        """Remove all sessions of a user but one; return how many."""
        return self._link.run(_REMOVE_OTHERS, {"user_id": user_id, "but": but})

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some sessions that expired up to a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})


def _read(row: Row) -> Session:
    session_id, user_id, amr, *rest = row
    return Session(session_id, user_id, tuple(amr.split()), *rest)
