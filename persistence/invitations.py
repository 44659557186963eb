"""Invitations: one of each user at most, found by the digest of its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement
from persistence.tables_invitations import invitations
from verification.invitations import Invitation

if TYPE_CHECKING:
    from persistence.links import Link

_COLUMNS = (
    invitations.c.user_id,
    invitations.c.address,
    invitations.c.token_digest,
    invitations.c.created_at,
    invitations.c.expires_at,
)

_FIND = Statement(select(*_COLUMNS).where(invitations.c.token_digest == bindparam("token_digest")))
_NEW = insert(invitations).values({column.name: bindparam(column.name) for column in _COLUMNS})
_SAVE = Statement(
    _NEW.on_conflict_do_update(
        index_elements=[invitations.c.user_id],
        set_={column.name: _NEW.excluded[column.name] for column in _COLUMNS[1:]},
    )
)
_USE = Statement(
    delete(invitations).where(
        invitations.c.user_id == bindparam("user_id"), invitations.c.token_digest == bindparam("token_digest")
    )
)
_END = Statement(delete(invitations).where(invitations.c.user_id == bindparam("user_id")))


class Invitations:
    """The invitations of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def find(self, token_digest: str) -> Invitation | None:
        """Find an invitation by the digest of its token."""
        row = self._link.row(_FIND, {"token_digest": token_digest})
        return None if row is None else Invitation(*row)

    def save(self, invitation: Invitation) -> None:
        """Invite a user: the invitation before it is good no longer."""
        self._link.later(
            _SAVE,
            {
                "user_id": invitation.user_id,
                "address": invitation.address,
                "token_digest": invitation.token_digest,
                "created_at": invitation.created_at,
                "expires_at": invitation.expires_at,
            },
        )

    def use(self, invitation: Invitation) -> bool:
        """Use an invitation up; tell whether it was still there."""
        return self._link.run(_USE, {"user_id": invitation.user_id, "token_digest": invitation.token_digest}) > 0

    def end(self, user_id: str) -> None:
        """End the invitation of a user, if there is one."""
        self._link.later(_END, {"user_id": user_id})
