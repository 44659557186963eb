"""Authentication methods that are records, and resets of all of a user's.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mfa_resets",
        sa.Column("id", Key, nullable=False),
        sa.Column("directory", Key, nullable=False),
        sa.Column("user_key", Key, nullable=False, comment="the user's id in that directory"),
        sa.Column("actor", Key, nullable=False),
        sa.Column("idempotency_digest", Key, comment="of the caller's Idempotency-Key"),
        sa.Column("request_digest", Key, nullable=False, comment="of what was asked for"),
        sa.Column("status", Key, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("lease_until", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("report", sa.Text, comment="a JSON object: what was answered, less the pass"),
        sa.CheckConstraint("(status = 'running') = (ended_at IS NULL)", name=op.f("ck_mfa_resets_ended_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mfa_resets")),
    )
    is_running = sa.text("status = 'running'")
    op.create_index(
        "uq_mfa_resets_running",
        "mfa_resets",
        ["directory", "user_key"],
        unique=True,
        sqlite_where=is_running,
        postgresql_where=is_running,
    )
    op.create_index("uq_mfa_resets_idempotency", "mfa_resets", ["actor", "idempotency_digest"], unique=True)
    op.create_index("ix_mfa_resets_started_at", "mfa_resets", ["started_at"])
    op.create_table(
        "authentication_methods",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("method_id", Key, nullable=False),
        sa.Column("detail", sa.Text, nullable=False, comment="a JSON object: its attributes"),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_authentication_methods_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "method_id", name=op.f("pk_authentication_methods")),
    )
    op.create_index("ix_authentication_methods_user_id", "authentication_methods", ["user_id", "created_at"])


def downgrade() -> None:
    op.drop_table("authentication_methods")
    op.drop_table("mfa_resets")
