"""Resets of many users, from a file: what has been done is in a journal, so that a run can be taken up again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from api.services.errors import UseCaseError
from verification.errors import DirectoryUnavailable, VerificationError
from verification.resetting import Overall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from api.journals import Journal

HEADERS = ("username", "email", "mail", "id", "userprincipalname", "upn", "name")
"""What the column of names may be called, without case; a file without a header has them in its first column."""
REPORT = ("name", "overall", "type", "id", "outcome", "reason")
FAILED = "failed"
OUTAGES = 3
"""Users in a row for whom the directory was not there; then the run stops, to be taken up again."""
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FaultyFile(Exception):
    """The file cannot be read as a list of users."""


class DirectoryDown(Exception):
    """The directory does not answer; run the same command again to go on where this run stopped."""


def read_names(path: Path) -> list[str]:
    """Return the users of a CSV file, each once, in their order.

    Raises:
        FaultyFile: it cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FaultyFile(f"{path} cannot be read as CSV in UTF-8") from error
    if not rows:
        return []
    header = [cell.strip().lower() for cell in rows[0]]
    column = next((header.index(name) for name in HEADERS if name in header), None)
    names = (row[column or 0] for row in (rows if column is None else rows[1:]) if len(row) > (column or 0))
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def run_all(
    names: Iterable[str], reset: Callable[[str], dict[str, Any]], journal: Journal | None
) -> Iterator[dict[str, Any]]:
    """Reset each user in turn; yield and keep what became of each. One that fails does not keep the others.

    Raises:
        DirectoryDown: the directory was not there for several in a row.
    """
    down = 0
    for name in names:
        entry, is_down = _entry(name, reset)
        if journal is not None:
            journal.add(entry)
        yield entry
        down = down + 1 if is_down else 0
        if down >= OUTAGES:
            raise DirectoryDown((DirectoryDown.__doc__ or "").strip())


def _entry(name: str, reset: Callable[[str], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    try:
        report = reset(name)
    except (VerificationError, UseCaseError) as error:
        failed = {"name": name, "overall": FAILED, "reason": str(error), "methods": []}
        return failed, isinstance(error, DirectoryUnavailable)
    entry = {"name": name, "overall": report["overall"], "reason": None, "methods": report["methods"]}
    return entry, report["overall"] == Overall.INTERRUPTED


def is_done(entry: dict[str, Any]) -> bool:
    """Tell whether nothing is left to do for a user."""
    return bool(entry["overall"] == Overall.COMPLETE)


def write_report(entries: Iterable[dict[str, Any]], file: TextIO) -> None:
    """Write what became of each method of each user, as CSV; a user without methods has a row, too."""
    writer = csv.writer(file)
    writer.writerow(REPORT)
    for entry in entries:
        head = (entry["name"], entry["overall"])
        methods = entry["methods"] or [{"type": "", "id": "", "outcome": "", "reason": entry["reason"]}]
        for method in methods:
            row = (*head, method["type"], method["id"], method["outcome"], method["reason"] or "")
            writer.writerow([_plain(cell) for cell in row])


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
