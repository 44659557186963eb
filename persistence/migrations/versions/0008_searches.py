"""Indexes by which the audit trail and the verifications of all users are searched, and the latter pruned.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_events_event", "audit_events", ["event", "at", "id"])
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "at", "id"])
    op.create_index("ix_verifications_created_at", "verifications", ["created_at", "id"])
    op.create_index("ix_verifications_status", "verifications", ["status", "created_at", "id"])
    has_ended = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_verifications_ended_at",
        "verifications",
        ["ended_at"],
        sqlite_where=has_ended,
        postgresql_where=has_ended,
    )


def downgrade() -> None:
    op.drop_index("ix_verifications_ended_at", "verifications")
    op.drop_index("ix_verifications_status", "verifications")
    op.drop_index("ix_verifications_created_at", "verifications")
    op.drop_index("ix_audit_events_actor", "audit_events")
    op.drop_index("ix_audit_events_event", "audit_events")
