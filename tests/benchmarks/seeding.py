"""Databases filled fast: the rows that the product would write, made by its own code, put in by the gross."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zlib import crc32

import psycopg

from api.services.callers import Caller
from api.settings import Settings
from api.wiring import build_services
from persistence.documents import split
from persistence.migrations import upgrade
from persistence.resources import SLOTS
from persistence.types import moment_text
from scim.validation import read_resource
from tests.benchmarks.people import documents, user, user_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from api.wiring import Services
    from scim.resource_types import ResourceType
    from tests.benchmarks.people import Document

Rows = dict[str, list[tuple[Any, ...]]]

_START = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 5000
_CHECKED = 3
_COLUMNS = {
    "resources": (
        "id", "resource_type", "version", "body", "extensions", "name_key", "display_name_key", "external_id",
        "is_active", "created_at", "last_modified_at",
    ),
    "resource_values": ("resource_id", "attribute", "position", "value_key"),
    "resource_counters": ("resource_type", "slot", "count"),
    "group_members": ("group_id", "member_id", "member_type"),
}  # fmt: skip


class Seed:
    """Fill a migrated database through one of its drivers."""

    def __init__(self, connection: psycopg.Connection[Any] | sqlite3.Connection) -> None:
        self._connection = connection

    def users(self, services: Services, count: int) -> None:
        """Add the first users."""
        user_type = services.core.user_type
        pattern = _stored(services, 0)
        self._check(services, pattern)
        slots: Counter[int] = Counter()
        for first, batch in _numbered(_batches(documents(pattern, count), _AT_ONCE)):
            rows: Rows = {"resources": [], "resource_values": []}
            for number, document in enumerate(batch, first):
                _add(rows, user_id(number), user_type, document, _START + timedelta(seconds=number))
                slots[crc32(user_id(number).encode()) % SLOTS] += 1
            self._write(rows)
        self._write({"resource_counters": [("User", slot, number) for slot, number in sorted(slots.items())]})

    def group(self, services: Services, group_id: str, name: str, members: int) -> None:
        """Add a group with the first users as its members."""
        group_type = services.core.registry.resource_type("Group")
        if group_type is None:
            raise LookupError("there is no resource type Group")
        rows: Rows = {"resources": [], "resource_values": []}
        _add(rows, group_id, group_type, {"displayName": name}, _START)
        self._write(rows)
        for batch in _batches(range(members), _AT_ONCE):
            self._write({"group_members": [(group_id, user_id(number), "User") for number in batch]})

    def settle(self) -> None:
        """Leave the database as after long use: with statistics, its pages written."""
        is_sqlite = isinstance(self._connection, sqlite3.Connection)
        for statement in (
            ("ANALYZE", "PRAGMA wal_checkpoint(PASSIVE)") if is_sqlite else ("VACUUM ANALYZE", "CHECKPOINT")
        ):
            self._connection.execute(statement)

    def _check(self, services: Services, pattern: Document) -> None:
        """Make sure that what is put in is what a POST would have stored."""
        user_type = services.core.user_type
        for number, document in enumerate(documents(pattern, _CHECKED)):
            if split(document, user_type) != split(_stored(services, number), user_type):
                raise AssertionError(f"user {number} is not as the product would store it")

    def _write(self, rows: Rows) -> None:
        for table, tuples in rows.items():
            if isinstance(self._connection, sqlite3.Connection):
                self._insert(self._connection, table, tuples)
            else:
                self._copy(self._connection, table, tuples)

    def _copy(self, connection: psycopg.Connection[Any], table: str, tuples: list[tuple[Any, ...]]) -> None:
        statement = f"COPY {table} ({', '.join(_COLUMNS[table])}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in tuples:
                copy.write_row(row)

    def _insert(self, connection: sqlite3.Connection, table: str, tuples: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(_COLUMNS[table]))
        statement = f"INSERT INTO {table} ({', '.join(_COLUMNS[table])}) VALUES ({marks})"  # noqa: S608 - our names
        written = [tuple(moment_text(v) if isinstance(v, datetime) else v for v in row) for row in tuples]
        with connection:
            connection.executemany(statement, written)


def migrate(environ: dict[str, str]) -> Services:
    """Bring the database of an environment to the present schema, and return the product's own parts on it."""
    settings = Settings.from_environment(environ)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database_url)
    return build_services(settings, pool_size=1)


def open_postgresql(url: str) -> psycopg.Connection[Any]:
    """Open a database for filling it; each statement is its own transaction."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def open_sqlite(path: Path) -> sqlite3.Connection:
    """Open a database for filling it: nothing here has to survive a crash."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _stored(services: Services, number: int) -> Document:
    """Return the document that the product makes of a user's POST."""
    caller = Caller(subject="benchmark", user_id=None, request_id="benchmark")
    body = read_resource(user(number), services.core.user_type)
    return services.resources.users.rules.creation(user_id(number), body, caller, _START).document


def _add(rows: Rows, identifier: str, resource_type: ResourceType, document: Document, at: datetime) -> None:
    parts = split(document, resource_type)
    keys = (parts.name_key, parts.display_name_key, parts.external_id, parts.is_active)
    rows["resources"].append((identifier, resource_type.name, 1, parts.body, parts.extensions, *keys, at, at))
    rows["resource_values"].extend((identifier, *value) for value in parts.values)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _numbered(batches: Iterable[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    first = 0
    for batch in batches:
        yield first, batch
        first += len(batch)
