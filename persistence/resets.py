"""Resets of authentication methods: one at a time for each user, and what became of those that are over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select, update

from persistence.statements import Statement, adding, oldest
from persistence.tables_resets import RESET_IS_RUNNING, mfa_resets
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row

RUNNING = "running"
ENDED = "ended"
ONE_PER_USER = "uq_mfa_resets_running"
"""The constraint that a second reset of one user at the same time breaks."""
ONE_PER_KEY = "uq_mfa_resets_idempotency"
"""The constraint that a second request with one Idempotency-Key breaks."""


@dataclass(frozen=True, slots=True)
class StoredReset:
    """A reset: who resets whose methods in which directory, and what was answered once it was over.

    Attributes:
        lease_until: When another may take its place, should its process have died.
        report: What was answered, None while it is under way, and for ever where its process died.
    """

    id: str
    directory: str
    user_key: str
    actor: str
    idempotency_digest: str | None
    request_digest: str
    started_at: datetime
    lease_until: datetime
    ended_at: datetime | None = None
    report: dict[str, Any] | None = None


_COLUMNS = (
    mfa_resets.c.id,
    mfa_resets.c.directory,
    mfa_resets.c.user_key,
    mfa_resets.c.actor,
    mfa_resets.c.idempotency_digest,
    mfa_resets.c.request_digest,
    mfa_resets.c.started_at,
    mfa_resets.c.lease_until,
    mfa_resets.c.ended_at,
    mfa_resets.c.report,
)
_ADD = Statement(adding(mfa_resets))
_FIND_BY_KEY = Statement(
    select(*_COLUMNS).where(
        mfa_resets.c.actor == bindparam("actor"), mfa_resets.c.idempotency_digest == bindparam("digest")
    )
)
# Its key is free again: who repeats the request begins anew.
_END_LAPSED = Statement(
    update(mfa_resets)
    .where(
        RESET_IS_RUNNING,
        mfa_resets.c.directory == bindparam("in_directory"),
        mfa_resets.c.user_key == bindparam("of_user"),
        mfa_resets.c.lease_until <= bindparam("now", type_=Moment),
    )
    .values(
        status=ENDED,
        idempotency_digest=bindparam("no_digest", value=None, type_=Key),
        ended_at=bindparam("now", type_=Moment),
    )
)
_END = Statement(
    update(mfa_resets)
    .where(mfa_resets.c.id == bindparam("the_id"), RESET_IS_RUNNING)
    .values(status=ENDED, ended_at=bindparam("now", type_=Moment), report=bindparam("new_report"))
)
_PRUNE = Statement(oldest(mfa_resets.c.started_at))


class Resets:
    """The resets of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, reset: StoredReset) -> None:
        """Begin a reset.

        The transaction raises UniqueViolation of ONE_PER_USER where another one of the user is under way, and of
        ONE_PER_KEY where the key was used before.
        """
        self._link.run(
            _ADD,
            {
                "id": reset.id,
                "directory": reset.directory,
                "user_key": reset.user_key,
                "actor": reset.actor,
                "idempotency_digest": reset.idempotency_digest,
                "request_digest": reset.request_digest,
                "status": RUNNING,
                "started_at": reset.started_at,
                "lease_until": reset.lease_until,
                "ended_at": None,
                "report": None,
            },
        )

    def find_by_key(self, actor: str, idempotency_digest: str) -> StoredReset | None:
        """Find the reset an actor asked for with a key."""
        row = self._link.row(_FIND_BY_KEY, {"actor": actor, "digest": idempotency_digest})
        if row is None:
            return None
        return _read(row)

    def end_lapsed(self, directory: str, user_key: str, now: datetime) -> bool:
        """End the user's reset whose process has died, if there is one; tell whether there was."""
        return self._link.run(_END_LAPSED, {"in_directory": directory, "of_user": user_key, "now": now}) > 0

    def end(self, reset_id: str, report: dict[str, Any], now: datetime) -> None:
        """Keep what became of a reset; one that was taken for dead meanwhile stays as it is."""
        self._link.run(_END, {"the_id": reset_id, "new_report": orjson.dumps(report).decode(), "now": now})

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some resets begun up to a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})


def _read(row: Row) -> StoredReset:
    reset_id, directory, user_key, actor, idempotency_digest, request_digest, started, lease, ended, report = row
    return StoredReset(
        reset_id,
        directory,
        user_key,
        actor,
        idempotency_digest,
        request_digest,
        started_at=started,
        lease_until=lease,
        ended_at=ended,
        report=orjson.loads(report) if report else None,
    )
