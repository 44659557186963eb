"""The statements that reach a database, as its driver sees them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from persistence.database import Database


@dataclass
class StatementLog:
    """What was run since it was last emptied; begin and commit are not counted, as they are in every transaction."""

    statements: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Remember a statement; what a trigger or a cascade runs by itself begins with dashes."""
        plain = " ".join(text.split())
        if not plain.startswith(("--", "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            self.statements.append(plain)

    def count(self, act: Callable[[], Any]) -> int:
        """Do something and return how many statements that took."""
        self.statements.clear()
        act()
        return len(self.statements)

    def touching(self, table: str) -> list[str]:
        """Return the statements that name a table."""
        return [text for text in self.statements if table in text]


@contextmanager
def statement_log(database: Database) -> Iterator[StatementLog]:
    """Listen to every connection of a database that is made from now on."""
    log = StatementLog()
    engine = database._engine

    def listen(driver: Any, _record: object) -> None:
        if engine.dialect.name == "sqlite":
            driver.set_trace_callback(log.note)
        else:
            _listen_to_psycopg(driver, log)

    engine.dispose()
    event.listen(engine, "connect", listen)
    try:
        yield log
    finally:
        event.remove(engine, "connect", listen)
        engine.dispose()


def _listen_to_psycopg(driver: Any, log: StatementLog) -> None:
    run = driver.run

    def noting(text: Any, *arguments: Any) -> Any:
        log.note(_text(text))
        return run(text, *arguments)

    class NotingCursor(driver.cursor_factory):  # type: ignore[misc] # known only when the connection is made
        def executemany(self, query: Any, *arguments: Any, **options: Any) -> Any:
            log.note(_text(query))
            return super().executemany(query, *arguments, **options)

    driver.run = noting
    driver.cursor_factory = NotingCursor


def _text(query: Any) -> str:
    return query.decode() if isinstance(query, bytes) else str(query)
