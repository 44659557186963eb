"""Whether what a user was given once is still good: a part of the statements of sessions and of grants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists

from persistence.tables import resources, token_revocations

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement


def is_still_good(user_id: Column[Any], since: Column[Any]) -> ColumnElement[bool]:
    """Ask whether a user is there and active, and has not had everything ended since a moment."""
    is_active = exists().where(and_(resources.c.id == user_id, resources.c.is_active.is_not(False)))
    is_ended = exists().where(and_(token_revocations.c.subject == user_id, token_revocations.c.valid_after >= since))
    return and_(is_active, ~is_ended)
