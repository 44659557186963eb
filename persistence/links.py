"""One driver connection in the hands of one unit of work: plain reads, writes, and writes put off to the end.

A transaction begins with the first statement that writes or locks; plain reads before it are each a snapshot
of their own, as any read is under READ COMMITTED. Writes nobody waits for are put off until something reads or
the work is over. PostgreSQL then gets them as one statement, which, where nothing else was written, is the
whole transaction: a change is one round trip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from persistence.errors import meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Dialect

    from persistence.statements import Compiled, Parameters, Row, Statement

Deferred = tuple["Statement", "Parameters"]


class Backend(Protocol):
    """What differs between the databases once a connection is made; `driver` is the driver's connection."""

    dialect: Dialect
    begins_at_once: bool  # whether plain reads belong to the transaction too
    writes_whole: bool  # whether one wave is a transaction by itself

    def begin(self, driver: Any) -> None:  # noqa: ANN401 two drivers, no common type
        """Begin a transaction that may write."""

    def commit(self, driver: Any) -> None:  # noqa: ANN401
        """Commit it."""

    def run(self, driver: Any, compiled: Compiled, bound: Sequence[Any]) -> Any:  # noqa: ANN401
        """Run a statement; what is returned has `fetchall` and `rowcount`."""

    def rollback(self, driver: Any) -> None:  # noqa: ANN401
        """Take it back, or do nothing on a connection that is broken."""

    def waves(self, deferred: Sequence[Deferred]) -> Iterable[Sequence[Deferred]]:
        """Split deferred writes into those that go in one statement."""

    def write(self, driver: Any, wave: Sequence[Deferred]) -> None:  # noqa: ANN401
        """Write them; raise StaleVersion where one that must hit a row does not."""

    def translated(self, error: Exception) -> Exception:
        """Return our own error for one of the driver, or the driver's where we have none."""


class Link:
    """A connection and its transaction, if one has begun."""

    def __init__(self, backend: Backend, driver: Any, *, may_write: bool) -> None:  # noqa: ANN401
        self._backend = backend
        self._driver = driver
        self._may_write = may_write
        self._has_begun = False
        self._has_failed = False
        self._deferred: list[Deferred] = []
        if may_write and backend.begins_at_once:
            self._begin()

    @property
    def dialect(self) -> Dialect:
        """Return the dialect the connection speaks."""
        return self._backend.dialect

    def rows(self, statement: Statement, parameters: Parameters) -> list[Row]:
        """Run a statement and return its rows."""
        compiled = statement.compiled(self._backend.dialect)
        cursor = self._execute(statement, compiled, compiled.bind(parameters))
        try:
            return compiled.read(cursor.fetchall())
        except Exception as exc:
            raise self._fault(exc) from exc

    def row(self, statement: Statement, parameters: Parameters) -> Row | None:
        """Run a statement and return its first row."""
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def run(self, statement: Statement, parameters: Parameters) -> int:
        """Run a write and return how many rows it changed."""
        compiled = statement.compiled(self._backend.dialect)
        return int(self._execute(statement, compiled, compiled.bind(parameters)).rowcount)

    def run_many(self, statement: Statement, many: Iterable[Parameters]) -> int:
        """Run a write once for each of many sets of parameters; return how many rows it changed in all."""
        compiled = statement.compiled(self._backend.dialect)
        bound = [compiled.bind(parameters) for parameters in many]
        if not bound:
            return 0
        self._prepare_for(statement)
        try:
            cursor = self._driver.cursor()
            cursor.executemany(compiled.text, bound)
            return int(cursor.rowcount)
        except Exception as exc:
            raise self._fault(exc) from exc

    def later(self, statement: Statement, parameters: Parameters) -> None:
        """Put a write off until something reads, at the latest until the commit."""
        self._require_writable()
        self._deferred.append((statement, parameters))

    def commit(self) -> None:
        """Write what was put off, and commit."""
        if self._has_failed:
            # PostgreSQL would answer this commit with a rollback and without an error.
            raise TypeError("this work has swallowed the error of a statement; let it pass")
        waves = list(self._backend.waves(self._deferred))
        self._deferred = []
        is_whole = self._backend.writes_whole and len(waves) == 1
        if waves and not is_whole and not self._has_begun:
            self._begin()
        for wave in waves:
            self._write(wave)
        if self._has_begun:
            try:
                self._backend.commit(self._driver)
            except Exception as exc:
                raise self._fault(exc) from exc
            self._has_begun = False

    def rollback(self) -> None:
        """Take everything back."""
        self._deferred = []
        if self._has_begun:
            self._has_begun = False
            self._backend.rollback(self._driver)

    def _execute(self, statement: Statement, compiled: Compiled, bound: Any) -> Any:  # noqa: ANN401
        self._prepare_for(statement)
        try:
            return self._backend.run(self._driver, compiled, bound)
        except Exception as exc:
            raise self._fault(exc) from exc

    def _prepare_for(self, statement: Statement) -> None:
        """Begin where it is time to, and write what was put off so that the statement sees it."""
        if not statement.is_plain_read:
            self._require_writable()
        if not self._has_begun and (self._deferred or not statement.is_plain_read):
            self._begin()
        if self._deferred:
            deferred, self._deferred = self._deferred, []
            for wave in self._backend.waves(deferred):
                self._write(wave)

    def _write(self, wave: Sequence[Deferred]) -> None:
        try:
            self._backend.write(self._driver, wave)
        except Exception as exc:
            raise self._fault(exc) from exc

    def _begin(self) -> None:
        try:
            self._backend.begin(self._driver)
        except Exception as exc:
            raise self._fault(exc) from exc
        self._has_begun = True

    def _fault(self, error: Exception) -> Exception:
        self._has_failed = True
        return meaning(self._backend.translated(error))

    def _require_writable(self) -> None:
        if not self._may_write:
            raise TypeError("this work was to read only; give it to Database.transact")
