"""Files of users that are being taken in.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "imports",
        sa.Column("id", Key, nullable=False),
        sa.Column("actor", Key, nullable=False),
        sa.Column("form", Key, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("may_update", sa.Boolean, nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False, comment="bytes"),
        sa.Column("line", sa.Integer, nullable=False, comment="the last one that was taken"),
        sa.Column("total", sa.Integer, comment="lines that were checked; NULL: the check is not over"),
        sa.Column("counts", sa.Text, nullable=False, comment="a JSON object: how many lines became what"),
        sa.Column("fault", sa.Text, comment="why it cannot be read"),
        sa.Column("lease_token", Key, comment="who works through it"),
        sa.Column("leased_until", Moment),
        sa.Column("created_at", Moment, nullable=False),
        sa.CheckConstraint("line >= 0", name=op.f("ck_imports_line")),
        sa.CheckConstraint("(lease_token IS NULL) = (leased_until IS NULL)", name=op.f("ck_imports_lease")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created_at", "imports", ["created_at", "id"])
    _add_part("import_parts", "number", "sealed")
    _add_part("import_rejections", "line", "reason")


def _add_part(table: str, number: str, content: str) -> None:
    op.create_table(
        table,
        sa.Column("import_id", Key, nullable=False),
        sa.Column(number, sa.Integer, nullable=False),
        sa.Column(content, sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f(f"fk_{table}_import_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", number, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("import_rejections", "import_parts", "imports"):
        op.drop_table(table)
