"""Notices, and the changes they tell of; a delivery is of a code or of a notice.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IS_QUEUED = sa.text("status = 'queued'")
IS_NOTICE = sa.text("notice_id IS NOT NULL")

_COLUMNS = (
    "id, verification_id, user_id, channel, generation, status, attempts, available_at, expires_at, lease_token, "
    "provider, reference, reason, created_at, settled_at"
)
_INDEXES = ("available_at", "verification_id", "reference")


def upgrade() -> None:
    """Widen the outbox: a worker of the release before leaves deliveries of notices alone."""
    _create_contact_changes()
    _create_notices()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_deliveries(has_notices=True)
        return
    op.alter_column("deliveries", "verification_id", nullable=True)
    op.add_column("deliveries", sa.Column("notice_id", Key))
    op.create_foreign_key(
        op.f("fk_deliveries_notice_id"), "deliveries", "notices", ["notice_id"], ["id"], ondelete="CASCADE"
    )
    op.create_check_constraint(
        op.f("ck_deliveries_content"), "deliveries", "(verification_id IS NULL) <> (notice_id IS NULL)"
    )
    _create_partial_index("ix_deliveries_notice_id", "notice_id", IS_NOTICE)


def downgrade() -> None:
    """Narrow the outbox; notices that have not left yet are given up."""
    op.execute("DELETE FROM deliveries WHERE notice_id IS NOT NULL")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_deliveries(has_notices=False)
    else:
        op.drop_index("ix_deliveries_notice_id", "deliveries")
        op.drop_constraint(op.f("ck_deliveries_content"), "deliveries")
        op.drop_column("deliveries", "notice_id")
        op.alter_column("deliveries", "verification_id", nullable=False)
    op.drop_table("notices")
    op.drop_table("contact_changes")


def _create_contact_changes() -> None:
    op.create_table(
        "contact_changes",
        sa.Column("id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("purpose", Key, nullable=False),
        sa.Column("template", Key, nullable=False),
        sa.Column("before", sa.Text, nullable=False, comment="a JSON object: the values as they stood"),
        sa.Column("old_value", sa.Text, nullable=False, comment="masked"),
        sa.Column("new_value", sa.Text, nullable=False, comment="masked"),
        sa.Column("mails", sa.Text, nullable=False, comment="a JSON array: the addresses that were told"),
        sa.Column("kid", Key, nullable=False),
        sa.Column("token_digest", Key, nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.CheckConstraint("(status = 'open') = (ended_at IS NULL)", name=op.f("ck_contact_changes_ended_at")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_contact_changes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_changes")),
    )
    op.create_index("uq_contact_changes_token_digest", "contact_changes", ["token_digest"], unique=True)
    op.create_index("ix_contact_changes_user_id", "contact_changes", ["user_id", "created_at"])


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("channel", Key, nullable=False),
        sa.Column("template", Key, nullable=False),
        sa.Column("locale", sa.Text),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False, comment="a JSON object: the values in the text, masked"),
        sa.Column("change_id", Key),
        sa.Column("link_kid", Key, comment="the key of its link; NULL where it brings none"),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["resources.id"], name=op.f("fk_notices_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contact_changes.id"], name=op.f("fk_notices_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    for column in ("user_id", "change_id"):
        op.create_index(f"ix_notices_{column}", "notices", [column])


def _rebuild_deliveries(*, has_notices: bool) -> None:
    """Make the table anew and move its rows: SQLite cannot make a column nullable."""
    for name in (*_INDEXES, *(() if has_notices else ("notice_id",))):
        op.drop_index(f"ix_deliveries_{name}", "deliveries")
    op.rename_table("deliveries", "deliveries_before")
    _create_deliveries(has_notices=has_notices)
    op.execute(f"INSERT INTO deliveries ({_COLUMNS}) SELECT {_COLUMNS} FROM deliveries_before")  # noqa: S608 - constants
    op.drop_table("deliveries_before")
    _create_partial_index("ix_deliveries_available_at", "available_at", IS_QUEUED)
    op.create_index("ix_deliveries_verification_id", "deliveries", ["verification_id", "created_at"])
    op.create_index("ix_deliveries_reference", "deliveries", ["provider", "reference"])
    if has_notices:
        _create_partial_index("ix_deliveries_notice_id", "notice_id", IS_NOTICE)


def _create_deliveries(*, has_notices: bool) -> None:
    of_notices = (
        sa.Column("notice_id", Key),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_deliveries_notice_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("(verification_id IS NULL) <> (notice_id IS NULL)", name=op.f("ck_deliveries_content")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", Key, nullable=False),
        sa.Column("verification_id", Key, nullable=has_notices),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("channel", Key, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("available_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("lease_token", Key, comment="who holds it; a worker settles only what it still holds"),
        sa.Column("provider", Key),
        sa.Column("reference", Key),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("settled_at", Moment),
        sa.CheckConstraint("generation > 0 AND attempts >= 0", name=op.f("ck_deliveries_counts")),
        sa.CheckConstraint("(status = 'queued') = (settled_at IS NULL)", name=op.f("ck_deliveries_settled_at")),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verifications.id"], name=op.f("fk_deliveries_verification_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        *(of_notices if has_notices else ()),
    )


def _create_partial_index(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, "deliveries", [column], sqlite_where=where, postgresql_where=where)
