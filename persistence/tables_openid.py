"""The tables of the OpenID provider: who is signed in, and what clients were given."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from persistence.tables import metadata
from persistence.types import Key, Moment

# Users who are signed in, each in one browser. The browser has the token, the row only its digest.
browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("token_digest", Key, nullable=False),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), nullable=False),
    Column("amr", Text, nullable=False, comment="how the user was authenticated, separated by spaces (RFC 8176)"),
    Column("acr", Key, nullable=False),
    Column("authenticated_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, comment="to a minute"),
    Column("expires_at", Moment, nullable=False),
    Column("ip", Key),
    CheckConstraint("expires_at > authenticated_at", name="expires_at"),
)
Index("uq_browser_sessions_token_digest", browser_sessions.c.token_digest, unique=True)
Index("ix_browser_sessions_user_id", browser_sessions.c.user_id, browser_sessions.c.authenticated_at)
Index("ix_browser_sessions_expires_at", browser_sessions.c.expires_at)
