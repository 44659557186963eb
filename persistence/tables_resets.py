"""The table of resets of authentication methods."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Resets under way, and what became of them. A process that dies leaves one behind whose lease lapses.
mfa_resets = Table(
    "mfa_resets",
    metadata,
    Column("id", Key, primary_key=True),
    Column("directory", Key, nullable=False),
    Column("user_key", Key, nullable=False, comment="the user's id in that directory"),
    Column("actor", Key, nullable=False),
    Column("idempotency_digest", Key, comment="of the caller's Idempotency-Key"),
    Column("request_digest", Key, nullable=False, comment="of what was asked for"),
    Column("status", Key, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("report", Text, comment="a JSON object: what was answered, less the pass"),
    CheckConstraint("(status = 'running') = (ended_at IS NULL)", name="ended_at"),
)
_IS_RUNNING = text("status = 'running'")
RESET_IS_RUNNING = text("mfa_resets.status = 'running'")
Index(
    "uq_mfa_resets_running",
    mfa_resets.c.directory,
    mfa_resets.c.user_key,
    unique=True,
    sqlite_where=_IS_RUNNING,
    postgresql_where=_IS_RUNNING,
)
Index("uq_mfa_resets_idempotency", mfa_resets.c.actor, mfa_resets.c.idempotency_digest, unique=True)
Index("ix_mfa_resets_started_at", mfa_resets.c.started_at)
