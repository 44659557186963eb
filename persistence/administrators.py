"""Who may open the Console, and what they may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables_administrators import administrators

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link

_LOOKUP = Statement(select(administrators.c.scopes).where(administrators.c.user_id == bindparam("user_id")))
_LOCK_HOLDERS = Statement(
    select(administrators.c.user_id)
    .where(administrators.c.scopes == bindparam("scopes"))
    .order_by(administrators.c.user_id)
    .with_for_update()
)
_NEW = insert(administrators).values({column.name: bindparam(column.name) for column in administrators.columns})
_SAVE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[administrators.c.user_id],
        set_={"scopes": _NEW.excluded.scopes, "granted_at": _NEW.excluded.granted_at},
    )
)
_REMOVE = Statement(delete(administrators).where(administrators.c.user_id == bindparam("user_id")))


class Administrators:
    """The administrators among the users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lookup(self, user_id: str) -> frozenset[str]:
        """Return the scopes of a user: none where the user is no administrator."""
        row = self._link.row(_LOOKUP, {"user_id": user_id})
        return frozenset() if row is None else frozenset(row[0].split())

    def lock_holders(self, scopes: frozenset[str]) -> frozenset[str]:
        """Return the users who have just these scopes, and who keep them until this work is over."""
        return frozenset(row[0] for row in self._link.rows(_LOCK_HOLDERS, {"scopes": " ".join(sorted(scopes))}))

    def save(self, user_id: str, scopes: frozenset[str], at: datetime) -> None:
        """Give a user these scopes in the place of those before."""
        self._link.later(_SAVE, {"user_id": user_id, "scopes": " ".join(sorted(scopes)), "granted_at": at})

    def remove(self, user_id: str) -> None:
        """Make a user an administrator no longer."""
        self._link.later(_REMOVE, {"user_id": user_id})
