"""Blocks of areas, the figures they follow from, and what the guard has refused.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "send_blocks",
        sa.Column("id", Key, nullable=False),
        sa.Column("area", Key, nullable=False, comment="prefix:+9471234 or country:LK"),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False, comment="blocks before it that made it longer"),
        sa.Column("sent", sa.Integer, nullable=False, comment="the figures that it was begun with"),
        sa.Column("verified", sa.Integer, nullable=False),
        sa.Column("lifted_by", Key, comment="who ended it before its time"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_blocks")),
    )
    op.create_index("ix_send_blocks_area", "send_blocks", ["area", "ends_at"])
    op.create_index("ix_send_blocks_ends_at", "send_blocks", ["ends_at", "id"])
    op.create_table(
        "send_counts",
        sa.Column("area", Key, nullable=False),
        sa.Column("bucket_at", Moment, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("verified", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("area", "bucket_at", "slot", name=op.f("pk_send_counts")),
    )
    op.create_index("ix_send_counts_bucket_at", "send_counts", ["bucket_at"])
    _create_blocked_attempts()


def _create_blocked_attempts() -> None:
    op.create_table(
        "blocked_attempts",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("purpose", Key, nullable=False),
        sa.Column("target", sa.Text, nullable=False, comment="masked"),
        sa.Column("country", Key),
        sa.Column("number_type", Key),
        sa.Column("reason", Key, nullable=False),
        sa.Column("actor", Key, nullable=False),
        sa.Column("ip", Key),
        sa.Column("request_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_attempts")),
    )
    op.create_index("ix_blocked_attempts_at", "blocked_attempts", ["at", "id"])
    for column in ("country", "reason"):
        op.create_index(f"ix_blocked_attempts_{column}", "blocked_attempts", [column, "at", "id"])


def downgrade() -> None:
    for table in ("blocked_attempts", "send_counts", "send_blocks"):
        op.drop_table(table)
