"""Notices and changes by their age, so that the old ones are found.

Revision ID: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("contact_changes", "notices")


def upgrade() -> None:
    """Index when they were made."""
    for table in TABLES:
        op.create_index(f"ix_{table}_created_at", table, ["created_at"])


def downgrade() -> None:
    """Take the indexes away."""
    for table in TABLES:
        op.drop_index(f"ix_{table}_created_at", table)
