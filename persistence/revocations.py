"""From which moment on the tokens of a subject are good."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - NamedTuple reads its annotations
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, oldest
from persistence.tables import token_revocations
from persistence.types import Moment

if TYPE_CHECKING:
    from persistence.links import Link

_NEW = insert(token_revocations).values({column.name: bindparam(column.name) for column in token_revocations.columns})
_ADD = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[token_revocations.c.subject],
        set_={
            # An older one that arrives late opens nothing again.
            "valid_after": case(
                (_NEW.excluded.valid_after > token_revocations.c.valid_after, _NEW.excluded.valid_after),
                else_=token_revocations.c.valid_after,
            ),
            "recorded_at": _NEW.excluded.recorded_at,
            # One that is to stay is not shortened by one that is not.
            "expires_at": case(
                (token_revocations.c.expires_at.is_(None), None),
                (_NEW.excluded.expires_at < token_revocations.c.expires_at, token_revocations.c.expires_at),
                else_=_NEW.excluded.expires_at,
            ),
        },
    )
)
_LIST_SINCE = Statement(
    select(
        token_revocations.c.subject,
        token_revocations.c.valid_after,
        token_revocations.c.recorded_at,
        token_revocations.c.expires_at,
    )
    .where(token_revocations.c.recorded_at > bindparam("moment", type_=Moment))
    .order_by(token_revocations.c.recorded_at)
)
_PRUNE = Statement(oldest(token_revocations.c.expires_at))


class Revocation(NamedTuple):
    """From which moment on the tokens of a subject are good, when that was recorded, and how long it matters."""

    subject: str
    valid_after: datetime
    recorded_at: datetime
    expires_at: datetime | None = None


class Revocations:
    """The revocations of all subjects, one each."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(
        self, subject: str, valid_after: datetime, recorded_at: datetime, expires_at: datetime | None = None
    ) -> None:
        """End the tokens of a subject that were issued up to a moment.

        `expires_at` says when the last of them has expired, where that is known: then the revocation may go, too.
        """
        self._link.later(
            _ADD,
            {"subject": subject, "valid_after": valid_after, "recorded_at": recorded_at, "expires_at": expires_at},
        )

    def list_since(self, moment: datetime) -> list[Revocation]:
        """List what was recorded after a moment."""
        return [Revocation(*row) for row in self._link.rows(_LIST_SINCE, {"moment": moment})]

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some revocations of tokens that had all expired at a moment; return how many."""
        return self._link.run(_PRUNE, {"before": before, "limit": limit})
