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

Document = dict[str, Any]
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
LONGEST_LINE = 1024 * 1024
"""Bytes of one line of JSON; a full user has about 2 kB."""


class Format(StrEnum):
    """The forms, by the ending of the file's name."""

    CSV = "csv"
    JSON_LINES = "jsonl"


class FaultyFile(Exception):
    """The file is not of a form that can be read."""


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
    raise FaultyFile(f"{path} is neither .csv nor .jsonl")


def read_lines(path: Path, form: Format | None = None) -> Iterator[Line]:
    """Read a file line by line, however long it is; its form is told by its name where it is not given.

    Raises:
        FaultyFile: it cannot be read, or its header names a column that is not known.
    """
    reader = _read_csv if (form or format_of(path)) is Format.CSV else _read_json_lines
    try:
        yield from reader(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FaultyFile(f"{path} cannot be read as text in UTF-8") from error


def header_of(path: Path) -> tuple[str, ...]:
    """Return the header of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file), ()))


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


def _read_json_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
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


def _read_csv(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = [cell.strip() for cell in next(reader, [])]
        unknown = [name for name in header if name and name not in COLUMNS and name not in IGNORED]
        if unknown:
            raise FaultyFile(f"{path}: there is no column {', '.join(unknown)}; docs/transfer.md lists them")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _csv_line(reader.line_num, header, tuple(cells))


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
        listed.extend(value for value in values if value not in listed)

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
