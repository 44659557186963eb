"""Limits on codes sent, counted by marks.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "send_marks",
        sa.Column("key", Key, nullable=False, comment="the limit and its subject"),
        sa.Column("marks", sa.Text, nullable=False, comment="moments of sends, one after the other"),
        sa.Column("unmarked", sa.Integer, nullable=False, comment="sends since the last mark"),
        sa.Column("grain", sa.Integer, nullable=False, comment="sends that a mark stands for"),
        sa.Column("most", sa.Integer, nullable=False, comment="marks with which a window is full"),
        sa.Column("opens", Key, nullable=False, comment="the mark up to which others were out of the window"),
        sa.Column("expires_at", Moment, nullable=False, comment="rounded up, so that it seldom changes"),
        sa.CheckConstraint(
            "grain > 0 AND most > 0 AND unmarked >= 0 AND unmarked < grain", name=op.f("ck_send_marks_counts")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_send_marks")),
    )
    op.create_index("ix_send_marks_expires_at", "send_marks", ["expires_at"])


def downgrade() -> None:
    op.drop_table("send_marks")
