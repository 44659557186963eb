"""`lineproof client`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from api.commands.databases import prepare_database
from api.commands.deployment import deployed_settings, operator
from api.core_wiring import build_core
from api.keys import load_keys
from api.services.clients import ClientService, NewClient, NoSuchClient

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


@client.command("change")
@click.argument("client_id", metavar="ID")
@click.option("--name", help="What it is called.")
@click.option("--redirect", "redirects", metavar="URI", multiple=True, help="In place of all redirect URIs.")
@click.option("--logout", "logouts", metavar="URI", multiple=True, help="In place of all it has for signing out.")
@click.option("--scope", "scopes", metavar='"A B"', multiple=True, help="In place of all its scopes; may be empty.")
@click.option("--first-party/--third-party", "is_first_party", default=None, help="Whether its users are not asked.")
def change(
    *,
    client_id: str,
    name: str | None,
    redirects: tuple[str, ...],
    logouts: tuple[str, ...],
    scopes: tuple[str, ...],
    is_first_party: bool | None,
) -> None:
    """Change what is given of a client; the rest stays."""
    with _clients() as service:
        before = service.lookup(client_id)
        if before is None:
            raise NoSuchClient
        wanted = NewClient(
            name=before.name if name is None else name,
            redirect_uris=redirects or before.redirect_uris,
            logout_uris=logouts or before.logout_uris,
            scopes=frozenset(" ".join(scopes).split()) if scopes else before.scopes,
            is_first_party=before.is_first_party if is_first_party is None else is_first_party,
        )
        service.change(client_id, wanted, operator())


@client.command("rotate")
@click.argument("client_id", metavar="ID")
def rotate(*, client_id: str) -> None:
    """Give a client another secret and print it, this once; the old one is no good any more."""
    with _clients() as service:
        click.echo(f"client_secret={service.rotate(client_id, operator())}")


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
