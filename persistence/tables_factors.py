"""The tables of sign-in: what users prove themselves by, and the flows in which they do."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Never part of a document, so that no projection, filter or export can meet them.
passwords = Table(
    "passwords",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("hash", Text, nullable=False, comment="argon2id, with its parameters and salt"),
    Column("changed_at", Moment, nullable=False),
)

# Requests that belong together. The one who began a flow has its secret, the row only a digest.
flows = Table(
    "flows",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Key, nullable=False),
    Column("secret_digest", Key, nullable=False),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), comment="NULL: about nobody"),
    Column("step", Key, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("data", Text, nullable=False, comment="a JSON object"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint("turn >= 0 AND attempts >= 0", name="counts"),
)
Index("ix_flows_user_id", flows.c.user_id, flows.c.kind)
Index("ix_flows_expires_at", flows.c.expires_at)

# When a second factor is asked for, where a client or a user has a policy of the own.
mfa_policies = Table(
    "mfa_policies",
    metadata,
    Column("subject_kind", Key, primary_key=True, comment="client or user"),
    Column("subject_id", Key, primary_key=True),
    Column("policy", Key, nullable=False),
)

# Where users have signed in from: a keyed digest of network and browser, so that the table is no movement profile.
sign_in_places = Table(
    "sign_in_places",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Key, primary_key=True),
    Column("seen_at", Moment, nullable=False),
)
Index("ix_sign_in_places_seen_at", sign_in_places.c.seen_at)

# Authenticators (RFC 6238), one a user.
authenticators = Table(
    "authenticators",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", Text, nullable=False, comment="the secret, sealed with a key from outside"),
    Column("last_step", Integer, nullable=False, comment="no code of it or of an earlier one is accepted"),
    Column("added_at", Moment, nullable=False),
)

# Saved recovery codes, each good once.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", Key, primary_key=True, comment="keyed"),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
)
