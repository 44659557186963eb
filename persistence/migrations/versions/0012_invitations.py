"""Invitations of users without a password.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("address", sa.Text, nullable=False, comment="it went to, as it is compared"),
        sa.Column("token_digest", Key, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_invitations_expires_at")),
        sa.ForeignKeyConstraint(["user_id"], ["resources.id"], name=op.f("fk_invitations_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_invitations")),
    )
    op.create_index("uq_invitations_token_digest", "invitations", ["token_digest"], unique=True)


def downgrade() -> None:
    op.drop_table("invitations")
