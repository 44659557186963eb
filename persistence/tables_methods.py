"""The table of authentication methods that are records: no other table has what they are."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Methods registered elsewhere, phones but the mobile, and the marks that a user's own number is a method. The number
# of the mobile is in the user's document only.
authentication_methods = Table(
    "authentication_methods",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Key, primary_key=True),
    Column("method_id", Key, primary_key=True),
    Column("detail", Text, nullable=False, comment="a JSON object: its attributes"),
    Column("created_at", Moment, nullable=False),
)
Index("ix_authentication_methods_user_id", authentication_methods.c.user_id, authentication_methods.c.created_at)
