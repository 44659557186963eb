"""`lineproof user`."""

from __future__ import annotations

import sys

import click

from api.auth.scopes import ALL_SCOPES
from api.commands.databases import prepare_database, user_id_of
from api.commands.deployment import deployed_settings, operator
from api.wiring import build_services


@click.group()
def user() -> None:
    """Look after users."""


@user.command("add")
@click.argument("name")
@click.option("--mobile", metavar="NUMBER", help="Primary mobile number, stored unverified.")
@click.option("--email", metavar="ADDRESS", help="Primary e-mail address.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input, one line.")
def add(*, name: str, mobile: str | None, email: str | None, password_stdin: bool) -> None:
    """Add a user and print the id."""
    body = _body(name, mobile, email)
    if password_stdin:
        body["password"] = _password()
    settings = deployed_settings()
    prepare_database(settings)
    services = build_services(settings, pool_size=1)
    caller = operator()
    try:
        click.echo(services.resources.users.create(body, caller).id)
    finally:
        services.core.database.close()


@user.command("administrator")
@click.argument("name")
@click.option("--scope", "scopes", metavar='"A B"', help="What they may do, separated by spaces; all by default.")
@click.option("--none", "is_none", is_flag=True, help="Nothing: they are no administrator any more.")
def administrator(*, name: str, scopes: str | None, is_none: bool) -> None:
    """Let a user into the Console, and print what they may do there."""
    granted = _granted(scopes, is_none=is_none)
    settings = deployed_settings()
    user_id = user_id_of(settings, name)
    services = build_services(settings, pool_size=1)
    try:
        services.administrators.set_scopes(user_id, granted, operator())
    finally:
        services.core.database.close()
    click.echo(f"scopes={' '.join(sorted(granted))}")


def _granted(scopes: str | None, *, is_none: bool) -> frozenset[str]:
    if is_none and scopes is not None:
        raise click.UsageError("give either --scope or --none")
    if scopes is None:
        return frozenset() if is_none else ALL_SCOPES
    if not scopes.strip():
        raise click.UsageError("--scope names no scope; --none takes all of them away")
    return frozenset(scopes.split())


def _body(name: str, mobile: str | None, email: str | None) -> dict[str, object]:
    body: dict[str, object] = {"userName": name}
    if mobile is not None:
        body["phoneNumbers"] = [{"type": "mobile", "value": mobile}]
    if email is not None:
        body["emails"] = [{"value": email, "primary": True}]
    return body


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise click.UsageError("standard input has no password")
    return password
