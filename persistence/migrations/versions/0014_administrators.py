"""Administrators: users who may open the Console.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "administrators",
        sa.Column("user_id", Key, nullable=False),
        sa.Column(
            "scopes", sa.Text, nullable=False, comment="apart by spaces; * is every scope, those to come as well"
        ),
        sa.Column("granted_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_administrators_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_administrators")),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("administrators")
