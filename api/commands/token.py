"""`lineproof token`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from api.auth.client_scopes import OPENID_SCOPES
from api.auth.issuer import TokenIssuer
from api.auth.scopes import ALL_SCOPES, Scope
from api.clock import SystemClock
from api.commands.deployment import deployed_settings
from api.keys import load_keys
from api.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings

CLIENT = "command-line"
"""The client that a user's token is issued to where an operator works by command."""


@click.command()
@click.option("--user", "user_name", metavar="NAME", help="The user the token stands for.")
@click.option("--client", "client_id", metavar="ID", help="The client the token stands for.")
@click.option("--scope", "scopes", metavar='"A B"', help="Scopes, separated by spaces.")
@click.option("--admin", is_flag=True, help="Grant all scopes.")
@click.option("--lifetime", type=click.IntRange(1, 366 * 86400), default=3600, show_default=True, help="Seconds.")
def token(*, user_name: str | None, client_id: str | None, scopes: str | None, admin: bool, lifetime: int) -> None:
    """Print an access token of the embedded issuer, and nothing else."""
    if (user_name is None) == (client_id is None):
        raise click.UsageError("name either --user or --client")
    granted = _granted(scopes, admin=admin, default={Scope.LOGIN} if user_name else set())
    settings = deployed_settings()
    issuer = TokenIssuer(issuer=settings.base_url, keys=load_keys(settings).issuer, clock=SystemClock())
    span = timedelta(seconds=lifetime)
    if user_name is None:
        click.echo(issuer.mint_for_client(client_id or "", scopes=granted, lifetime=span))
        return
    # Loaded where it is needed: a client's token is made without the database, and in half the time.
    user_id_of: Callable[[Settings, str], str] = load("api.commands.databases:user_id_of")
    user_id = user_id_of(settings, user_name)
    click.echo(issuer.mint_for_user(user_id, client_id=CLIENT, scopes=granted, lifetime=span))


def _granted(scopes: str | None, *, admin: bool, default: set[Scope]) -> frozenset[str]:
    named = frozenset((scopes or "").split())
    unknown = sorted(named - ALL_SCOPES - OPENID_SCOPES)
    if unknown:
        raise click.UsageError(f"unknown scope: {' '.join(unknown)}")
    if admin:
        return ALL_SCOPES
    return named if scopes is not None else frozenset(default)
