"""Authenticators and saved recovery codes.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authenticators",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False, comment="the secret, sealed with a key from outside"),
        sa.Column("last_step", sa.Integer, nullable=False, comment="no code of it or of an earlier one is accepted"),
        sa.Column("added_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_authenticators_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("digest", Key, nullable=False, comment="keyed"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "digest", name=op.f("pk_recovery_codes")),
    )


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("authenticators")
