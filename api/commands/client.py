"""`lineproof client`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from api.commands.databases import prepare_database
from api.commands.deployment import deployed_settings, operator
from api.core_wiring import build_core
from api.keys import load_keys
from api.services.clients import ClientService, NewClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from persistence.clients import Client


@click.group()
def client() -> None:
    """Look after the clients of the OpenID provider."""


@client.command("add")
@click.argument("name")
@click.option(
    "--redirect", "redirects", metavar="URI", multiple=True, help="Where users come back to; may be repeated."
)
@click.option("--logout", "logouts", metavar="URI", multiple=True, help="Where they may go after signing out.")
@click.option("--scope", "scopes", metavar='"A B"', multiple=True, help="What it may ask for, separated by spaces.")
@click.option("--public", "is_public", is_flag=True, help="It runs where it can keep no secret.")
@click.option("--first-party", "is_first_party", is_flag=True, help="Users are not asked for their consent.")
def add(
    *,
    name: str,
    redirects: tuple[str, ...],
    logouts: tuple[str, ...],
    scopes: tuple[str, ...],
    is_public: bool,
    is_first_party: bool,
) -> None:
    """Add a client, and print its id and its secret, which is told only once."""
    new = NewClient(
        name=name,
        redirect_uris=redirects,
        logout_uris=logouts,
        scopes=frozenset(" ".join(scopes).split()),
        is_public=is_public,
        is_first_party=is_first_party,
    )
    with _clients() as service:
        added, secret = service.add(new, operator())
    click.echo(f"client_id={added.id}")
    if secret is not None:
        click.echo(f"client_secret={secret}")


@client.command("list")
def list_all() -> None:
    """List the clients, a line each: id, name, kind, scopes, redirect URIs."""
    with _clients() as service:
        for each in service.list():
            click.echo("\t".join((each.id, each.name, _kind(each), " ".join(sorted(each.scopes)), *each.redirect_uris)))


@client.command("remove")
@click.argument("client_id", metavar="ID")
def remove(*, client_id: str) -> None:
    """Remove a client, and end every token it holds."""
    with _clients() as service:
        service.remove(client_id, operator())


def _kind(each: Client) -> str:
    kind = "public" if each.is_public else "confidential"
    return f"{kind},first-party" if each.is_first_party else kind


@contextmanager
def _clients() -> Iterator[ClientService]:
    settings = deployed_settings()
    prepare_database(settings)
    core = build_core(settings, load_keys(settings), pool_size=1)
    try:
        yield ClientService(core)
    finally:
        core.database.close()
