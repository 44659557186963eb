"""The table of administrators: users who may open the Console."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

administrators = Table(
    "administrators",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("scopes", Text, nullable=False, comment="apart by spaces; * is every scope, those to come as well"),
    Column("granted_at", Moment, nullable=False),
)
