"""The command line. Exit codes: 0 done, 1 failure, 2 wrong usage; errors in one line on standard error.

A command is a module of its own, which is imported when the command is run: whoever asks for a token does not wait
for a web server (docs/decisions/0012).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from api.loading import load
from api.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILURE = 1
COMMANDS = (
    "serve",
    "worker",
    "migrate",
    "prune",
    "token",
    "user",
    "client",
    "mfa",
    "import",
    "export",
    "openapi",
)
PLACES = {"import": "api.commands.transfer:import_users", "export": "api.commands.transfer:export_users"}
"""Of commands that are not in a module of their own name."""


class LateCommands(click.Group):
    """Commands that are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the one of this name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = load(PLACES.get(cmd_name, f"api.commands.{cmd_name}:{cmd_name}"))
        return command


@click.group(cls=LateCommands)
@click.version_option(package_name="lineproof", message="lineproof %(version)s")
def lineproof() -> None:
    """Lineproof: a SCIM 2.0 service that changes a phone number only when its owner has proved it."""


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
    except Exception as error:
        if not _is_the_operators(error):
            raise
        click.echo(f"lineproof: {_one_line(error)}", err=True)
        sys.exit(FAILURE)
    sys.exit(0)


def _is_the_operators(error: Exception) -> bool:
    faults: tuple[type[Exception], ...] = load("api.commands.faults:FAULTS")
    return isinstance(error, faults)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


if __name__ == "__main__":
    main()
