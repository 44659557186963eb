"""What needs Alembic. It is loaded by `persistence.migrations.runner` when there is something to migrate."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, event

from persistence import postgresql, sqlite
from persistence.database import read_url
from persistence.tables import metadata
from persistence.turnstiles import Turnstile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from sqlalchemy import URL, Connection, Engine

# A migration that waits for a lock makes everybody behind it wait, too; building an index may take its time.
_SESSION = {**postgresql.SESSION, "lock_timeout": "4s", "statement_timeout": "15min"}


def script_directory() -> ScriptDirectory:
    """Return the migrations there are."""
    return ScriptDirectory(Path(__file__).parent)


def upgrade(url: str, revision: str) -> None:
    """Make the migrations up to a revision, all in one transaction."""
    script = script_directory()
    _migrate(url, script, lambda current, _: script._upgrade_revs(revision, current))  # noqa: SLF001 as its command does


def downgrade(url: str, revision: str) -> None:
    """Take the migrations above a revision back, all in one transaction."""
    script = script_directory()
    _migrate(url, script, lambda current, _: script._downgrade_revs(revision, current))  # noqa: SLF001 as above


def _migrate(url: str, script: ScriptDirectory, steps: Callable[..., Any]) -> None:
    with (
        connected(read_url(url)) as connection,
        EnvironmentContext(Config(), script, fn=steps) as environment,
    ):
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
        with environment.begin_transaction():
            environment.run_migrations()


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """Lend a connection for work on the schema; on SQLite it is the turn of this writer until it is given back."""
    if url.get_backend_name() != "sqlite":
        with _borrowed(create_engine(postgresql.connection_url(url, _SESSION), poolclass=NullPool)) as connection:
            yield connection
        return
    path = sqlite.file_of(url)
    turnstile = Turnstile(path)
    engine = sqlite.open_engine(url, path, pool_size=1)
    # Or else each statement of the schema would be committed by itself.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    turnstile.enter()
    try:
        with _borrowed(engine) as connection:
            yield connection
    finally:
        turnstile.leave()


@contextmanager
def _borrowed(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
