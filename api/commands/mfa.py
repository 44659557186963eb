"""`lineproof mfa`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.bulk_resets import is_done, read_names, run_all, write_report
from api.commands.databases import prepare_database
from api.commands.deployment import CommandError, deployed_settings, operator
from api.directories import NAMES
from api.journals import Journal
from api.services.local_directory import LOCAL
from api.services.mfa_reset import Wanted
from api.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.wiring import Services


@click.group()
def mfa() -> None:
    """Look after authentication methods."""


@mfa.command("reset")
@click.option("--file", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
@click.option("--directory", type=click.Choice(NAMES), default=LOCAL, show_default=True)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Tell what would go, and remove nothing.")
@click.option("--reason", help="Why, for the audit trail.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="CSV; by default FILE.report.csv.")
def reset(*, path: Path, directory: str, is_dry_run: bool, reason: str | None, report: Path | None) -> None:
    """Reset all authentication methods of the users in a CSV file.

    What has been done is kept in FILE.journal: the same command goes on where an earlier run stopped.
    """
    names = read_names(path)
    journal = None if is_dry_run else Journal(path.with_name(f"{path.name}.journal"))
    earlier = journal.entries() if journal else {}
    waiting = [name for name in names if name not in earlier or not is_done(earlier[name])]
    settings = deployed_settings()
    prepare_database(settings)
    services = build_services(settings, pool_size=1)
    if directory not in services.resets.directories:
        raise CommandError(f"the directory {directory} is not connected")
    became = dict(earlier)
    try:
        act = _act(services, directory, reason, is_dry_run=is_dry_run)
        with click.progressbar(length=len(waiting), label="reset", file=sys.stderr) as bar:
            for entry in run_all(waiting, act, journal):
                became[entry["name"]] = entry
                bar.update(1)
    finally:
        services.core.database.close()
        target = report or path.with_name(f"{path.name}.report.csv")
        with target.open("w", encoding="utf-8", newline="") as file:
            write_report((became[name] for name in names if name in became), file)
    _conclude([became[name] for name in names], target, is_dry_run=is_dry_run)


def _act(
    services: Services, directory: str, reason: str | None, *, is_dry_run: bool
) -> Callable[[str], dict[str, Any]]:
    caller = operator()

    def act(name: str) -> dict[str, Any]:
        wanted = Wanted(name=name, directory=directory, reason=reason, is_dry_run=is_dry_run)
        return services.resets.reset_unhindered(wanted, caller).report

    return act


def _conclude(entries: list[dict[str, Any]], target: Path, *, is_dry_run: bool) -> None:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry["overall"]] = counts.get(entry["overall"], 0) + 1
    told = ", ".join(f"{count} {overall}" for overall, count in sorted(counts.items())) or "nobody"
    click.echo(f"{told}; report: {target}")
    if not is_dry_run and any(not is_done(entry) for entry in entries):
        raise CommandError("not every user was reset whole; the report tells why")
