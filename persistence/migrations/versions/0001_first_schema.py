"""The first schema.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IS_LIVE = sa.text("status = 'pending'")
IS_QUEUED = sa.text("status = 'queued'")

# Letter by letter, whatever the locale of the database; the names are those of PostgreSQL 17 and of older ones.
FOLDING_COLLATIONS = ("pg_c_utf8", "C.UTF-8", "C.utf8")

# U+0130 is the one letter whose lower case is two characters, and which Python therefore leaves alone (scim.folding).
# It is put aside meanwhile as U+FFFF, which is no character.
FOLD = """
CREATE FUNCTION lineproof_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
SELECT translate(lower(translate($1, U&'\\0130', U&'\\FFFF') COLLATE "{collation}"), U&'\\FFFF', U&'\\0130')
$body$
"""

# As scim.moments reads it: digits beyond microseconds are cut off, no offset is UTC, anything else is NULL.
MOMENT = r"""
CREATE FUNCTION lineproof_moment(value text) RETURNS timestamp with time zone
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
    parts text[] := regexp_match(
        upper(value COLLATE "C"),
        '^(\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,6})?\d*(Z|[+-]\d{2}:\d{2})?$'
    );
BEGIN
    RETURN (parts[1] || coalesce(parts[2], '') || coalesce(parts[3], 'Z'))::timestamp with time zone;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$body$
"""


def upgrade() -> None:
    _create_functions()
    _create_resources()
    _create_values_and_counters()
    _create_group_members()
    _create_verifications()
    _create_deliveries()
    _create_limits()
    _create_audit_events()
    _create_token_revocations()


def downgrade() -> None:
    for table in (
        "token_revocations",
        "audit_events",
        "limit_subjects",
        "limit_entries",
        "deliveries",
        "verifications",
        "group_members",
        "resource_counters",
        "resource_values",
        "resources",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION lineproof_fold(text)")
        op.execute("DROP FUNCTION lineproof_moment(text)")


def _create_functions() -> None:
    """Create the functions that SQLite is given at each connection (persistence.sqlite)."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    known = set(connection.execute(sa.text("SELECT collname FROM pg_collation")).scalars())
    collation = next((name for name in FOLDING_COLLATIONS if name in known), None)
    if collation is None:
        raise RuntimeError(f"this PostgreSQL has none of the collations {', '.join(FOLDING_COLLATIONS)}")
    connection.exec_driver_sql(FOLD.format(collation=collation))
    connection.exec_driver_sql(MOMENT)


def _create_resources() -> None:
    op.create_table(
        "resources",
        sa.Column("id", Key, nullable=False),
        sa.Column("resource_type", Key, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False, comment="core attributes but schemas, id, meta, groups, members"),
        sa.Column("extensions", sa.Text, nullable=False, comment="attributes by the URN of their extension, or empty"),
        sa.Column("name_key", Key, comment="the attribute that is unique on this server, folded"),
        sa.Column("display_name_key", Key),
        sa.Column("label", sa.Text, comment="what it is called where another resource refers to it"),
        sa.Column("external_id", Key),
        sa.Column("is_active", sa.Boolean),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_modified_at", Moment, nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_resources_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
    )
    op.create_index("uq_resources_name_key", "resources", ["resource_type", "name_key"], unique=True)
    op.create_index("ix_resources_id", "resources", ["resource_type", "id"])
    for column in ("display_name_key", "external_id", "is_active", "created_at", "last_modified_at"):
        op.create_index(f"ix_resources_{column}", "resources", ["resource_type", column, "id"])


def _create_values_and_counters() -> None:
    op.create_table(
        "resource_values",
        sa.Column("resource_id", Key, nullable=False),
        sa.Column("attribute", Key, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("value_key", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name=op.f("fk_resource_values_resource_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resource_id", "attribute", "position", name=op.f("pk_resource_values")),
    )
    op.create_index("ix_resource_values_value_key", "resource_values", ["attribute", "value_key", "resource_id"])
    op.create_table(
        "resource_counters",
        sa.Column("resource_type", Key, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("resource_type", "slot", name=op.f("pk_resource_counters")),
    )


def _create_group_members() -> None:
    op.create_table(
        "group_members",
        sa.Column("group_id", Key, nullable=False),
        sa.Column("member_id", Key, nullable=False),
        sa.Column("member_type", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["resources.id"], name=op.f("fk_group_members_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["resources.id"], name=op.f("fk_group_members_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_group_members")),
    )
    op.create_index("ix_group_members_member_id", "group_members", ["member_id", "group_id"])


def _create_verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("purpose", Key, nullable=False),
        sa.Column("scenario", Key, nullable=False),
        sa.Column("target_text", sa.Text, nullable=False),
        sa.Column("target_key", Key, nullable=False),
        sa.Column("kid", Key, nullable=False),
        sa.Column("digest", Key, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sends", sa.Integer, nullable=False),
        sa.Column("status", Key, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("pending_until", Moment, comment="NULL: it waits for ever"),
        sa.Column("original_key", Key, comment="the primary value at the request; NULL where there was none"),
        sa.Column("ended_at", Moment),
        sa.Column("locale", sa.Text),
        sa.CheckConstraint("generation > 0 AND attempts >= 0 AND sends > 0", name=op.f("ck_verifications_counts")),
        sa.CheckConstraint("(status = 'pending') = (ended_at IS NULL)", name=op.f("ck_verifications_ended_at")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_verifications_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    _create_partial_index("uq_verifications_live", "verifications", ["user_id", "purpose"], IS_LIVE, unique=True)
    _create_partial_index("ix_verifications_digest", "verifications", ["digest", "kid"], IS_LIVE)
    _create_partial_index("ix_verifications_pending_until", "verifications", ["pending_until"], IS_LIVE)
    op.create_index("ix_verifications_user_id", "verifications", ["user_id", "created_at"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", Key, nullable=False),
        sa.Column("verification_id", Key, nullable=False),
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
    )
    _create_partial_index("ix_deliveries_available_at", "deliveries", ["available_at"], IS_QUEUED)
    op.create_index("ix_deliveries_verification_id", "deliveries", ["verification_id", "created_at"])
    op.create_index("ix_deliveries_reference", "deliveries", ["provider", "reference"])


def _create_limits() -> None:
    op.create_table(
        "limit_entries",
        sa.Column("limit_name", Key, nullable=False),
        sa.Column("subject", Key, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("entry_key", Key, nullable=False, comment="tells apart events of one moment"),
        sa.PrimaryKeyConstraint("limit_name", "subject", "at", "entry_key", name=op.f("pk_limit_entries")),
    )
    op.create_index("ix_limit_entries_at", "limit_entries", ["at"])
    op.create_table(
        "limit_subjects",
        sa.Column("subject", Key, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_limit_subjects")),
    )


def _create_audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("event", Key, nullable=False),
        sa.Column("actor", Key),
        sa.Column("subject_id", Key),
        sa.Column("detail", sa.Text, nullable=False, comment="a JSON object"),
        sa.Column("request_id", Key),
        sa.Column("ip", Key),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at", "id"])
    op.create_index("ix_audit_events_subject_id", "audit_events", ["subject_id", "at", "id"])


def _create_token_revocations() -> None:
    op.create_table(
        "token_revocations",
        sa.Column("subject", Key, nullable=False),
        sa.Column("valid_after", Moment, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_token_revocations")),
    )
    op.create_index("ix_token_revocations_recorded_at", "token_revocations", ["recorded_at"])


def _create_partial_index(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
