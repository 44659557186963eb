"""`lineproof migrate`."""

from __future__ import annotations

import click

from api.commands.deployment import deployed_settings
from persistence.migrations import upgrade


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    upgrade(deployed_settings().database_url)
