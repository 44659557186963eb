"""What the commands do, apart from reading arguments and printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth.issuer import TokenIssuer
from api.clock import SystemClock
from api.keys import load_keys
from api.services.callers import Caller
from api.wiring import Services, build_services
from persistence.database import Database
from persistence.migrations import upgrade

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from api.settings import Settings

COMMAND_LINE = "command-line"
"""The actor of the audit trail, and the client of tokens, where an operator works by command."""


class CommandError(Exception):
    """The command cannot be carried out."""


def prepare_database(settings: Settings) -> None:
    """Migrate an embedded database; refuse to go on with any other that is not at this version's schema.

    Raises:
        CommandError: the schema is old, and somebody has to decide when to change it.
    """
    if settings.has_embedded_database:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database.open(settings.database_url)
    try:
        is_current = database.is_current()
    finally:
        database.close()
    if is_current:
        return
    if not settings.has_embedded_database:
        raise CommandError("the database schema is not that of this version: run `lineproof migrate`")
    upgrade(settings.database_url)


def open_services(settings: Settings) -> Services:
    """Make the use cases for one command."""
    return build_services(settings, pool_size=1)


def add_user(services: Services, name: str, *, mobile: str | None, email: str | None, request_id: str) -> str:
    """Add a user and return the id."""
    body: dict[str, object] = {"userName": name}
    if mobile is not None:
        body["phoneNumbers"] = [{"type": "mobile", "value": mobile}]
    if email is not None:
        body["emails"] = [{"value": email, "primary": True}]
    caller = Caller(subject=COMMAND_LINE, user_id=None, request_id=request_id)
    return services.resources.by_type["User"].create(body, caller).id


def mint_for_user(settings: Settings, user_name: str, scopes: Collection[str], lifetime: timedelta) -> str:
    """Return a token for the user of that name."""
    prepare_database(settings)
    database = Database.open(settings.database_url)
    try:
        user = database.read(lambda unit: unit.resources.find("User", user_name))
    finally:
        database.close()
    if user is None:
        raise CommandError(f"there is no user {user_name}")
    return _issuer(settings).mint_for_user(user.id, client_id=COMMAND_LINE, scopes=scopes, lifetime=lifetime)


def mint_for_client(settings: Settings, client_id: str, scopes: Collection[str], lifetime: timedelta) -> str:
    """Return a token for a client."""
    return _issuer(settings).mint_for_client(client_id, scopes=scopes, lifetime=lifetime)


def _issuer(settings: Settings) -> TokenIssuer:
    return TokenIssuer(issuer=settings.base_url, keys=load_keys(settings).issuer, clock=SystemClock())
