"""The table of the senders of messages that administrators have set up."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Workers read it whole, twice a second: a few rows at most.
sms_senders = Table(
    "sms_senders",
    metadata,
    Column("name", Key, primary_key=True),
    Column("provider", Key, nullable=False),
    Column("sealed", Text, nullable=False, comment="how it is reached and by what secrets, as JSON, encrypted"),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
