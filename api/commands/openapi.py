"""`lineproof openapi`."""

from __future__ import annotations

import click

from api.commands.deployment import deployed_settings
from api.openapi.text import openapi_text


@click.command()
def openapi() -> None:
    """Print the description of the HTTP interface, as these settings make it."""
    click.echo(openapi_text(deployed_settings()), nl=False)
