"""The two forms of a file of users: JSON Lines of SCIM resources, and CSV with a column for each attribute."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from api.services.contact_attributes import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO

Document = dict[str, Any]
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
LONGEST_LINE = 1024 * 1024
"""Bytes of one line of JSON, characters of one row of a CSV; a full user has about 2 kB."""
MOST_COLUMNS = 100
MOST_NAMED = 5
"""Columns that are not known, of which is told; of each so many characters:"""
LONGEST_NAME = 40


class Format(StrEnum):
    """The forms, by the ending of the file's name."""

    CSV = "csv"
    JSON_LINES = "jsonl"


class FaultyFile(Exception):
    """The file cannot be read. The text says why, and not where the file is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One user of a file: its number, from 1, and what it says; None where it cannot be read, and then why.

    `cells` is the row of a CSV as it stands, to be given back with the reason where it is rejected.
    """

    number: int
    document: Document | None
    fault: str | None = None
    cells: tuple[str, ...] = ()


def format_of(path: Path) -> Format:
    """Return the form of a file by its name.

    Raises:
        FaultyFile: the ending says nothing.
    """
    ending = path.suffix.removeprefix(".").lower()
    if ending in {"jsonl", "ndjson", "json"}:
        return Format.JSON_LINES
    if ending == "csv":
        return Format.CSV
    raise FaultyFile(f"{path.name} is neither .csv nor .jsonl")


def read_lines(file: IO[bytes], form: Format) -> Iterator[Line]:
    """Read a file line by line from its beginning, however long it is; it is closed in the end.

    Raises:
        FaultyFile: it cannot be read, or its header names a column that is not known.
    """
    reader = _read_csv if form is Format.CSV else _read_json_lines
    try:
        yield from reader(file)
    except OSError as error:
        raise FaultyFile(f"it cannot be read: {error.strerror}") from error


def header_of(file: IO[bytes]) -> tuple[str, ...]:
    """Return the header of a CSV; the file is closed.

    Raises:
        FaultyFile: it has none that can be read.
    """
    _, cells = next(_rows(file), (0, []))
    return tuple(cells)


def csv_header() -> str:
    """Return the header of an exported CSV, as a line."""
    return csv_line(EXPORTED)


def csv_row(document: Document) -> str:
    """Return a user as a line of CSV."""
    return csv_line([COLUMNS[name].show(document) for name in EXPORTED])


def csv_line(cells: Iterable[str]) -> str:
    """Return cells as a line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: how its cell is shown of a user, and put into one."""

    show: Callable[[Document], str]
    put: Callable[[Document, str], None]


def _read_json_lines(file: IO[bytes]) -> Iterator[Line]:
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if raw.strip():
            yield _json_line(number, raw)


def _json_line(number: int, raw: bytes) -> Line:
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return Line(number, None, "it is no JSON in UTF-8, or too long")
    return Line(number, document) if isinstance(document, dict) else Line(number, None, "it is no JSON object")


def _read_csv(file: IO[bytes]) -> Iterator[Line]:
    rows = _rows(file)
    _, head = next(rows, (0, []))
    header = [cell.strip() for cell in head]
    if len(header) > MOST_COLUMNS:
        raise FaultyFile(f"it has more than {MOST_COLUMNS} columns")
    unknown = [name for name in header if name and name not in COLUMNS and name not in IGNORED]
    if unknown:
        raise FaultyFile(f"there is no column {_named(unknown)}; docs/transfer.md lists them")
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _csv_line(number, header, tuple(cells))


def _named(names: list[str]) -> str:
    told = ", ".join(name[:LONGEST_NAME] for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{told} and {more} more" if more > 0 else told


def _rows(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV, each with the number of its last line."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        lines = _Lines(text)
        reader = csv.reader(lines)
        try:
            for cells in reader:
                lines.taken = 0
                yield reader.line_num, cells
        except UnicodeDecodeError as error:
            raise FaultyFile("it is no text in UTF-8") from error
        except csv.Error as error:
            raise FaultyFile(f"it is no CSV in line {reader.line_num}: {error}") from error


@dataclass(slots=True)
class _Lines:
    """The lines of a text, of which no row may take too much: `taken` is what the present one has had."""

    text: io.TextIOWrapper
    taken: int = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_LINE + 1)
        self.taken += len(line)
        if self.taken > LONGEST_LINE:
            raise FaultyFile(f"it has a row of more than {LONGEST_LINE} characters")
        if not line:
            raise StopIteration
        return line


def _csv_line(number: int, header: list[str], cells: tuple[str, ...]) -> Line:
    if len(cells) > len(header):
        return Line(number, None, "it has more cells than the header", cells)
    document: Document = {"schemas": [USER_SCHEMA]}
    try:
        for name, cell in zip(header, cells, strict=False):
            if cell.strip() and name in COLUMNS:
                COLUMNS[name].put(document, cell.strip())
    except ValueError as error:
        return Line(number, None, str(error), cells)
    return Line(number, document, cells=cells)


def _text(*path: str) -> _Column:
    *parents, name = path

    def show(document: Document) -> str:
        for parent in parents:
            document = document.get(parent) or {}
        value = document.get(name)
        return "" if value is None else str(value)

    def put(document: Document, cell: str) -> None:
        for parent in parents:
            document = document.setdefault(parent, {})
        document[name] = cell

    return _Column(show, put)


def _flag(name: str) -> _Column:
    def show(document: Document) -> str:
        value = document.get(name)
        return "" if value is None else str(bool(value)).lower()

    def put(document: Document, cell: str) -> None:
        document[name] = _truth(name, cell)

    return _Column(show, put)


def _element(attribute: str, kind: str | None) -> _Column:
    """Return the column of the one element of an attribute that is of a type, or (None) the primary one."""

    def show(document: Document) -> str:
        elements = document.get(attribute) or []
        chosen = [item for item in elements if (item.get("type") == kind if kind else item.get("primary") is True)]
        chosen = chosen or ([] if kind else elements[:1])
        return str(chosen[0].get("value", "")) if chosen else ""

    def put(document: Document, cell: str) -> None:
        mark: Document = {"type": kind} if kind else {"primary": True}
        document.setdefault(attribute, []).append({"value": cell, **mark})

    return _Column(show, put)


def _several(name: str) -> _Column:
    """Return the column of a list of the extension, its values separated by semicolons."""

    def show(document: Document) -> str:
        return ";".join(str(value) for value in (document.get(EXTENSION) or {}).get(name) or ())

    def put(document: Document, cell: str) -> None:
        values = [value.strip() for value in cell.split(";") if value.strip()]
        listed = document.setdefault(EXTENSION, {}).setdefault(name, [])
        listed[:] = dict.fromkeys((*listed, *values))

    return _Column(show, put)


def _proof(attribute: str, kind: str | None, flag: str, listed: str) -> _Column:
    """Return the column that says whether the primary value is verified: asserted, as an operator may."""
    element = _element(attribute, kind)

    def show(document: Document) -> str:
        value = (document.get(EXTENSION) or {}).get(flag)
        return "" if value is None or not element.show(document) else str(bool(value)).lower()

    def put(document: Document, cell: str) -> None:
        value = element.show(document)
        if not _truth(flag, cell):
            return
        if not value:
            raise ValueError(f"{flag} is true, and there is no value in an earlier column")
        verified = document.setdefault(EXTENSION, {}).setdefault(listed, [])
        if value not in verified:
            verified.append(value)

    return _Column(show, put)


def _truth(name: str, cell: str) -> bool:
    if cell.lower() not in {"true", "false"}:
        raise ValueError(f"{name} is neither true nor false")
    return cell.lower() == "true"


COLUMNS: dict[str, _Column] = {
    "userName": _text("userName"),
    "externalId": _text("externalId"),
    "active": _flag("active"),
    "displayName": _text("displayName"),
    "name.givenName": _text("name", "givenName"),
    "name.familyName": _text("name", "familyName"),
    "title": _text("title"),
    "preferredLanguage": _text("preferredLanguage"),
    "locale": _text("locale"),
    "timezone": _text("timezone"),
    "email": _element("emails", None),
    "mobile": _element("phoneNumbers", "mobile"),
    "mobileVerified": _proof("phoneNumbers", "mobile", "phoneVerified", "verifiedMobileNumbers"),
    "mobileNumbers": _several("mobileNumbers"),
    "verifiedMobileNumbers": _several("verifiedMobileNumbers"),
    "password": _text("password"),
}
"""The columns of a CSV. A mark of being verified stands behind the value that it is about."""
EXPORTED = tuple(name for name in COLUMNS if name != "password")
"""Those an export has, in their order."""
IGNORED = frozenset({"id", "reason"})
"""Columns that an export or a report of rejected rows has, and an import passes over."""
