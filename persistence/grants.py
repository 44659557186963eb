"""What users gave clients: grants with their codes, and the refresh tokens that came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Integer, and_, bindparam, delete, or_, select, update

from persistence.clients import spaced
from persistence.good_users import is_still_good
from persistence.statements import Statement, adding, oldest
from persistence.tables_openid import oauth_clients, oauth_grants, refresh_tokens
from persistence.types import Key, Moment

if TYPE_CHECKING:
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Row


@dataclass(frozen=True, slots=True)
class Grant:
    """What one authorization of one user gave one client."""

    id: str
    client_id: str
    user_id: str
    scopes: frozenset[str]
    amr: tuple[str, ...]
    acr: str
    authenticated_at: datetime
    created_at: datetime
    expires_at: datetime
    code_expires_at: datetime
    code_challenge: str
    redirect_uri: str
    nonce: str | None = None
    redeemed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token that has been issued, as far as it is kept, and its grant."""

    grant: Grant
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None


_COLUMNS = (
    oauth_grants.c.id,
    oauth_grants.c.client_id,
    oauth_grants.c.user_id,
    oauth_grants.c.scopes,
    oauth_grants.c.amr,
    oauth_grants.c.acr,
    oauth_grants.c.authenticated_at,
    oauth_grants.c.created_at,
    oauth_grants.c.expires_at,
    oauth_grants.c.code_expires_at,
    oauth_grants.c.code_challenge,
    oauth_grants.c.redirect_uri,
    oauth_grants.c.nonce,
    oauth_grants.c.redeemed_at,
)
_GOOD = and_(
    oauth_grants.c.expires_at > bindparam("now", type_=Moment),
    is_still_good(oauth_grants.c.user_id, oauth_grants.c.authenticated_at),
)
_FIND_BY_CODE = Statement(select(*_COLUMNS).where(oauth_grants.c.code_digest == bindparam("code_digest"), _GOOD))
_LIST_OF_USER = Statement(
    select(*_COLUMNS)
    .where(oauth_grants.c.user_id == bindparam("user_id"), oauth_grants.c.redeemed_at.is_not(None), _GOOD)
    .order_by(oauth_grants.c.created_at, oauth_grants.c.id)
)
_NAMES_OF_USER = Statement(
    select(oauth_clients.c.id, oauth_clients.c.name)
    .select_from(oauth_grants.join(oauth_clients, oauth_clients.c.id == oauth_grants.c.client_id))
    .where(oauth_grants.c.user_id == bindparam("user_id"))
    .distinct()
)
_ADD = Statement(adding(oauth_grants))
_REDEEM = Statement(
    update(oauth_grants)
    .where(oauth_grants.c.id == bindparam("the_id"), oauth_grants.c.redeemed_at.is_(None))
    .values(redeemed_at=bindparam("at", type_=Moment))
)
_REMOVE = Statement(delete(oauth_grants).where(oauth_grants.c.id == bindparam("id")))
_PRUNE = Statement(oldest(oauth_grants.c.expires_at))
_FIND_REFRESH = Statement(
    select(refresh_tokens.c.issued_at, refresh_tokens.c.expires_at, refresh_tokens.c.used_at, *_COLUMNS)
    .select_from(refresh_tokens.join(oauth_grants, oauth_grants.c.id == refresh_tokens.c.grant_id))
    .where(refresh_tokens.c.token_digest == bindparam("token_digest"), _GOOD)
)
_ADD_REFRESH = Statement(adding(refresh_tokens))
# Work that is done again finds its own successor there already.
_USE_REFRESH = Statement(
    update(refresh_tokens)
    .where(
        refresh_tokens.c.token_digest == bindparam("the_digest"),
        or_(
            refresh_tokens.c.used_at.is_(None),
            refresh_tokens.c.successor_digest == bindparam("successor_digest", type_=Key),
        ),
    )
    .values(used_at=bindparam("at", type_=Moment), successor_digest=bindparam("successor_digest", type_=Key))
)
_PRUNE_REFRESH = Statement(
    delete(refresh_tokens).where(
        refresh_tokens.c.token_digest.in_(
            select(refresh_tokens.c.token_digest)
            .where(refresh_tokens.c.expires_at <= bindparam("before", type_=Moment))
            .order_by(refresh_tokens.c.expires_at)
            .limit(bindparam("limit", type_=Integer))
        )
    )
)


class Grants:
    """All grants. One whose user may not sign in any more, or had everything ended since, is not found."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, grant: Grant, code_digest: str) -> None:
        """Add a grant, found by the digest of its code."""
        self._link.later(
            _ADD,
            {
                "id": grant.id,
                "client_id": grant.client_id,
                "user_id": grant.user_id,
                "scopes": spaced(grant.scopes),
                "amr": " ".join(grant.amr),
                "acr": grant.acr,
                "authenticated_at": grant.authenticated_at,
                "created_at": grant.created_at,
                "expires_at": grant.expires_at,
                "code_digest": code_digest,
                "code_expires_at": grant.code_expires_at,
                "code_challenge": grant.code_challenge,
                "redirect_uri": grant.redirect_uri,
                "nonce": grant.nonce,
                "redeemed_at": grant.redeemed_at,
            },
        )

    def find_by_code(self, code_digest: str, now: datetime) -> Grant | None:
        """Find the grant of a code, whether that has been redeemed or not."""
        row = self._link.row(_FIND_BY_CODE, {"code_digest": code_digest, "now": now})
        return None if row is None else _read(row)

    def list_of_user(self, user_id: str, now: datetime) -> tuple[Grant, ...]:
        """List the grants of a user that tokens have come of, the oldest first."""
        return tuple(_read(row) for row in self._link.rows(_LIST_OF_USER, {"user_id": user_id, "now": now}))

    def clients_of_user(self, user_id: str) -> dict[str, str]:
        """Return the names of the clients that hold a grant of a user, by their ids."""
        return {row[0]: row[1] for row in self._link.rows(_NAMES_OF_USER, {"user_id": user_id})}

    def redeem(self, grant_id: str, at: datetime) -> bool:
        """Use up the code of a grant; tell whether it was this call that did."""
        return self._link.run(_REDEEM, {"the_id": grant_id, "at": at}) > 0

    def remove(self, grant_id: str) -> bool:
        """Remove a grant with its refresh tokens; tell whether there was one."""
        return self._link.run(_REMOVE, {"id": grant_id}) > 0

    def find_refresh(self, token_digest: str, now: datetime) -> RefreshToken | None:
        """Find a refresh token, whether it has been used or not."""
        row = self._link.row(_FIND_REFRESH, {"token_digest": token_digest, "now": now})
        return None if row is None else RefreshToken(_read(row[3:]), row[0], row[1], row[2])

    def add_refresh(self, token_digest: str, grant_id: str, issued_at: datetime, expires_at: datetime) -> None:
        """Add a refresh token of a grant."""
        self._link.later(
            _ADD_REFRESH,
            {
                "token_digest": token_digest,
                "grant_id": grant_id,
                "issued_at": issued_at,
                "expires_at": expires_at,
                "used_at": None,
                "successor_digest": None,
            },
        )

    def use_refresh(self, token_digest: str, successor_digest: str, at: datetime) -> bool:
        """Use a refresh token up, in favour of another; tell whether it was this one that took its place."""
        parameters = {"the_digest": token_digest, "successor_digest": successor_digest, "at": at}
        return self._link.run(_USE_REFRESH, parameters) > 0

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some grants and refresh tokens that expired up to a moment; return how many."""
        parameters = {"before": before, "limit": limit}
        return self._link.run(_PRUNE, parameters) + self._link.run(_PRUNE_REFRESH, parameters)


def _read(row: Row) -> Grant:
    grant_id, client_id, user_id, scopes, amr, *rest = row
    return Grant(grant_id, client_id, user_id, frozenset(scopes.split()), tuple(amr.split()), *rest)
