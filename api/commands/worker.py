"""`lineproof worker`."""

from __future__ import annotations

import click

from api.commands.deployment import deployed_settings
from api.processes import die_with_parent
from api.stopping import BY_OPERATOR, BY_PARENT, leave, on_stop
from api.working import run_worker


@click.command()
@click.option("--parent", type=int, default=None, hidden=True, help="Process to end with.")
def worker(*, parent: int | None) -> None:
    """Deliver codes, and nothing else."""
    signals = BY_OPERATOR if parent is None else BY_PARENT
    on_stop(leave, signals=signals)
    if parent is not None:
        die_with_parent(parent)
    settings = deployed_settings()
    # What a child of `lineproof serve` counts is part of what that one shows.
    run_worker(settings, signals, settings.metrics_bind if parent is None else None)
