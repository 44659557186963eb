"""Values that are unique beside the name of a resource, for attributes of schemas that a deployer adds.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unique_values",
        sa.Column("resource_id", Key, nullable=False),
        sa.Column("attribute", Key, nullable=False, comment="its path"),
        sa.Column("value_key", Key, nullable=False, comment="folded where the attribute is"),
        sa.Column("resource_type", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_unique_values_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "attribute", "value_key", name=op.f("pk_unique_values")),
    )
    op.create_index(
        "uq_unique_values_value_key", "unique_values", ["resource_type", "attribute", "value_key"], unique=True
    )


def downgrade() -> None:
    op.drop_table("unique_values")
