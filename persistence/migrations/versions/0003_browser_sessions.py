"""Who is signed in, in which browser.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_sessions",
        sa.Column("id", Key, nullable=False),
        sa.Column("token_digest", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column(
            "amr", sa.Text, nullable=False, comment="how the user was authenticated, separated by spaces (RFC 8176)"
        ),
        sa.Column("acr", Key, nullable=False),
        sa.Column("authenticated_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False, comment="to a minute"),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("ip", Key),
        sa.CheckConstraint("expires_at > authenticated_at", name=op.f("ck_browser_sessions_expires_at")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_browser_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_sessions")),
    )
    op.create_index("uq_browser_sessions_token_digest", "browser_sessions", ["token_digest"], unique=True)
    op.create_index("ix_browser_sessions_user_id", "browser_sessions", ["user_id", "authenticated_at"])
    op.create_index("ix_browser_sessions_expires_at", "browser_sessions", ["expires_at"])


def downgrade() -> None:
    op.drop_table("browser_sessions")
