"""`lineproof worker`."""

from __future__ import annotations

import click

from api.commands.deployment import deployed_settings
from api.processes import die_with_parent
from api.stopping import BY_PARENT, leave, on_stop
from api.working import run_child, run_worker


@click.command()
@click.option("--parent", type=int, default=None, hidden=True, help="Process to end with.")
def worker(*, parent: int | None) -> None:
    """Deliver codes, and nothing else."""
    if parent is None:
        on_stop(leave)
        run_worker(deployed_settings())
    else:
        on_stop(leave, signals=BY_PARENT)
        die_with_parent(parent)
        run_child(deployed_settings())
