"""The clients of the OpenID provider, and what users have consented to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from persistence.documents import is_storable
from persistence.statements import Statement, adding
from persistence.tables_openid import oauth_clients, oauth_consents

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from persistence.links import Link
    from persistence.statements import Parameters, Row


@dataclass(frozen=True, slots=True)
class Client:
    """An application that may ask for tokens; without a secret it is a public one."""

    id: str
    name: str
    secret_digest: str | None = field(repr=False)
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]
    scopes: frozenset[str]
    is_first_party: bool
    created_at: datetime

    @property
    def is_public(self) -> bool:
        """Tell whether it can keep no secret."""
        return self.secret_digest is None

    @property
    def version(self) -> str:
        """Tell by one word what can be changed of it: another one is another client than somebody has seen."""
        row = _row(self)
        return hashlib.sha256(orjson.dumps([row[name] for name in _CHANGING])).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """What a user has consented to that a client may do."""

    client_id: str
    client_name: str
    scopes: frozenset[str]
    given_at: datetime


_COLUMNS = (
    oauth_clients.c.id,
    oauth_clients.c.name,
    oauth_clients.c.secret_digest,
    oauth_clients.c.redirect_uris,
    oauth_clients.c.logout_uris,
    oauth_clients.c.scopes,
    oauth_clients.c.is_first_party,
    oauth_clients.c.created_at,
)
_CHANGING = ("name", "redirect_uris", "logout_uris", "scopes", "is_first_party")
_BY_ID = select(*_COLUMNS).where(oauth_clients.c.id == bindparam("id"))
_LOOKUP = Statement(_BY_ID)
_LOCK = Statement(_BY_ID.with_for_update())
_LIST_ALL = Statement(select(*_COLUMNS).order_by(oauth_clients.c.created_at, oauth_clients.c.id))
_ADD = Statement(adding(oauth_clients))
_SAVE = Statement(
    update(oauth_clients)
    .where(oauth_clients.c.id == bindparam("the_id"))
    .values({name: bindparam(f"new_{name}", type_=oauth_clients.c[name].type) for name in _CHANGING})
)
_RENEW_SECRET = Statement(
    update(oauth_clients)
    .where(oauth_clients.c.id == bindparam("the_id"))
    .values(secret_digest=bindparam("new_secret_digest"))
)
_REMOVE = Statement(delete(oauth_clients).where(oauth_clients.c.id == bindparam("id")))
_FIND_CONSENT = Statement(
    select(oauth_consents.c.scopes).where(
        oauth_consents.c.user_id == bindparam("user_id"), oauth_consents.c.client_id == bindparam("client_id")
    )
)
_LIST_CONSENTS = Statement(
    select(oauth_clients.c.id, oauth_clients.c.name, oauth_consents.c.scopes, oauth_consents.c.given_at)
    .select_from(oauth_consents.join(oauth_clients, oauth_clients.c.id == oauth_consents.c.client_id))
    .where(oauth_consents.c.user_id == bindparam("user_id"))
    .order_by(oauth_consents.c.given_at, oauth_clients.c.id)
)
_REMOVE_CONSENT = Statement(
    delete(oauth_consents).where(
        oauth_consents.c.user_id == bindparam("user_id"), oauth_consents.c.client_id == bindparam("client_id")
    )
)
_NEW_CONSENT = insert(oauth_consents).values({column.name: bindparam(column.name) for column in oauth_consents.columns})
_SAVE_CONSENT = Statement(
    _NEW_CONSENT.on_conflict_do_update(
        index_elements=[oauth_consents.c.user_id, oauth_consents.c.client_id],
        set_={"scopes": _NEW_CONSENT.excluded.scopes, "given_at": _NEW_CONSENT.excluded.given_at},
    )
)


class Clients:
    """All clients."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lookup(self, client_id: str) -> Client | None:
        """Return a client, None where there is none."""
        return self._one(_LOOKUP, client_id)

    def lock(self, client_id: str) -> Client | None:
        """Return a client that nobody else changes until this work is over, None where there is none."""
        return self._one(_LOCK, client_id)

    def list(self) -> tuple[Client, ...]:
        """List all clients, the oldest first."""
        return tuple(_read(row) for row in self._link.rows(_LIST_ALL, {}))

    def add(self, client: Client) -> None:
        """Add a client."""
        self._link.later(_ADD, _row(client))

    def save(self, client: Client) -> None:
        """Write what a client may do by now; its secret stays as it is."""
        row = _row(client)
        self._link.later(_SAVE, {"the_id": client.id, **{f"new_{name}": row[name] for name in _CHANGING}})

    def renew_secret(self, client_id: str, digest: str) -> None:
        """Write another secret of a client, and nothing else."""
        self._link.later(_RENEW_SECRET, {"the_id": client_id, "new_secret_digest": digest})

    def remove(self, client_id: str) -> bool:
        """Remove a client with all it was given; tell whether there was one."""
        return self._link.run(_REMOVE, {"id": client_id}) > 0

    def consented(self, user_id: str, client_id: str) -> frozenset[str]:
        """Return the scopes that a user has consented to for a client."""
        row = self._link.row(_FIND_CONSENT, {"user_id": user_id, "client_id": client_id})
        return frozenset() if row is None else frozenset(row[0].split())

    def consents_of(self, user_id: str) -> tuple[Consent, ...]:
        """List what a user has consented to, the oldest first."""
        rows = self._link.rows(_LIST_CONSENTS, {"user_id": user_id})
        return tuple(Consent(row[0], row[1], frozenset(row[2].split()), row[3]) for row in rows)

    def remove_consent(self, user_id: str, client_id: str) -> bool:
        """Remove what a user consented to for a client; tell whether there was anything."""
        if not is_storable(client_id):
            return False
        return self._link.run(_REMOVE_CONSENT, {"user_id": user_id, "client_id": client_id}) > 0

    def save_consent(self, user_id: str, client_id: str, scopes: Collection[str], at: datetime) -> None:
        """Keep what a user consents to, in place of what was before."""
        self._link.later(
            _SAVE_CONSENT, {"user_id": user_id, "client_id": client_id, "scopes": spaced(scopes), "given_at": at}
        )

    def _one(self, statement: Statement, client_id: str) -> Client | None:
        # No id has what a database cannot hold.
        row = self._link.row(statement, {"id": client_id}) if is_storable(client_id) else None
        return None if row is None else _read(row)


def spaced(scopes: Collection[str]) -> str:
    """Write scopes in one order, separated by spaces."""
    return " ".join(sorted(scopes))


def _row(client: Client) -> Parameters:
    return {
        "id": client.id,
        "name": client.name,
        "secret_digest": client.secret_digest,
        "redirect_uris": orjson.dumps(client.redirect_uris).decode(),
        "logout_uris": orjson.dumps(client.logout_uris).decode(),
        "scopes": spaced(client.scopes),
        "is_first_party": client.is_first_party,
        "created_at": client.created_at,
    }


def _read(row: Row) -> Client:
    client_id, name, secret_digest, redirect_uris, logout_uris, scopes, is_first_party, created_at = row
    return Client(
        id=client_id,
        name=name,
        secret_digest=secret_digest,
        redirect_uris=tuple(orjson.loads(redirect_uris)),
        logout_uris=tuple(orjson.loads(logout_uris)),
        scopes=frozenset(scopes.split()),
        is_first_party=bool(is_first_party),
        created_at=created_at,
    )
