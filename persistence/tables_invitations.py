"""The table of invitations: a user has one at a time, and a used one is gone."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

invitations = Table(
    "invitations",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False, comment="it went to, as it is compared"),
    Column("token_digest", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint("expires_at > created_at", name="expires_at"),
)
Index("uq_invitations_token_digest", invitations.c.token_digest, unique=True)
