"""Figures of countries and providers, and deliveries by their age.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

IS_FAILED = sa.text("status = 'failed'")


def upgrade() -> None:
    """Make the tables and the indexes."""
    op.create_index("ix_deliveries_created_at", "deliveries", ["created_at", "id"])
    op.create_index(
        "ix_deliveries_failed", "deliveries", ["created_at", "id"], sqlite_where=IS_FAILED, postgresql_where=IS_FAILED
    )
    op.create_table(
        "country_figures",
        sa.Column("hour_at", Moment, nullable=False),
        sa.Column("country", Key, nullable=False, comment="a region, as in LK"),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("verified", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hour_at", "country", name=op.f("pk_country_figures")),
    )
    op.create_table(
        "provider_calls",
        sa.Column("hour_at", Moment, nullable=False),
        sa.Column("provider", Key, nullable=False),
        sa.Column("outcome", Key, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False, comment="of all of them together"),
        sa.PrimaryKeyConstraint("hour_at", "provider", "outcome", name=op.f("pk_provider_calls")),
    )
    op.create_table(
        "provider_circuits",
        sa.Column("worker", Key, nullable=False),
        sa.Column("provider", Key, nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.CheckConstraint("seen_at >= changed_at", name=op.f("ck_provider_circuits_seen_at")),
        sa.PrimaryKeyConstraint("worker", "provider", name=op.f("pk_provider_circuits")),
    )
    op.create_index("ix_provider_circuits_seen_at", "provider_circuits", ["seen_at"])


def downgrade() -> None:
    """Take them away."""
    for table in ("provider_circuits", "provider_calls", "country_figures"):
        op.drop_table(table)
    for index in ("ix_deliveries_failed", "ix_deliveries_created_at"):
        op.drop_index(index, "deliveries")
