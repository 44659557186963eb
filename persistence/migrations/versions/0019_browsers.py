"""Which browser a session is of.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what may be unknown: sessions of before, and of a release before, go on without."""
    op.add_column("browser_sessions", sa.Column("browser", Key, comment="a name of ours, never what was sent"))
    op.add_column("browser_sessions", sa.Column("system", Key, comment="likewise: what it runs on"))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("browser_sessions", "system")
    op.drop_column("browser_sessions", "browser")
