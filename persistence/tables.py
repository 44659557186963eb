"""The tables. Repositories hide them: nothing outside this package sees a row."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text

from persistence.types import Key, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Every resource of every type. `body` and `extensions` are JSON texts that a read hands on as they are; the
# columns from `name_key` on repeat what is searched. The key of an absent attribute is NULL.
resources = Table(
    "resources",
    metadata,
    Column("id", Key, primary_key=True),
    Column("resource_type", Key, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False, comment="core attributes but schemas, id, meta, groups, members"),
    Column("extensions", Text, nullable=False, comment="attributes by the URN of their extension, or empty"),
    Column("name_key", Key, comment="the attribute that is unique on this server, folded"),
    Column("display_name_key", Key),
    Column("label", Text, comment="what it is called where another resource refers to it"),
    Column("external_id", Key),
    Column("is_active", Boolean),
    Column("created_at", Moment, nullable=False),
    Column("last_modified_at", Moment, nullable=False),
    CheckConstraint("version > 0", name="version"),
)
Index("uq_resources_name_key", resources.c.resource_type, resources.c.name_key, unique=True)
Index("ix_resources_id", resources.c.resource_type, resources.c.id)
Index("ix_resources_display_name_key", resources.c.resource_type, resources.c.display_name_key, resources.c.id)
Index("ix_resources_external_id", resources.c.resource_type, resources.c.external_id, resources.c.id)
Index("ix_resources_is_active", resources.c.resource_type, resources.c.is_active, resources.c.id)
Index("ix_resources_created_at", resources.c.resource_type, resources.c.created_at, resources.c.id)
Index("ix_resources_last_modified_at", resources.c.resource_type, resources.c.last_modified_at, resources.c.id)

# The values of multi-valued attributes that have an index.
resource_values = Table(
    "resource_values",
    metadata,
    Column("resource_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("attribute", Key, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("value_key", Key, nullable=False),
)
Index(
    "ix_resource_values_value_key",
    resource_values.c.attribute,
    resource_values.c.value_key,
    resource_values.c.resource_id,
)

# Values that no two resources of a type share, beside the name that `resources` has a column for.
unique_values = Table(
    "unique_values",
    metadata,
    Column("resource_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("attribute", Key, primary_key=True, comment="its path"),
    Column("value_key", Key, primary_key=True, comment="folded where the attribute is"),
    Column("resource_type", Key, nullable=False),
)
Index(
    "uq_unique_values_value_key",
    unique_values.c.resource_type,
    unique_values.c.attribute,
    unique_values.c.value_key,
    unique=True,
)

# How many resources of a type there are: the sum of its slots. Several, so that concurrent creations seldom
# wait for the same row.
resource_counters = Table(
    "resource_counters",
    metadata,
    Column("resource_type", Key, primary_key=True),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("member_type", Key, nullable=False),
)
Index("ix_group_members_member_id", group_members.c.member_id, group_members.c.group_id)

# One attempt of one user to prove one target. The code is not here: it is derived with the key named `kid`.
verifications = Table(
    "verifications",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Key, nullable=False),
    Column("scenario", Key, nullable=False),
    Column("target_text", Text, nullable=False),
    Column("target_key", Key, nullable=False),
    Column("kid", Key, nullable=False),
    Column("digest", Key, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("status", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("pending_until", Moment, comment="NULL: it waits for ever"),
    Column("original_key", Key, comment="the primary value at the request; NULL where there was none"),
    Column("ended_at", Moment),
    Column("locale", Text),
    CheckConstraint("generation > 0 AND attempts >= 0 AND sends > 0", name="counts"),
    CheckConstraint("(status = 'pending') = (ended_at IS NULL)", name="ended_at"),
)
# Literal, not a parameter: only so does a database know that the partial indexes hold what is asked for.
VERIFICATION_IS_LIVE = text("verifications.status = 'pending'")
DELIVERY_IS_QUEUED = text("deliveries.status = 'queued'")
_IS_LIVE = text("status = 'pending'")
Index(
    "uq_verifications_live",
    verifications.c.user_id,
    verifications.c.purpose,
    unique=True,
    sqlite_where=_IS_LIVE,
    postgresql_where=_IS_LIVE,
)
Index(
    "ix_verifications_digest",
    verifications.c.digest,
    verifications.c.kid,
    sqlite_where=_IS_LIVE,
    postgresql_where=_IS_LIVE,
)
Index("ix_verifications_pending_until", verifications.c.pending_until, sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE)
Index("ix_verifications_user_id", verifications.c.user_id, verifications.c.created_at)
Index("ix_verifications_created_at", verifications.c.created_at, verifications.c.id)
Index("ix_verifications_status", verifications.c.status, verifications.c.created_at, verifications.c.id)
_HAS_ENDED = text("ended_at IS NOT NULL")
Index("ix_verifications_ended_at", verifications.c.ended_at, sqlite_where=_HAS_ENDED, postgresql_where=_HAS_ENDED)

# The outbox: messages on their way, by the verification whose current code they carry, or by the notice they are.
# While a worker holds a delivery, `available_at` is the end of its lease.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("verification_id", Key, ForeignKey("verifications.id", ondelete="CASCADE")),
    Column("notice_id", Key, ForeignKey("notices.id", ondelete="CASCADE")),
    Column("user_id", Key, nullable=False),
    Column("channel", Key, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("status", Key, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("available_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("lease_token", Key, comment="who holds it; a worker settles only what it still holds"),
    Column("provider", Key),
    Column("reference", Key),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    CheckConstraint("generation > 0 AND attempts >= 0", name="counts"),
    CheckConstraint("(status = 'queued') = (settled_at IS NULL)", name="settled_at"),
    CheckConstraint("(verification_id IS NULL) <> (notice_id IS NULL)", name="content"),
)
_IS_QUEUED = text("status = 'queued'")
Index("ix_deliveries_available_at", deliveries.c.available_at, sqlite_where=_IS_QUEUED, postgresql_where=_IS_QUEUED)
Index("ix_deliveries_verification_id", deliveries.c.verification_id, deliveries.c.created_at)
_IS_NOTICE = text("notice_id IS NOT NULL")
Index("ix_deliveries_notice_id", deliveries.c.notice_id, sqlite_where=_IS_NOTICE, postgresql_where=_IS_NOTICE)
Index("ix_deliveries_reference", deliveries.c.provider, deliveries.c.reference)
Index("ix_deliveries_created_at", deliveries.c.created_at, deliveries.c.id)
DELIVERY_IS_FAILED = text("deliveries.status = 'failed'")
_IS_FAILED = text("status = 'failed'")
Index(
    "ix_deliveries_failed",
    deliveries.c.created_at,
    deliveries.c.id,
    sqlite_where=_IS_FAILED,
    postgresql_where=_IS_FAILED,
)

# Events within sliding windows, and one row per subject to lock while its events are counted.
limit_entries = Table(
    "limit_entries",
    metadata,
    Column("limit_name", Key, primary_key=True),
    Column("subject", Key, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("entry_key", Key, primary_key=True, comment="tells apart events of one moment"),
)
Index("ix_limit_entries_at", limit_entries.c.at)
limit_subjects = Table("limit_subjects", metadata, Column("subject", Key, primary_key=True))

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("event", Key, nullable=False),
    Column("actor", Key),
    Column("subject_id", Key),
    Column("detail", Text, nullable=False, comment="a JSON object"),
    Column("request_id", Key),
    Column("ip", Key),
)
Index("ix_audit_events_at", audit_events.c.at, audit_events.c.id)
Index("ix_audit_events_subject_id", audit_events.c.subject_id, audit_events.c.at, audit_events.c.id)
Index("ix_audit_events_event", audit_events.c.event, audit_events.c.at, audit_events.c.id)
Index("ix_audit_events_actor", audit_events.c.actor, audit_events.c.at, audit_events.c.id)

# Tokens of a subject issued before `valid_after` are dead. A subject is a user, a client, a grant, or a single token.
token_revocations = Table(
    "token_revocations",
    metadata,
    Column("subject", Key, primary_key=True),
    Column("valid_after", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("expires_at", Moment, comment="when the last of those tokens has expired; NULL: nobody knows"),
)
Index("ix_token_revocations_recorded_at", token_revocations.c.recorded_at)
Index("ix_token_revocations_expires_at", token_revocations.c.expires_at)
