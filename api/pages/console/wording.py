"""What the core says in English, of filters and of files, in the language of the visitor.

The frequent faults have texts of their own, found by what the core says; a technical rest stays as it is, behind a
sentence that says what it is about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.services.contact_attributes import CONTACTS, EXTENSION, PASSWORD
from api.transfer.importing import MayNotChange, OwnAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.pages.translations import Translation

    Wordings = tuple[tuple[re.Pattern[str], str], ...]

_AT = re.compile(r"Character (?P<position>[0-9]+): (?P<fault>.*)\.", re.DOTALL)
_FILTER: Wordings = (
    (re.compile("expected and, or, or the end"), "console.filter.end"),
    (re.compile(r"expected and, or, or (?P<bracket>[)\]])"), "console.filter.bracket"),
    (re.compile("expected one of (?P<operators>.*)"), "console.filter.operator"),
    (re.compile("expected the name of an attribute|this is not the name of an attribute"), "console.filter.name"),
    (re.compile("expected a string in double quotes, .*"), "console.filter.value"),
    (re.compile("this string does not end, .*"), "console.filter.string"),
    (re.compile("there is no attribute (?P<name>.*) here"), "console.filter.attribute"),
)


def _refused(*paths: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, paths))}): .*", re.DOTALL)


def _of_contacts() -> Iterator[tuple[re.Pattern[str], str]]:
    for where, name in zip(CONTACTS, ("mobile", "email"), strict=True):
        lists = (f"{EXTENSION}:{listed}" for listed in (where.listed, where.verified))
        yield _refused(where.primary_path, *lists), f"console.error.{name}"


_LINES: Wordings = (
    (re.compile(r"userName is already in use.*"), "watch.transfer.reason.taken"),
    (re.compile(r"userName is in an earlier line of this file.*"), "watch.transfer.reason.repeated"),
    (re.compile(r"A value that must be unique is in use by another user\."), "watch.transfer.reason.unique"),
    (re.compile(r"userName is required\."), "watch.transfer.reason.unnamed"),
    *_of_contacts(),
    (_refused(PASSWORD), "console.error.password"),
    (re.compile(r"(?P<name>\S+) may have at most (?P<count>[0-9]+) characters\."), "watch.transfer.reason.long"),
    (re.compile(r"(?P<name>\S+) is neither true nor false"), "watch.transfer.reason.flag"),
    (re.compile(re.escape(str(MayNotChange()))), "watch.transfer.reason.beyond"),
    (re.compile(re.escape(str(OwnAccount()))), "watch.transfer.reason.own"),
    (re.compile("it is no JSON in UTF-8, or too long|it is no JSON object"), "watch.transfer.reason.json"),
    (re.compile("it has more cells than the header"), "watch.transfer.reason.cells"),
)
_FILES: Wordings = (
    (re.compile(r"there is no column (?P<names>.*); docs/transfer\.md lists them"), "watch.transfer.unreadable.column"),
    (re.compile("it is no text in UTF-8"), "watch.transfer.unreadable.text"),
    (re.compile("it is no CSV in line (?P<line>[0-9]+): (?P<detail>.*)"), "watch.transfer.unreadable.csv"),
)


def filter_fault(text: Translation, detail: str) -> str:
    """Say what is wrong with a filter, and where."""
    at = _AT.fullmatch(detail)
    if at is not None:
        told = _worded(text, _FILTER, at["fault"]) or at["fault"]
        detail = text("console.filter.at", position=at["position"], fault=told)
    return text("console.users.filter_fault", detail=detail)


def rejection(text: Translation, reason: str) -> str:
    """Say why a line of a file was rejected."""
    return _worded(text, _LINES, reason) or text("watch.transfer.reason.other", detail=reason)


def unreadable(text: Translation, fault: str) -> str:
    """Say why a file cannot be read."""
    return _worded(text, _FILES, fault) or text("watch.transfer.unreadable.other", detail=fault)


def _worded(text: Translation, wordings: Wordings, told: str) -> str | None:
    for pattern, key in wordings:
        if match := pattern.fullmatch(told):
            return text(key, **match.groupdict())
    return None
