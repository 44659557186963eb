"""The tables of the OpenID provider: who is signed in, and what clients were given."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, Text

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
    Column("browser", Key, comment="a name of ours, never what was sent"),
    Column("system", Key, comment="likewise: what it runs on"),
    CheckConstraint("expires_at > authenticated_at", name="expires_at"),
)
Index("uq_browser_sessions_token_digest", browser_sessions.c.token_digest, unique=True)
Index("ix_browser_sessions_user_id", browser_sessions.c.user_id, browser_sessions.c.authenticated_at)
Index("ix_browser_sessions_expires_at", browser_sessions.c.expires_at)

# Applications that may ask for tokens. A public one has no secret.
oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_digest", Key),
    Column("redirect_uris", Text, nullable=False, comment="a JSON array"),
    Column("logout_uris", Text, nullable=False, comment="a JSON array"),
    Column("scopes", Text, nullable=False, comment="separated by spaces"),
    Column("is_first_party", Boolean, nullable=False, comment="users are not asked for their consent"),
    Column("created_at", Moment, nullable=False),
)

# What users have consented to that a client may do.
oauth_consents = Table(
    "oauth_consents",
    metadata,
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True),
    Column("client_id", Key, ForeignKey("oauth_clients.id", ondelete="CASCADE"), primary_key=True),
    Column("scopes", Text, nullable=False, comment="separated by spaces"),
    Column("given_at", Moment, nullable=False),
)
Index("ix_oauth_consents_client_id", oauth_consents.c.client_id)

# What one authorization of one user gave one client: a code, and the tokens that came of it. Where it is gone, none
# of them is good any more.
oauth_grants = Table(
    "oauth_grants",
    metadata,
    Column("id", Key, primary_key=True),
    Column("client_id", Key, ForeignKey("oauth_clients.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Key, ForeignKey("resources.id", ondelete="CASCADE"), nullable=False),
    Column("scopes", Text, nullable=False, comment="separated by spaces"),
    Column("amr", Text, nullable=False, comment="how the user was authenticated, separated by spaces (RFC 8176)"),
    Column("acr", Key, nullable=False),
    Column("authenticated_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, comment="nothing that came of it is good for longer"),
    Column("code_digest", Key, nullable=False),
    Column("code_expires_at", Moment, nullable=False),
    Column("code_challenge", Key, nullable=False, comment="by the method S256"),
    Column("redirect_uri", Text, nullable=False),
    Column("nonce", Text),
    Column("redeemed_at", Moment, comment="when the code was turned into tokens"),
    CheckConstraint("code_expires_at <= expires_at", name="code_expires_at"),
)
Index("uq_oauth_grants_code_digest", oauth_grants.c.code_digest, unique=True)
Index("ix_oauth_grants_user_id", oauth_grants.c.user_id, oauth_grants.c.client_id)
Index("ix_oauth_grants_client_id", oauth_grants.c.client_id)
Index("ix_oauth_grants_expires_at", oauth_grants.c.expires_at)

# Every refresh token of a grant, the used ones too: one that comes back has been stolen.
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_digest", Key, primary_key=True),
    Column("grant_id", Key, ForeignKey("oauth_grants.id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("successor_digest", Key, comment="of the token that took its place"),
    CheckConstraint("(used_at IS NULL) = (successor_digest IS NULL)", name="used_at"),
)
Index("ix_refresh_tokens_grant_id", refresh_tokens.c.grant_id)
Index("ix_refresh_tokens_expires_at", refresh_tokens.c.expires_at)
