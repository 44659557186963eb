"""Rows that have grown old: counted, and removed some at a time, so that no lock is held for long."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, or_, select

from persistence.browser_sessions import BrowserSessions
from persistence.grants import Grants
from persistence.limits import Limits
from persistence.resets import Resets
from persistence.sign_ins import SignIns
from persistence.statements import Statement, oldest
from persistence.tables import audit_events, limit_entries, verifications
from persistence.tables_factors import sign_in_places
from persistence.tables_notices import contact_changes, notices
from persistence.tables_openid import browser_sessions, oauth_grants, refresh_tokens
from persistence.tables_resets import mfa_resets
from persistence.tables_sending import send_blocks
from persistence.types import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement

    from persistence.links import Link


class Heap(StrEnum):
    """What grows for as long as the service runs."""

    AUDIT = "audit events"
    VERIFICATIONS = "ended verifications"  # with their deliveries
    LIMITS = "limit entries"
    SESSIONS = "expired sessions"
    PLACES = "places of sign-ins"
    GRANTS = "expired grants"  # and refresh tokens
    NOTICES = "notices"  # with their deliveries
    CHANGES = "changes of contacts"
    RESETS = "resets"
    BLOCKS = "ended blocks"


_AGED_BY: Mapping[Heap, tuple[Column[datetime], ...]] = {
    Heap.AUDIT: (audit_events.c.at,),
    Heap.VERIFICATIONS: (verifications.c.ended_at,),
    Heap.LIMITS: (limit_entries.c.at,),
    Heap.SESSIONS: (browser_sessions.c.expires_at,),
    Heap.PLACES: (sign_in_places.c.seen_at,),
    Heap.GRANTS: (oauth_grants.c.expires_at, refresh_tokens.c.expires_at),
    Heap.CHANGES: (contact_changes.c.created_at,),
    Heap.NOTICES: (notices.c.created_at,),
    Heap.RESETS: (mfa_resets.c.started_at,),
    Heap.BLOCKS: (send_blocks.c.ends_at,),
}
_BEFORE = bindparam("before", type_=Moment)
# A change that was taken back keeps others away for a while from that moment on.
_BESIDES: Mapping[Heap, tuple[ColumnElement[bool], ...]] = {
    Heap.CHANGES: (or_(contact_changes.c.ended_at.is_(None), contact_changes.c.ended_at <= _BEFORE),)
}


def _counting(aged_by: Column[datetime], *besides: ColumnElement[bool]) -> Statement:
    return Statement(select(func.count()).select_from(aged_by.table).where(aged_by <= _BEFORE, *besides))


_PLAIN = (Heap.AUDIT, Heap.VERIFICATIONS, Heap.CHANGES, Heap.NOTICES, Heap.BLOCKS)
COUNT = {
    heap: tuple(_counting(column, *_BESIDES.get(heap, ())) for column in aged_by) for heap, aged_by in _AGED_BY.items()
}
REMOVE = {heap: Statement(oldest(_AGED_BY[heap][0], *_BESIDES.get(heap, ()))) for heap in _PLAIN}


class Pruning:
    """The heaps of a database."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._own: Mapping[Heap, Callable[[datetime, int], int]] = {
            Heap.LIMITS: Limits(link).prune,
            Heap.SESSIONS: BrowserSessions(link).prune,
            Heap.PLACES: SignIns(link).prune,
            Heap.GRANTS: Grants(link).prune,
            Heap.RESETS: Resets(link).prune,
        }

    def count(self, heap: Heap, before: datetime) -> int:
        """Count what has been in a heap since a moment or longer."""
        return sum(int(self._link.rows(statement, {"before": before})[0][0]) for statement in COUNT[heap])

    def remove(self, heap: Heap, before: datetime, limit: int) -> int:
        """Remove some of it, the oldest first; return how much."""
        if heap in self._own:
            return self._own[heap](before, limit)
        return self._link.run(REMOVE[heap], {"before": before, "limit": limit})
