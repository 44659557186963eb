"""The SQL that the service really sends, read off PostgreSQL's own log, as scripts for pgbench."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from persistence.resources import SLOTS
from tests.benchmarks.people import ID_PREFIX, external_id, mobile, user_id, user_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.benchmarks.clusters import Cluster

EXAMPLE = 7
"""The number of the user whose requests are recorded."""
EXAMPLE_VERSION = 654321
"""The version of that user's row, so that it can be told from every other number in the statements."""
NEW_NAME = "recorded-name"
"""The userName of a recorded POST, and the text in it that is another one in each transaction."""
_QUIET = 0.4
_LONGEST_LITERAL = 1000
_PREPARED_AFTER = 7

_EXECUTED = re.compile(r"^(?:execute [^:]*|statement): (.*)$", re.DOTALL)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')", re.DOTALL)
_PLACE = re.compile(r"\$(\d+)\b")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NEW_PREFIX = ID_PREFIX.replace("01934", "01936")
_PADDED = "lpad(:{0}::text, 12, '0')"
_WAVE = 1
"""The wave of the number that a recorded PATCH of a phone asks for."""
_OWN, _LINE = 7, 4
"""Digits at the end of a number that are its user's own, and those that its prefix leaves out."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement as the server executed it."""

    text: str
    parameters: Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class Recording:
    """What the service sent for one request, and the JSON body that the request had stored."""

    statements: tuple[Executed, ...]

    @property
    def body(self) -> str:
        """Return the longest text among the parameters: the stored document."""
        texts = [value for each in self.statements for value in each.parameters.values() if value is not None]
        longest = max(texts, key=len, default="")
        return longest if len(longest) > _LONGEST_LITERAL else ""


def record(server: Cluster, database: str, prepare: Callable[[], object], request: Callable[[], object]) -> Recording:
    """Return the statements of a request, after some of its kind: what is prepared and merged by then, is."""
    for _ in range(_PREPARED_AFTER):
        prepare()
    before = len(_settled_log(server, database))
    request()
    entries = _settled_log(server, database)[before:]
    return Recording(tuple(found for entry in entries if (found := _executed(entry)) is not None))


def _settled_log(server: Cluster, database: str) -> list[dict[str, Any]]:
    """Return the log once nothing more comes."""
    entries = server.logged(database)
    while True:
        time.sleep(_QUIET)
        later = server.logged(database)
        if len(later) == len(entries):
            return later
        entries = later


def _executed(entry: Mapping[str, Any]) -> Executed | None:
    match = _EXECUTED.match(str(entry.get("message", "")))
    if match is None:
        return None
    detail = str(entry.get("detail") or "")
    values = {int(number): _value(text) for number, text in _PARAMETER.findall(detail)}
    return Executed(match[1], values)


def _value(text: str) -> str | None:
    return None if text == "NULL" else text[1:-1].replace("''", "'")


def script(recording: Recording, *, users: str) -> str:
    """Write a recording as a transaction of pgbench about another user each time.

    Args:
        recording: What was sent for the user EXAMPLE.
        users: The expression that picks the number of a user.

    """
    lines = [f"\\set n {users}", f"\\set slot random(0, {SLOTS - 1})"]
    new_ids = _new_ids(recording)
    lines += [f"\\set {name} random(1, 999999999999)" for name in (*new_ids.values(), "other")]
    for each in recording.statements:
        text = " ".join(_filled(each, new_ids).split())
        # What is written next depends on what was read: its version and its body.
        is_read = text.startswith("SELECT") and "resources.version" in text and "LIMIT" not in text
        lines.append(f"{text} \\gset" if is_read else f"{text};")
    return "\n".join(lines) + "\n"


def _filled(executed: Executed, new_ids: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: _expression(executed, int(place[1]), new_ids), executed.text)


def _new_ids(recording: Recording) -> dict[str, str]:
    """Name each id that the request made, so that it is another one in each transaction, the same all through it."""
    texts = [value for each in recording.statements for value in each.parameters.values() if value]
    found = dict.fromkeys(match for text in texts if len(text) < _LONGEST_LITERAL for match in _UUID.findall(text))
    return {identifier: f"v{number}" for number, identifier in enumerate(i for i in found if not _is_seeded(i))}


def _is_seeded(identifier: str) -> bool:
    return identifier.startswith(ID_PREFIX)


def _expression(executed: Executed, number: int, new_ids: Mapping[str, str]) -> str:
    value = executed.parameters[number]
    if value is None:
        return "NULL"
    if value == str(EXAMPLE_VERSION):
        return ":version"
    if len(value) > _LONGEST_LITERAL:
        return ":body"
    if "resource_counters" in executed.text and value in {str(crc32(i.encode()) % SLOTS) for i in new_ids}:
        return ":slot"
    known = {
        user_id(EXAMPLE): f"'{ID_PREFIX}' || {_PADDED.format('n')}",
        user_name(EXAMPLE): f"'user' || {_PADDED.format('n')} || '@example.com'",
        external_id(EXAMPLE): f"'ext' || {_PADDED.format('n')}",
        # Limits are kept by number and by prefix: as many rows are written, and waited for, as by the service.
        (phone := mobile(EXAMPLE, _WAVE)): f"'{phone[:-_OWN]}' || lpad(:n::text, {_OWN}, '0')",
        phone[:-_LINE]: f"'{phone[:-_OWN]}' || left(lpad(:n::text, {_OWN}, '0'), {_OWN - _LINE})",
        NEW_NAME: f"'new' || {_PADDED.format('other')}",
        **{
            identifier: f"'{ID_PREFIX[:3]}e{ID_PREFIX[4:]}' || {_PADDED.format(n)}" for identifier, n in new_ids.items()
        },
    }
    pieces = re.split("(" + "|".join(re.escape(text) for text in known) + ")", value)
    written = [known.get(piece) or _literal(piece) for piece in pieces if piece]
    return f"({' || '.join(written)})" if written else "''"


def _literal(text: str) -> str:
    """Write a text so that pgbench finds no variable in it: it looks for them inside of quotes, too."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3A").replace("\n", "\\n")
    return f"E'{escaped}'"
