"""What commands begin with: the settings of the deployment, and a database that fits this version."""

from __future__ import annotations

import os

import click

from api.identifiers import new_id
from api.services.callers import Caller
from api.settings import Settings

COMMAND_LINE = "command-line"
"""The actor of the audit trail where an operator works by command."""


class CommandError(Exception):
    """The command cannot be carried out."""


def operator() -> Caller:
    """Return the caller that an operator is who works by command."""
    return Caller(subject=COMMAND_LINE, user_id=None, request_id=new_id())


def deployed_settings() -> Settings:
    """Read the settings from the environment, and warn of variables that are none."""
    settings = Settings.from_environment(os.environ)
    for name in settings.unknown:
        click.echo(f"lineproof: {name} is not a setting", err=True)
    return settings
