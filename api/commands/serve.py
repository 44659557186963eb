"""`lineproof serve`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from api.commands.databases import prepare_database
from api.commands.deployment import deployed_settings
from api.loading import load
from api.serving import serve as run
from api.stopping import leave, on_stop
from scim.resource_types import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings


@click.command()
@click.option("--demo", is_flag=True, help="Add user bob to an empty database and print commands to try.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="HTTP processes; one for each core by default."
)
@click.option("--no-delivery", is_flag=True, help="Leave delivery to `lineproof worker`.")
def serve(*, demo: bool, workers: int | None, no_delivery: bool) -> None:
    """Serve HTTP, with delivery in a supervised child."""
    on_stop(leave)
    settings = deployed_settings()
    if settings.schema_dir is not None:
        # Read here as well: a fault is told once and in one line, before any process is started.
        load_registry(settings.schema_dir)
    if settings.text_dir is not None:
        load("api.texting:load_texts")(settings)
    prepare_database(settings)

    def prepare() -> str:
        return f"lineproof ready on {settings.base_url}{_demonstration(settings) if demo else ''}\n"

    run(settings, workers=workers or os.cpu_count() or 1, with_delivery=not no_delivery, prepare=prepare)


def _demonstration(settings: Settings) -> str:
    demo_text: Callable[[Settings], str] = load("api.demo:demo_text")
    return demo_text(settings)
