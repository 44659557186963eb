"""The hashes of passwords, by user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables_factors import passwords

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """The hash of a password, and since when it is this one."""

    hash: str = field(repr=False)
    changed_at: datetime


_LOOKUP = Statement(select(passwords.c.hash, passwords.c.changed_at).where(passwords.c.user_id == bindparam("user_id")))
_NEW = insert(passwords).values({column.name: bindparam(column.name) for column in passwords.columns})
_SAVE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[passwords.c.user_id],
        set_={"hash": _NEW.excluded.hash, "changed_at": _NEW.excluded.changed_at},
    )
)
_REHASH = Statement(
    update(passwords)
    .where(passwords.c.user_id == bindparam("the_id"), passwords.c.hash == bindparam("old_hash"))
    .values(hash=bindparam("new_hash"))
)


class Passwords:
    """The passwords of all users, as hashes."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lookup(self, user_id: str) -> StoredPassword | None:
        """Find the password of a user."""
        row = self._link.row(_LOOKUP, {"user_id": user_id})
        return None if row is None else StoredPassword(*row)

    def save(self, user_id: str, hashed: str, at: datetime) -> None:
        """Give a user a password in the place of the one before."""
        self._link.later(_SAVE, {"user_id": user_id, "hash": hashed, "changed_at": at})

    def rehash(self, user_id: str, *, old: str, new: str) -> None:
        """Keep the same password under another hash, unless it has been changed meanwhile."""
        self._link.later(_REHASH, {"the_id": user_id, "old_hash": old, "new_hash": new})
