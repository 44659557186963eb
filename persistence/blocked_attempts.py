"""Codes that the guard refused to send: whose they would have been, and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, select, tuple_

from persistence.documents import is_storable
from persistence.statements import Statement, adding, oldest
from persistence.tables_sending import blocked_attempts
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Parameters


@dataclass(frozen=True, slots=True)
class BlockedAttempt:
    """One code that was not sent.

    Attributes:
        target: Masked.
        user_id: Whose code it would have been.
        actor: The subject of the token it was asked for with.
    """

    id: str
    at: datetime
    user_id: str
    purpose: str
    target: str
    country: str | None
    number_type: str | None
    reason: str
    actor: str
    ip: str | None
    request_id: str


@dataclass(frozen=True, slots=True)
class AttemptQuery:
    """Which attempts are asked for; None is any."""

    country: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_COLUMNS = tuple(blocked_attempts.columns)
_ADD = Statement(adding(blocked_attempts))
_PRUNE = Statement(oldest(blocked_attempts.c.at, keeps_last=True))


class BlockedAttempts:
    """What the guard has refused."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, attempt: BlockedAttempt) -> None:
        """Add an attempt at the commit."""
        self._link.later(_ADD, {column.name: getattr(attempt, column.name) for column in _COLUMNS})

    def list(
        self, query: AttemptQuery, *, before: tuple[datetime, str] | None = None, limit: int
    ) -> list[BlockedAttempt]:
        """List attempts, newest first; to go on, give moment and id of the last one listed."""
        if query.country is not None and not is_storable(query.country):
            return []
        given = {name: getattr(query, name) for name in _CONDITIONS if getattr(query, name) is not None}
        parameters: Parameters = {**given, "limit": limit}
        names = tuple(given)
        if before is not None:
            names = (*names, "before")
            parameters |= {"before_at": before[0], "before_id": before[1]}
        return [BlockedAttempt(*row) for row in self._link.rows(_listing(names), parameters)]

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some attempts from before a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})


_TABLE = blocked_attempts.c
_CONDITIONS = {
    "country": _TABLE.country == bindparam("country", type_=Key),
    "reason": _TABLE.reason == bindparam("reason", type_=Key),
    "since": _TABLE.at >= bindparam("since", type_=Moment),
    "until": _TABLE.at < bindparam("until", type_=Moment),
}
_GO_ON = tuple_(_TABLE.at, _TABLE.id) < tuple_(bindparam("before_at", type_=Moment), bindparam("before_id", type_=Key))


@cache
def _listing(names: tuple[str, ...]) -> Statement:
    """Build the search by some conditions."""
    conditions = [_GO_ON if name == "before" else _CONDITIONS[name] for name in names]
    return Statement(
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(_TABLE.at.desc(), _TABLE.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )
