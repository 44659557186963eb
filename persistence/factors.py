"""Authenticators and saved recovery codes; what is accepted once is so by a conditional update."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, adding
from persistence.tables_factors import authenticators, recovery_codes
from persistence.types import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from persistence.links import Link


@dataclass(frozen=True, slots=True)
class StoredAuthenticator:
    """The authenticator of a user: its sealed secret, the last step whose code was accepted, and since when it is."""

    sealed: str = field(repr=False)
    last_step: int
    added_at: datetime


_LOOKUP = Statement(
    select(authenticators.c.sealed, authenticators.c.last_step, authenticators.c.added_at).where(
        authenticators.c.user_id == bindparam("user_id")
    )
)
_NEW = insert(authenticators).values({column.name: bindparam(column.name) for column in authenticators.columns})
_SAVE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[authenticators.c.user_id],
        set_={name: _NEW.excluded[name] for name in ("sealed", "last_step", "added_at")},
    )
)
_REMOVE = Statement(delete(authenticators).where(authenticators.c.user_id == bindparam("user_id")))
_ACCEPT_STEP = Statement(
    update(authenticators)
    .where(authenticators.c.user_id == bindparam("the_id"), authenticators.c.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)
_RESEAL = Statement(
    update(authenticators)
    .where(authenticators.c.user_id == bindparam("the_id"), authenticators.c.sealed == bindparam("old_sealed"))
    .values(sealed=bindparam("new_sealed"))
)
_ADD_CODE = Statement(adding(recovery_codes))
_REMOVE_CODES = Statement(delete(recovery_codes).where(recovery_codes.c.user_id == bindparam("user_id")))
_COUNT_CODES = Statement(
    select(func.count()).where(recovery_codes.c.user_id == bindparam("user_id"), recovery_codes.c.used_at.is_(None))
)
_USE_CODE = Statement(
    update(recovery_codes)
    .where(
        recovery_codes.c.user_id == bindparam("the_id"),
        recovery_codes.c.digest == bindparam("the_digest"),
        recovery_codes.c.used_at.is_(None),
    )
    .values(used_at=bindparam("at", type_=Moment))
)


class Factors:
    """The second factors of all users that are not a number."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def authenticator(self, user_id: str) -> StoredAuthenticator | None:
        """Find the authenticator of a user."""
        row = self._link.row(_LOOKUP, {"user_id": user_id})
        return None if row is None else StoredAuthenticator(*row)

    def save_authenticator(self, user_id: str, sealed: str, *, last_step: int, at: datetime) -> None:
        """Give a user an authenticator in the place of the one before."""
        self._link.later(_SAVE, {"user_id": user_id, "sealed": sealed, "last_step": last_step, "added_at": at})

    def remove_authenticator(self, user_id: str) -> bool:
        """Remove the authenticator of a user; tell whether there was one."""
        return self._link.run(_REMOVE, {"user_id": user_id}) > 0

    def accept_step(self, user_id: str, step: int) -> bool:
        """Accept the code of a step: no later one of that step or an earlier will be; tell whether it was."""
        return self._link.run(_ACCEPT_STEP, {"the_id": user_id, "step": step}) > 0

    def reseal(self, user_id: str, *, old: str, new: str) -> None:
        """Keep the same secret under another key."""
        self._link.later(_RESEAL, {"the_id": user_id, "old_sealed": old, "new_sealed": new})

    def replace_codes(self, user_id: str, digests: Iterable[str], at: datetime) -> None:
        """Give a user recovery codes, and end those before."""
        self._link.run(_REMOVE_CODES, {"user_id": user_id})
        for digest in digests:
            self._link.later(_ADD_CODE, {"user_id": user_id, "digest": digest, "created_at": at, "used_at": None})

    def count_codes(self, user_id: str) -> int:
        """Count the recovery codes that a user has left."""
        found = self._link.row(_COUNT_CODES, {"user_id": user_id})
        return 0 if found is None else int(found[0])

    def use_code(self, user_id: str, digests: Iterable[str], at: datetime) -> bool:
        """Use a recovery code up, known by one of these digests; tell whether it was there to be used."""
        return any(
            self._link.run(_USE_CODE, {"the_id": user_id, "the_digest": digest, "at": at}) > 0 for digest in digests
        )
