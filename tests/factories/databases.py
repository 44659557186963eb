"""Databases for tests: each test has its own, on either engine, copied from a migrated one.

Import the fixtures into a conftest to have them.
"""

from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING

import pytest

from persistence.database import Database
from persistence.migrations import upgrade
from tests.factories.postgresql import find_binaries, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.factories.postgresql import Server

TEMPLATE = "lineproof_template"
ENGINES = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
)
POOL_SIZE = 8

_numbers = itertools.count(1)


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


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """Return the URL of a fresh PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    postgresql_server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgresql_server.url(name)
    postgresql_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh database, once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh database, once for each engine."""
    opened = Database.open(database_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """Open a fresh PostgreSQL database."""
    opened = Database.open(postgresql_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """Open a fresh SQLite database."""
    opened = Database.open(sqlite_url, pool_size=POOL_SIZE)
    yield opened
    opened.close()
