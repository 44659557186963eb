"""Senders of messages that administrators set up.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_senders",
        sa.Column("name", Key, nullable=False),
        sa.Column("provider", Key, nullable=False),
        sa.Column(
            "sealed",
            sa.Text,
            nullable=False,
            comment="how it is reached and by what secrets, as JSON, encrypted",
        ),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sms_senders")),
    )


def downgrade() -> None:
    op.drop_table("sms_senders")
