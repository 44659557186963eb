"""Passwords, flows, and what decides on a second factor.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passwords",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, comment="argon2id, with its parameters and salt"),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["resources.id"], name=op.f("fk_passwords_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_passwords")),
    )
    op.create_table(
        "flows",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", Key, nullable=False),
        sa.Column("secret_digest", Key, nullable=False),
        sa.Column("user_id", Key, comment="NULL: about nobody"),
        sa.Column("step", Key, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False, comment="a JSON object"),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.CheckConstraint("turn >= 0 AND attempts >= 0", name=op.f("ck_flows_counts")),
        sa.ForeignKeyConstraint(["user_id"], ["resources.id"], name=op.f("fk_flows_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
    )
    op.create_index("ix_flows_user_id", "flows", ["user_id", "kind"])
    op.create_index("ix_flows_expires_at", "flows", ["expires_at"])
    op.create_table(
        "mfa_policies",
        sa.Column("subject_kind", Key, nullable=False, comment="client or user"),
        sa.Column("subject_id", Key, nullable=False),
        sa.Column("policy", Key, nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", name=op.f("pk_mfa_policies")),
    )
    op.create_table(
        "sign_in_places",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("place", Key, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_sign_in_places_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "place", name=op.f("pk_sign_in_places")),
    )
    op.create_index("ix_sign_in_places_seen_at", "sign_in_places", ["seen_at"])


def downgrade() -> None:
    for table in ("sign_in_places", "mfa_policies", "flows", "passwords"):
        op.drop_table(table)
