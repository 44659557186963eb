"""What administrators have set over the environment's rules.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_overrides",
        sa.Column("name", Key, nullable=False, comment="as the API names it"),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy_overrides")),
    )


def downgrade() -> None:
    op.drop_table("policy_overrides")
