"""Changes of contact values that can be taken back, ended only where they are still open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, func, select, update

from persistence.documents import is_storable
from persistence.statements import Statement, adding
from persistence.tables_notices import CHANGE_IS_OPEN, contact_changes
from persistence.types import Key, Moment
from verification.notices import ChangeStatus, ContactChange, Snapshot
from verification.templates import Template
from verification.verifications import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row

_COLUMNS = (
    contact_changes.c.id,
    contact_changes.c.user_id,
    contact_changes.c.purpose,
    contact_changes.c.template,
    contact_changes.c.before,
    contact_changes.c.old_value,
    contact_changes.c.new_value,
    contact_changes.c.mails,
    contact_changes.c.kid,
    contact_changes.c.token_digest,
    contact_changes.c.status,
    contact_changes.c.created_at,
    contact_changes.c.expires_at,
    contact_changes.c.ended_at,
)
_OF_USER = contact_changes.c.user_id == bindparam("user_id")
_OF_PURPOSE = contact_changes.c.purpose == bindparam("purpose")

_ADD = Statement(adding(contact_changes))
_LOOKUP = Statement(select(*_COLUMNS).where(contact_changes.c.id == bindparam("id")))
_FIND = Statement(select(*_COLUMNS).where(contact_changes.c.token_digest == bindparam("token_digest")))
_LIST = Statement(
    select(*_COLUMNS)
    .where(_OF_USER)
    .order_by(contact_changes.c.created_at.desc(), contact_changes.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_LIST_OPEN = Statement(
    select(*_COLUMNS)
    .where(_OF_USER, CHANGE_IS_OPEN, contact_changes.c.expires_at > bindparam("now", type_=Moment))
    .order_by(contact_changes.c.created_at)
)
_END = Statement(
    update(contact_changes)
    .where(contact_changes.c.id == bindparam("the_id"), CHANGE_IS_OPEN)
    .values(status=bindparam("new_status", type_=Key), ended_at=bindparam("new_ended_at", type_=Moment))
)
_SUPERSEDE = Statement(
    update(contact_changes)
    .where(
        _OF_USER,
        _OF_PURPOSE,
        CHANGE_IS_OPEN,
        contact_changes.c.id != bindparam("the_id"),
        contact_changes.c.created_at >= bindparam("since", type_=Moment),
    )
    .values(status=ChangeStatus.SUPERSEDED.value, ended_at=bindparam("new_ended_at", type_=Moment))
)
_LAST_REVERT = Statement(
    select(func.max(contact_changes.c.ended_at, type_=Moment)).where(
        _OF_USER, _OF_PURPOSE, contact_changes.c.status == ChangeStatus.REVERTED.value
    )
)


class Changes:
    """The changes of all users."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, change: ContactChange) -> None:
        """Add a change that is being made."""
        self._link.later(
            _ADD,
            {
                "id": change.id,
                "user_id": change.user_id,
                "purpose": change.purpose.value,
                "template": change.template.value,
                "before": _written(change.before),
                "old_value": change.old,
                "new_value": change.new,
                "mails": json.dumps(change.mails, ensure_ascii=False),
                "kid": change.kid,
                "token_digest": change.token_digest,
                "status": change.status.value,
                "created_at": change.created_at,
                "expires_at": change.expires_at,
                "ended_at": change.ended_at,
            },
        )

    def lookup(self, change_id: str) -> ContactChange | None:
        """Find a change by its id."""
        row = self._link.row(_LOOKUP, {"id": change_id}) if is_storable(change_id) else None
        return None if row is None else _read(row)

    def find(self, token_digest: str) -> ContactChange | None:
        """Find a change by the digest of its link's token."""
        row = self._link.row(_FIND, {"token_digest": token_digest})
        return None if row is None else _read(row)

    def list_of(self, user_id: str, limit: int) -> list[ContactChange]:
        """List the changes of a user, the newest first."""
        return [_read(row) for row in self._link.rows(_LIST, {"user_id": user_id, "limit": limit})]

    def list_open(self, user_id: str, now: datetime) -> list[ContactChange]:
        """List the changes of a user whose links still work, the oldest first."""
        return [_read(row) for row in self._link.rows(_LIST_OPEN, {"user_id": user_id, "now": now})]

    def end(self, change: ContactChange) -> bool:
        """Write the end of a change, where it is still open; tell whether it was."""
        parameters = {"the_id": change.id, "new_status": change.status.value, "new_ended_at": change.ended_at}
        return self._link.run(_END, parameters) > 0

    def supersede_later(self, change: ContactChange) -> None:
        """End the changes of the same kind that were made after one that has been taken back."""
        parameters = {
            "user_id": change.user_id,
            "purpose": change.purpose.value,
            "the_id": change.id,
            "since": change.created_at,
            "new_ended_at": change.ended_at,
        }
        self._link.run(_SUPERSEDE, parameters)

    def last_revert(self, user_id: str, purpose: Purpose) -> datetime | None:
        """Return when a change of this kind was last taken back."""
        row = self._link.row(_LAST_REVERT, {"user_id": user_id, "purpose": purpose.value})
        return None if row is None else row[0]


def _written(snapshot: Snapshot) -> str:
    values = {
        "primary": snapshot.primary,
        "isPrimaryVerified": snapshot.is_primary_verified,
        "listed": snapshot.listed,
        "verified": snapshot.verified,
    }
    return json.dumps(values, ensure_ascii=False)


def _read(row: Row) -> ContactChange:
    (number, user_id, purpose, template, before, old, new, mails, kid, token_digest, status, *moments) = row
    created_at, expires_at, ended_at = moments
    values = json.loads(before)
    return ContactChange(
        id=number,
        user_id=user_id,
        purpose=Purpose(purpose),
        template=Template(template),
        before=Snapshot(
            primary=values["primary"],
            is_primary_verified=values["isPrimaryVerified"],
            listed=tuple(values["listed"]),
            verified=tuple(values["verified"]),
        ),
        old=old,
        new=new,
        mails=tuple(json.loads(mails)),
        kid=kid,
        token_digest=token_digest,
        status=ChangeStatus(status),
        created_at=created_at,
        expires_at=expires_at,
        ended_at=ended_at,
    )
