"""The tables of notices, and of the changes that they tell of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Changes of contact values that can be taken back. The token of the link is derived with the key named `kid`; the
# row has only its digest.
contact_changes = Table(
    "contact_changes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Key, nullable=False),
    Column("template", Key, nullable=False),
    Column("before", Text, nullable=False, comment="a JSON object: the values as they stood"),
    Column("old_value", Text, nullable=False, comment="masked"),
    Column("new_value", Text, nullable=False, comment="masked"),
    Column("mails", Text, nullable=False, comment="a JSON array: the addresses that were told"),
    Column("kid", Key, nullable=False),
    Column("token_digest", Key, nullable=False),
    Column("status", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended_at"),
)
CHANGE_IS_OPEN = text("contact_changes.status = 'open'")
Index("uq_contact_changes_token_digest", contact_changes.c.token_digest, unique=True)
Index("ix_contact_changes_user_id", contact_changes.c.user_id, contact_changes.c.created_at)
Index("ix_contact_changes_created_at", contact_changes.c.created_at)

# What is to be told, by template and values; the text is written when it leaves.
notices = Table(
    "notices",
    metadata,
    Column("id", Key, primary_key=True),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Key, nullable=False),
    Column("template", Key, nullable=False),
    Column("locale", Text),
    Column("destination", Text, nullable=False),
    Column("details", Text, nullable=False, comment="a JSON object: the values in the text, masked"),
    Column("change_id", Key, ForeignKey("contact_changes.id", ondelete="CASCADE")),
    Column("link_kid", Key, comment="the key of its link; NULL where it brings none"),
    Column("created_at", Moment, nullable=False),
)
Index("ix_notices_user_id", notices.c.user_id)
Index("ix_notices_change_id", notices.c.change_id)
Index("ix_notices_created_at", notices.c.created_at)
