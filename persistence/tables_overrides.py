"""The table of what administrators have set over the environment."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Processes read it whole, twice a second: a row is there only for what somebody has set.
policy_overrides = Table(
    "policy_overrides",
    metadata,
    Column("name", Key, primary_key=True, comment="as the API names it"),
    Column("value", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
