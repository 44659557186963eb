"""A PostgreSQL server for the length of a run: that of the tests, but durable, and with a log that can be read back."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from tests.factories.postgresql import USER, find_binaries, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.factories.postgresql import Server

_SETTINGS = {
    # As in production: what is answered is on the disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "max_connections": "300",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_directory": "log",
    "log_filename": "server",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_file_mode": "0644",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server."""

    server: Server

    @property
    def binaries(self) -> Path:
        """Return the folder of its programs."""
        return self.server.binaries

    def url(self, database: str) -> str:
        """Return the URL of a database for the service."""
        return self.server.url(database)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection of our own; each statement is its own transaction."""
        return psycopg.connect(self.server.url(database, "postgresql"), autocommit=True)

    def command(self, statement: str, database: str = "postgres") -> None:
        """Run a statement."""
        self.server.execute(statement, database)

    def arguments(self, database: str) -> list[str]:
        """Return what a client program is told to find a database."""
        return ["-h", "127.0.0.1", "-p", str(self.server.port), "-U", USER, database]

    def logged(self, database: str) -> list[dict[str, Any]]:
        """Return the log entries of a database so far."""
        lines = (self.server.data / "log" / "server.json").read_text().splitlines()
        entries = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [entry for entry in entries if entry.get("dbname") == database]


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server and end it again."""
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError("no PostgreSQL: set PGBIN to the folder of its programs")
    with running_server(binaries, **_SETTINGS) as server:
        yield Cluster(server)
