"""Databases for tests: each test has an empty one, on either engine.

On SQLite that is a copy of a migrated file. On PostgreSQL the tests of one process share a database, which is emptied
before each: to empty it takes a twentieth of the time of another copy. Who changes its schema makes one of their own.

Import the fixtures into a conftest to have them.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from persistence.database import Database
from persistence.migrations import upgrade
from persistence.tables import metadata
from tests.factories.postgresql import find_binaries, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.factories.postgresql import Server

TEMPLATE = "lineproof_template"
SHARED = "shared"
ENGINES = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
)
POOL_SIZE = 8

_EMPTY = "; ".join(str(table.delete()) for table in reversed(metadata.sorted_tables))
# What an earlier test has left under way holds locks.
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Start a PostgreSQL server for this test process."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("there is no PostgreSQL: install the development dependencies, or set PGBIN")
    isolation = request.config.getoption("--isolation")
    with running_server(binaries, default_transaction_isolation=isolation) as server:
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        upgrade(server.url(TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a migrated SQLite database once."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh SQLite database."""
    path = tmp_path / "lineproof.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def shared_database(postgresql_server: Server) -> str:
    """Make the PostgreSQL database that the tests of this process share, and return its URL."""
    postgresql_server.execute(f"CREATE DATABASE {SHARED} TEMPLATE {TEMPLATE}")
    return postgresql_server.url(SHARED)


@pytest.fixture
def postgresql_url(postgresql_server: Server, shared_database: str) -> str:
    """Return the URL of an empty PostgreSQL database."""
    empty(postgresql_server)
    return shared_database


def empty(server: Server) -> None:
    """Empty the shared database."""
    server.execute(_END_OTHERS, SHARED)
    server.execute(_EMPTY, SHARED)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database, once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open an empty database, once for each engine."""
    opened = Database.open(database_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Open an empty PostgreSQL database."""
    opened = Database.open(postgresql_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Open an empty SQLite database."""
    opened = Database.open(sqlite_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()
