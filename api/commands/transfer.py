"""`lineproof import` and `lineproof export`."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from api.commands.databases import prepare_database
from api.commands.deployment import CommandError, deployed_settings, operator
from api.journals import Journal
from api.transfer.exporting import count, export
from api.transfer.forms import FaultyFile, Format, format_of, read_lines
from api.transfer.importing import Importer, Taken, Tally, skipping
from api.transfer.reports import rejected_line, report_head
from api.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.transfer.forms import Line
    from api.wiring import Services

BATCH = 50
"""Lines after which the journal is written: a run that is cut off meets so many again, and finds them unchanged."""
USER = "User"


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--update", "may_update", is_flag=True, help="Change users who are there already.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Tell what would happen, and write nothing.")
def import_users(*, path: Path, may_update: bool, is_dry_run: bool) -> None:
    """Take in the users of FILE (.csv or .jsonl).

    What has been taken is kept in FILE.journal: the same command goes on where an earlier run stopped. Lines that are
    rejected are in FILE.rejected.csv or .jsonl with the reason, to be mended and taken in again.
    """
    form = format_of(path)
    journal = None if is_dry_run else Journal(path.with_name(f"{path.name}.journal"), key="line")
    done = {number for number, entry in (journal.entries() if journal else {}).items() if entry["taken"] != "rejected"}
    tally = Tally()
    rejected = path.with_name(f"{path.name}.rejected.{form.value}")
    with _services() as services, rejected.open("wb") as file:
        with _said_of(path), path.open("rb") as content:
            file.write(report_head(content, form))
        importer = Importer(services.resources.users, operator(), may_update=may_update, is_dry_run=is_dry_run)
        waiting: list[dict[str, Any]] = []
        with click.progressbar(length=_size(path), label="import", file=sys.stderr) as bar:
            for result in importer.take(skipping(_lines(path, form), lambda number: number in done)):
                tally.add(result)
                if result.taken is Taken.REJECTED:
                    file.write(rejected_line(result.line, result.reason, form))
                waiting.append({"line": result.line.number, "taken": result.taken.value})
                if len(waiting) >= BATCH:
                    _keep(journal, waiting)
                bar.update(1)
            _keep(journal, waiting)
    if not tally.has_rejected:
        rejected.unlink()
    click.echo(f"{tally.told()}{f', {len(done)} taken before' if done else ''}")
    if tally.has_rejected:
        raise CommandError(f"some lines were rejected; {rejected} has them with the reasons")


@click.command("export")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="By default FILE's ending.")
@click.option("--filter", "filter_text", metavar="FILTER", help="Only users that match this SCIM filter.")
def export_users(*, path: Path, form: str | None, filter_text: str | None) -> None:
    """Write users to FILE (.csv or .jsonl), or with - to standard output."""
    chosen = Format(form) if form else format_of(path)
    written = 0
    with _services() as services, _target(path) as file:
        lists, renderer = services.resources.lists[USER], services.renderer
        with click.progressbar(length=count(lists, filter_text), label="export", file=sys.stderr) as bar:
            for users, content in export(lists, renderer, chosen, filter_text):
                file.write(content)
                written += users
                bar.update(users)
    click.echo(f"{written} users", err=True)


@contextmanager
def _services() -> Iterator[Services]:
    settings = deployed_settings()
    prepare_database(settings)
    # Who takes in thousands of users does not mean to write to all of them.
    services = build_services(replace(settings, invite_new_users=False), pool_size=1)
    try:
        yield services
    finally:
        services.core.database.close()


@contextmanager
def _target(path: Path) -> Iterator[BinaryIO]:
    """Open the file that is written to; it takes its place whole, or not at all."""
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    draft = path.with_name(f".{path.name}.part")
    # Personal data: nobody else on the machine reads it.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """Say which file it is that cannot be read."""
    try:
        yield
    except FaultyFile as error:
        raise FaultyFile(f"{path}: {error}") from error


def _lines(path: Path, form: Format) -> Iterator[Line]:
    with _said_of(path), path.open("rb") as file:
        yield from read_lines(file, form)


def _size(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _keep(journal: Journal | None, waiting: list[dict[str, Any]]) -> None:
    if journal is not None and waiting:
        journal.add(*waiting)
    waiting.clear()
