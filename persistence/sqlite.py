"""SQLite: how a connection is set up, how writers queue, what its errors mean."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event

from persistence.errors import (
    ConnectionLost,
    ReferenceGone,
    SchemaOutdated,
    StaleVersion,
    UniqueViolation,
    WriteConflict,
)
from persistence.tables import metadata
from persistence.turnstiles import Turnstile
from persistence.types import moment_text
from scim.folding import fold
from scim.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import URL, Dialect, Engine

    from persistence.links import Deferred
    from persistence.statements import Compiled

_BUSY_TIMEOUT = 5.0
_PRAGMAS = (
    # Readers and the writer do not wait for each other.
    "journal_mode = WAL",
    # An answer says that the change is stored. NORMAL would keep that promise when the process is killed, but not
    # when the power fails: the last commits would be gone. FULL costs one fdatasync a commit.
    "synchronous = FULL",
    "foreign_keys = ON",
    # After a long reader the log is cut back to this size.
    "journal_size_limit = 67108864",
)
_UNIQUE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")


def file_of(url: URL) -> Path:
    """Return the file a URL names.

    Raises:
        ValueError: It names none.
    """
    if not url.database or url.database == ":memory:":
        raise ValueError("a database in memory would be lost: name a file, as in sqlite:///lineproof.db")
    return Path(url.database)


def open_engine(url: URL, path: Path, pool_size: int) -> Engine:
    """Make the engine; the file is created readable for its owner alone, and its log files follow it in that."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_BUSY_TIMEOUT,
        # Transactions are begun by hand (SqliteBackend.begin).
        connect_args={"timeout": _BUSY_TIMEOUT, "isolation_level": None},
    )
    event.listen(engine, "connect", set_up)
    return engine


def set_up(driver: sqlite3.Connection, record: object) -> None:  # noqa: ARG001 SQLAlchemy's signature
    """Set up a new connection."""
    for pragma in _PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")
    driver.create_function("lineproof_fold", 1, _fold, deterministic=True)
    driver.create_function("lineproof_moment", 1, _moment, deterministic=True)


class SqliteBackend:
    """Transactions on SQLite."""

    begins_at_once = False
    writes_whole = False

    def __init__(self, engine: Engine, path: Path) -> None:
        self.dialect: Dialect = engine.dialect
        self._turnstile = Turnstile(path)

    def begin(self, driver: sqlite3.Connection) -> None:
        """Take the turn of a writer."""
        self._turnstile.enter()
        try:
            driver.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._turnstile.leave()
            raise

    def run(self, driver: sqlite3.Connection, compiled: Compiled, bound: Sequence[Any]) -> sqlite3.Cursor:
        """Run a statement."""
        return driver.execute(compiled.text, bound)

    def commit(self, driver: sqlite3.Connection) -> None:
        """Commit and give the turn to the next writer."""
        driver.commit()
        self._turnstile.leave()

    def rollback(self, driver: sqlite3.Connection) -> None:
        """Roll back and give the turn to the next writer."""
        try:
            with suppress(sqlite3.Error):
                driver.rollback()
        finally:
            self._turnstile.leave()

    def waves(self, deferred: Sequence[Deferred]) -> Iterable[Sequence[Deferred]]:
        """Write all in one go."""
        return (deferred,) if deferred else ()

    def write(self, driver: sqlite3.Connection, wave: Sequence[Deferred]) -> None:
        """Write one after the other; there is no round trip to save."""
        for statement, parameters in wave:
            compiled = statement.compiled(self.dialect)
            cursor = driver.execute(compiled.text, compiled.bind(parameters))
            if statement.must_hit and cursor.rowcount < statement.must_hit:
                raise StaleVersion

    def translated(self, error: Exception) -> Exception:
        """Name the error by what it means to us."""
        message = str(error)
        if isinstance(error, sqlite3.IntegrityError):
            if match := _UNIQUE_COLUMNS.fullmatch(message):
                return UniqueViolation(_unique_name(match["columns"]))
            return ReferenceGone() if message == "FOREIGN KEY constraint failed" else error
        if isinstance(error, sqlite3.OperationalError):
            # Errors of the module itself have no code.
            code = getattr(error, "sqlite_errorcode", 0)
            if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return WriteConflict()
            if code == sqlite3.SQLITE_CANTOPEN:
                return ConnectionLost()
            if message.startswith("no such table"):
                return SchemaOutdated()
        return error


def _unique_name(columns: str) -> str:
    """Find a constraint by the columns SQLite names it by."""
    named = columns.split(", ")
    table = metadata.tables[named[0].partition(".")[0]]
    for index in table.indexes:
        if index.unique and [f"{table.name}.{column.name}" for column in index.columns] == named:
            return str(index.name)
    return f"pk_{table.name}"


def _fold(text: Any) -> Any:  # noqa: ANN401 SQLite hands over whatever is there
    return fold(text) if isinstance(text, str) else text


def _moment(text: Any) -> str | None:  # noqa: ANN401
    moment = read_moment(text) if isinstance(text, str) else None
    return None if moment is None else moment_text(moment)
