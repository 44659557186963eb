"""From which moment on the tokens of a subject are good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables import token_revocations
from persistence.types import Moment

if TYPE_CHECKING:
    from datetime import datetime

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
        },
    )
)
_LIST_SINCE = Statement(
    select(token_revocations.c.subject, token_revocations.c.valid_after, token_revocations.c.recorded_at)
    .where(token_revocations.c.recorded_at > bindparam("moment", type_=Moment))
    .order_by(token_revocations.c.recorded_at)
)


class Revocations:
    """The revocations of all subjects, one each."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, subject: str, valid_after: datetime, recorded_at: datetime) -> None:
        """End the tokens of a subject that were issued up to a moment."""
        self._link.later(_ADD, {"subject": subject, "valid_after": valid_after, "recorded_at": recorded_at})

    def list_since(self, moment: datetime) -> list[tuple[str, datetime, datetime]]:
        """List subject, moment and time of recording of what was recorded after a moment."""
        rows = self._link.rows(_LIST_SINCE, {"moment": moment})
        return [(subject, valid_after, recorded_at) for subject, valid_after, recorded_at in rows]
