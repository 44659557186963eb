"""The command line. Exit codes: 0 done, 1 failure, 2 wrong usage; errors in one line on standard error."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from importlib.metadata import version
from pkgutil import resolve_name
from typing import TYPE_CHECKING, NoReturn

import click

from api.auth.scopes import ALL_SCOPES, Scope
from api.commands import CommandError, add_user, mint_for_client, mint_for_user, open_services, prepare_database
from api.demo import demo_text
from api.identifiers import new_id
from api.keys import KeyFileError
from api.logs import configure_logs
from api.processes import die_with_parent
from api.server import AddressInUse
from api.server import serve as run_server
from api.services.errors import UseCaseError
from api.settings import Settings, SettingsError
from api.working import run_worker
from persistence.errors import PersistenceError
from persistence.migrations import upgrade
from providers.errors import ProviderConfigError
from scim.errors import ScimError
from scim.schemas import SchemaFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FAILURE = 1
_FAULTS = (
    AddressInUse,
    CommandError,
    KeyFileError,
    PersistenceError,
    ProviderConfigError,
    SchemaFault,
    ScimError,
    SettingsError,
    UseCaseError,
)


@click.group()
@click.version_option(version("lineproof"), "--version", message="lineproof %(version)s")
def lineproof() -> None:
    """Lineproof: a SCIM 2.0 service that changes a phone number only when its owner has proved it."""


@lineproof.command()
@click.option("--demo", is_flag=True, help="Add user bob to an empty database and print commands to try.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="HTTP processes; one for each core by default."
)
@click.option("--no-delivery", is_flag=True, help="Leave delivery to `lineproof worker`.")
def serve(*, demo: bool, workers: int | None, no_delivery: bool) -> None:
    """Serve HTTP, with delivery in a supervised child."""
    settings = _settings()
    prepare_database(settings)
    text = demo_text(settings) if demo else ""

    def announce() -> None:
        click.echo(f"lineproof ready on {settings.base_url}{text}")
        sys.stdout.flush()

    count = workers or os.cpu_count() or 1
    run_server(settings, workers=count, with_delivery=not no_delivery, announce=announce)


@lineproof.command()
@click.option("--parent", type=int, default=None, hidden=True, help="Process to end with.")
def worker(*, parent: int | None) -> None:
    """Deliver codes, and nothing else."""
    if parent is not None:
        die_with_parent(parent)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    run_worker(_settings(), stopping)


@lineproof.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    upgrade(_settings().database_url)


@lineproof.command()
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
    settings = _settings()
    span = timedelta(seconds=lifetime)
    if user_name is not None:
        click.echo(mint_for_user(settings, user_name, granted, span))
    else:
        click.echo(mint_for_client(settings, client_id or "", granted, span))


@lineproof.command()
def openapi() -> None:
    """Print the description of the HTTP interface, as these settings make it."""
    # Loaded when asked for: no other command needs the whole application, and workers run by this module.
    openapi_text: Callable[[Settings], str] = resolve_name("api.openapi.text:openapi_text")
    click.echo(openapi_text(_settings()), nl=False)


@lineproof.group()
def user() -> None:
    """Look after users."""


@user.command("add")
@click.argument("name")
@click.option("--mobile", metavar="NUMBER", help="Primary mobile number, stored unverified.")
@click.option("--email", metavar="ADDRESS", help="Primary e-mail address.")
def user_add(*, name: str, mobile: str | None, email: str | None) -> None:
    """Add a user and print the id."""
    settings = _settings()
    prepare_database(settings)
    click.echo(add_user(open_services(settings), name, mobile=mobile, email=email, request_id=new_id()))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    configure_logs()
    try:
        lineproof.main(arguments, prog_name="lineproof", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(FAILURE)
    except _FAULTS as error:
        click.echo(f"lineproof: {_one_line(error)}", err=True)
        sys.exit(FAILURE)
    sys.exit(0)


def _settings() -> Settings:
    settings = Settings.from_environment(os.environ)
    for name in settings.unknown:
        click.echo(f"lineproof: {name} is not a setting", err=True)
    return settings


def _granted(scopes: str | None, *, admin: bool, default: set[Scope]) -> frozenset[str]:
    named = frozenset((scopes or "").split())
    unknown = sorted(named - ALL_SCOPES)
    if unknown:
        raise click.UsageError(f"unknown scope: {' '.join(unknown)}")
    if admin:
        return ALL_SCOPES
    return named if scopes is not None else frozenset(default)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


if __name__ == "__main__":
    main()
