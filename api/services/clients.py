"""The clients of the OpenID provider: added and removed by the operator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from api.auth.client_scopes import KNOWN_SCOPES, USER_SCOPES
from api.identifiers import new_id
from api.secrets_at_rest import digest_of, new_secret
from api.services import trail
from api.services.errors import UseCaseError
from api.services.redirects import fault_in
from api.services.trail import Deed
from persistence.clients import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

LONGEST_NAME = 100


class Flaw(StrEnum):
    """What is wrong with a client."""

    NAME = "name"
    URI = "uri"
    SCOPE_UNKNOWN = "scope_unknown"
    SCOPE_OF_MACHINES = "scope_of_machines"  # and the client is a public one
    NO_REDIRECT = "no_redirect"
    NO_SECRET = "no_secret"  # noqa: S105 - the name of a flaw


class ClientRefused(UseCaseError):
    """The client cannot be added or changed."""

    code = "CLIENT_REFUSED"

    def __init__(self, message: str, flaw: Flaw, field: str, value: str = "") -> None:
        """Keep what is wrong, in which field, and the value that is."""
        self.flaw = flaw
        self.field = field
        self.value = value
        super().__init__(message)


class NoSuchClient(UseCaseError):
    """There is no such client."""

    code = "CLIENT_NOT_FOUND"


class ClientChanged(UseCaseError):
    """Somebody else has changed the client meanwhile."""

    code = "CLIENT_CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """What is asked for: a client by its name, with what it may do and where its users come back to."""

    name: str
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    is_public: bool = False
    is_first_party: bool = False

    def check(self) -> None:
        """Raise ClientRefused where something is wrong with it, for the first such thing."""
        for flaw in self.flaws():
            raise flaw

    def flaws(self) -> Iterator[ClientRefused]:
        """Name all that is wrong with it; of each list of URIs all that are, together."""
        if not self.name.strip() or len(self.name) > LONGEST_NAME or not self.name.isprintable():
            told = f"The name must have 1 to {LONGEST_NAME} printable characters."
            yield ClientRefused(told, Flaw.NAME, "name")
        yield from self._flaws_of("redirect", self.redirect_uris)
        if self.is_public and not self.redirect_uris:
            yield ClientRefused("A public client needs a redirect URI.", Flaw.NO_REDIRECT, "redirect_uris")
        yield from self._flaws_of("logout", self.logout_uris)
        if unknown := " ".join(sorted(self.scopes - KNOWN_SCOPES)):
            yield ClientRefused(f"There is no scope {unknown}.", Flaw.SCOPE_UNKNOWN, "scopes", unknown)
        beyond = " ".join(sorted((self.scopes & KNOWN_SCOPES) - USER_SCOPES))
        if self.is_public and beyond:
            # It can prove to nobody that it is the one it says it is (RFC 6749 §4.4).
            told = f"A public client acts for users only; it cannot have {beyond}."
            yield ClientRefused(told, Flaw.SCOPE_OF_MACHINES, "scopes", beyond)

    def _flaws_of(self, kind: str, uris: tuple[str, ...]) -> Iterator[ClientRefused]:
        faults = {uri: fault for uri in uris if (fault := fault_in(uri, is_public=self.is_public))}
        if faults:
            told = " ".join(f"The {kind} URI {uri} {fault}." for uri, fault in faults.items())
            yield ClientRefused(told, Flaw.URI, f"{kind}_uris", ", ".join(faults))


@dataclass(frozen=True, slots=True)
class ClientService:
    """Use cases of clients."""

    core: Core

    def add(self, new: NewClient, caller: Caller) -> tuple[Client, str | None]:
        """Add a client; return it with its secret, which is told only here (None for a public one).

        Raises:
            ClientRefused: something is wrong with it.
        """
        new.check()
        secret = None if new.is_public else new_secret()
        client = Client(
            id=new_id(),
            name=new.name,
            secret_digest=None if secret is None else digest_of(secret),
            redirect_uris=new.redirect_uris,
            logout_uris=new.logout_uris,
            scopes=new.scopes,
            is_first_party=new.is_first_party,
            created_at=self.core.clock.now(),
        )
        self.core.database.transact(lambda unit: _add(unit, client, caller))
        return client, secret

    def change(self, client_id: str, wanted: NewClient, caller: Caller, *, expected: str | None = None) -> Client:
        """Change what a client may do and where its users come back to; whether it has a secret stays as it is.

        Where it may do less than before, the tokens it holds end, and it gets others by its refresh tokens.
        `expected` is the version that the caller has seen.

        Raises:
            NoSuchClient: there is none.
            ClientChanged: it is of another version.
            ClientRefused: something is wrong with it.
        """
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> Client:
            before = _lock(unit, client_id)
            if expected not in {None, before.version}:
                raise ClientChanged
            return _change(unit, before, wanted, caller, at)

        return self.core.database.transact(write)

    def rotate(self, client_id: str, caller: Caller) -> str:
        """Give a client another secret, which is told only here; the old one and the tokens it holds end.

        Raises:
            NoSuchClient: there is none.
            ClientRefused: it is a public one and has no secret.
        """
        at, secret = self.core.clock.now(), new_secret()
        self.core.database.transact(lambda unit: _rotate(unit, client_id, digest_of(secret), caller, at))
        return secret

    def list(self) -> tuple[Client, ...]:
        """List all clients, the oldest first."""
        return self.core.database.read(lambda unit: unit.clients.list())

    def lookup(self, client_id: str) -> Client | None:
        """Return a client, None where there is none."""
        return self.core.database.read(lambda unit: unit.clients.lookup(client_id))

    def remove(self, client_id: str, caller: Caller) -> None:
        """Remove a client; every token it holds ends, its own and those of users.

        Raises:
            NoSuchClient: there is none.
        """
        at = self.core.clock.now()
        if not self.core.database.transact(lambda unit: _remove(unit, client_id, caller, at)):
            raise NoSuchClient

    def has_consent(self, user_id: str, client: Client, scopes: frozenset[str]) -> bool:
        """Tell whether a user need not be asked any more whether a client may have these scopes."""
        if client.is_first_party:
            return True
        return scopes <= self.core.database.read(lambda unit: unit.clients.consented(user_id, client.id))

    def consent(self, user_id: str, client: Client, scopes: frozenset[str], caller: Caller) -> None:
        """Keep that a user lets a client have these scopes, beside those consented to before."""
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            before = unit.clients.consented(user_id, client.id)
            unit.clients.save_consent(user_id, client.id, before | scopes, at)
            trail.record(
                unit, Deed.CONSENT_GIVEN, caller, user_id, at, client_id=client.id, scopes=" ".join(sorted(scopes))
            )

        self.core.database.transact(write)


def _add(unit: UnitOfWork, client: Client, caller: Caller) -> None:
    unit.clients.add(client)
    trail.record(unit, Deed.CLIENT_ADDED, caller, None, client.created_at, client_id=client.id, name=client.name)


def _change(unit: UnitOfWork, before: Client, wanted: NewClient, caller: Caller, at: datetime) -> Client:
    replace(wanted, is_public=before.is_public).check()
    after = replace(
        before,
        name=wanted.name,
        redirect_uris=wanted.redirect_uris,
        logout_uris=wanted.logout_uris,
        scopes=wanted.scopes,
        is_first_party=wanted.is_first_party,
    )
    if after == before:
        return before
    unit.clients.save(after)
    if before.scopes - after.scopes:
        unit.revocations.add(after.id, at, at)
    scopes = " ".join(sorted(after.scopes))
    trail.record(unit, Deed.CLIENT_CHANGED, caller, None, at, client_id=after.id, name=after.name, scopes=scopes)
    return after


def _rotate(unit: UnitOfWork, client_id: str, digest: str, caller: Caller, at: datetime) -> None:
    if _lock(unit, client_id).is_public:
        raise ClientRefused("A public client has no secret.", Flaw.NO_SECRET, "name")
    unit.clients.renew_secret(client_id, digest)
    # Whoever had the old secret may have tokens as well.
    unit.revocations.add(client_id, at, at)
    trail.record(unit, Deed.CLIENT_SECRET_ROTATED, caller, None, at, client_id=client_id)


def _lock(unit: UnitOfWork, client_id: str) -> Client:
    found = unit.clients.lock(client_id)
    if found is None:
        raise NoSuchClient
    return found


def _remove(unit: UnitOfWork, client_id: str, caller: Caller, at: datetime) -> bool:
    was_there = unit.clients.remove(client_id)
    if was_there:
        # For good: nobody knows for how long an operator made a token of this client.
        unit.revocations.add(client_id, at, at)
        trail.record(unit, Deed.CLIENT_REMOVED, caller, None, at, client_id=client_id)
    return was_there
