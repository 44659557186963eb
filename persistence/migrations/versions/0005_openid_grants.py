"""Clients of the OpenID provider, consents, grants and refresh tokens; revocations that end with what they revoke.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from persistence.types import Key, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SPACED = "separated by spaces"


def upgrade() -> None:
    _clients()
    _consents()
    _grants()
    _refresh_tokens()
    op.add_column(
        "token_revocations",
        sa.Column("expires_at", Moment, comment="when the last of those tokens has expired; NULL: nobody knows"),
    )
    op.create_index("ix_token_revocations_expires_at", "token_revocations", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_token_revocations_expires_at", "token_revocations")
    op.drop_column("token_revocations", "expires_at")
    for table in ("refresh_tokens", "oauth_grants", "oauth_consents", "oauth_clients"):
        op.drop_table(table)


def _clients() -> None:
    op.create_table(
        "oauth_clients",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret_digest", Key),
        sa.Column("redirect_uris", sa.Text, nullable=False, comment="a JSON array"),
        sa.Column("logout_uris", sa.Text, nullable=False, comment="a JSON array"),
        sa.Column("scopes", sa.Text, nullable=False, comment=_SPACED),
        sa.Column("is_first_party", sa.Boolean, nullable=False, comment="users are not asked for their consent"),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_clients")),
    )


def _consents() -> None:
    op.create_table(
        "oauth_consents",
        sa.Column("user_id", Key, nullable=False),
        sa.Column("client_id", Key, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False, comment=_SPACED),
        sa.Column("given_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_oauth_consents_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["oauth_clients.id"], name=op.f("fk_oauth_consents_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "client_id", name=op.f("pk_oauth_consents")),
    )
    op.create_index("ix_oauth_consents_client_id", "oauth_consents", ["client_id"])


def _grants() -> None:
    op.create_table(
        "oauth_grants",
        sa.Column("id", Key, nullable=False),
        sa.Column("client_id", Key, nullable=False),
        sa.Column("user_id", Key, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False, comment=_SPACED),
        sa.Column(
            "amr", sa.Text, nullable=False, comment="how the user was authenticated, separated by spaces (RFC 8176)"
        ),
        sa.Column("acr", Key, nullable=False),
        sa.Column("authenticated_at", Moment, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False, comment="nothing that came of it is good for longer"),
        sa.Column("code_digest", Key, nullable=False),
        sa.Column("code_expires_at", Moment, nullable=False),
        sa.Column("code_challenge", Key, nullable=False, comment="by the method S256"),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text),
        sa.Column("redeemed_at", Moment, comment="when the code was turned into tokens"),
        sa.CheckConstraint("code_expires_at <= expires_at", name=op.f("ck_oauth_grants_code_expires_at")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["oauth_clients.id"], name=op.f("fk_oauth_grants_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["resources.id"], name=op.f("fk_oauth_grants_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_grants")),
    )
    op.create_index("uq_oauth_grants_code_digest", "oauth_grants", ["code_digest"], unique=True)
    op.create_index("ix_oauth_grants_user_id", "oauth_grants", ["user_id", "client_id"])
    op.create_index("ix_oauth_grants_client_id", "oauth_grants", ["client_id"])
    op.create_index("ix_oauth_grants_expires_at", "oauth_grants", ["expires_at"])


def _refresh_tokens() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("token_digest", Key, nullable=False),
        sa.Column("grant_id", Key, nullable=False),
        sa.Column("issued_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("successor_digest", Key, comment="of the token that took its place"),
        sa.CheckConstraint("(used_at IS NULL) = (successor_digest IS NULL)", name=op.f("ck_refresh_tokens_used_at")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["oauth_grants.id"], name=op.f("fk_refresh_tokens_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_grant_id", "refresh_tokens", ["grant_id"])
    op.create_index("ix_refresh_tokens_expires_at", "refresh_tokens", ["expires_at"])
