"""What commands begin with: the settings of the deployment, and a database that fits this version."""

from __future__ import annotations

import os

import click

from api.settings import Settings


class CommandError(Exception):
    """The command cannot be carried out."""


def deployed_settings() -> Settings:
    """Read the settings from the environment, and warn of variables that are none."""
    settings = Settings.from_environment(os.environ)
    for name in settings.unknown:
        click.echo(f"lineproof: {name} is not a setting", err=True)
    return settings
