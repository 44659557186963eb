"""PostgreSQL: how a connection is set up, how deferred writes become one statement, what its errors mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import create_engine, event

from persistence.errors import (
    ConnectionLost,
    DatabaseUnavailable,
    ReferenceGone,
    SchemaOutdated,
    StaleVersion,
    UniqueViolation,
    WriteConflict,
)
from persistence.wires import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import URL, Dialect, Engine

    from persistence.links import Deferred
    from persistence.statements import Compiled, Statement
    from persistence.wires import Answer

# A statement of ours takes milliseconds; what takes seconds is in the way of everybody else.
SESSION = {
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}
# A server that is gone without a word is noticed by the next packet, not after the kernel's quarter of an hour.
_NETWORK = {
    "connect_timeout": "2",
    "tcp_user_timeout": "5000",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
}
_POOL_TIMEOUT = 5
_POOL_RECYCLE = 1800

_PARAMETER = re.compile(r"\$([0-9]+)")

_CONFLICTS = frozenset({"40001", "40P01"})
# 57P0x: the server stops. 25006: it has become a standby. 25P03: it hung up on an idle transaction.
_LOST = frozenset({"57P01", "57P02", "57P03", "25006", "25P03", "53300"})
_TIMEOUTS = frozenset({"57014", "55P03"})


def connection_url(url: URL, session: dict[str, str]) -> URL:
    """Complete a URL with what makes connections survive a failover, where it does not say otherwise."""
    hosts = url.query.get("host", ())
    defaults = dict(_NETWORK)
    if not isinstance(hosts, str) and len(hosts) > 1:
        defaults["target_session_attrs"] = "read-write"
    options = " ".join(f"-c {name}={value}" for name, value in session.items())
    if given := url.query.get("options"):
        options = f"{options} {given if isinstance(given, str) else ' '.join(given)}"
    return url.update_query_dict({**defaults, **url.query, "options": options})


def open_engine(url: URL, pool_size: int, isolation_level: str | None) -> Engine:
    """Make the engine; it connects when it is first used.

    There is no ping before a connection is used: it would be a round trip of each request, and what it finds
    out is found out anyway, by work that is done again (`Database`).
    """
    session = dict(SESSION)
    if isolation_level is not None:
        session["default_transaction_isolation"] = isolation_level.lower().replace(" ", "\\ ")
    engine = create_engine(
        connection_url(url, session),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_POOL_TIMEOUT,
        pool_recycle=_POOL_RECYCLE,
        pool_use_lifo=True,
        # Transactions are ended by those who began them: one more ROLLBACK for each that is handed back is not free.
        pool_reset_on_return=None,
        use_native_hstore=False,
        # The server's own placeholders. Those of the driver it would look for in every longer statement at each use.
        paramstyle="numeric_dollar",
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", set_up)
    event.listen(engine, "reset", _reset)
    return engine


def set_up(driver: Wire, record: object) -> None:  # noqa: ARG001 SQLAlchemy's signature
    """Set up a new connection: transactions are begun by hand (PostgresqlBackend.begin)."""
    driver.autocommit = True
    driver.cursor_factory = psycopg.RawCursor


def _connect(dialect: object, record: object, arguments: Any, options: Any) -> Wire:  # noqa: ANN401, ARG001 SQLAlchemy's
    return Wire.connect(*arguments, **options)


def _reset(driver: Wire, record: object, state: object) -> None:  # noqa: ARG001 SQLAlchemy's signature
    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
        driver.rollback()


class PostgresqlBackend:
    """Transactions on PostgreSQL."""

    writes_whole = True

    def __init__(self, engine: Engine, isolation_level: str | None) -> None:
        self.dialect: Dialect = engine.dialect
        # Above READ COMMITTED the reads decide, too, whether a transaction may commit.
        self.begins_at_once = isolation_level is not None
        self._merged: dict[tuple[Statement, ...], bytes] = {}

    def begin(self, driver: Wire) -> None:
        """Begin a transaction."""
        driver.command(b"BEGIN")

    def commit(self, driver: Wire) -> None:
        """Commit it."""
        driver.command(b"COMMIT")

    def run(self, driver: Wire, compiled: Compiled, bound: Sequence[Any]) -> Answer:
        """Run a statement."""
        return driver.run(compiled.text, bound, compiled.octets)

    def rollback(self, driver: Wire) -> None:
        """Roll back; a broken connection has done so already."""
        if driver.pgconn.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            driver.pgconn.exec_(b"ROLLBACK")

    def waves(self, deferred: Sequence[Deferred]) -> Iterable[Sequence[Deferred]]:
        """Put together what does not depend on the order, as the parts of one statement are written in any.

        They all see the rows as they were before it. So a table that a part updates is touched by that part only;
        foreign keys are checked when all is written.
        """
        wave: list[Deferred] = []
        for item in deferred:
            if any(_depends(item[0], other) for other, _ in wave):
                yield wave
                wave = []
            wave.append(item)
        if wave:
            yield wave

    def write(self, driver: Wire, wave: Sequence[Deferred]) -> None:
        """Write a wave as one statement."""
        statements = tuple(statement for statement, _ in wave)
        text = self._merged.get(statements)
        if text is None:
            text = self._merged[statements] = self._merge(statements)
        parameters: list[Any] = []
        for statement, given in wave:
            parameters += statement.compiled(self.dialect).bind(given)
        try:
            driver.run(text, parameters)
        except psycopg.errors.DivisionByZero as exc:
            raise StaleVersion from exc

    def _merge(self, statements: Sequence[Statement]) -> bytes:
        parts, outcome, taken = [], [], 0
        for number, statement in enumerate(statements):
            compiled = statement.compiled(self.dialect)
            text = _numbered_from(taken, compiled.text)
            taken += len(compiled.names)
            if statement.must_hit:
                text += " RETURNING 1"
                # The one way to fail inside of a statement: nothing of it is written then.
                outcome.append(f"1 / (SELECT count(*) / {statement.must_hit} FROM w{number})")  # noqa: S608 no input
            parts.append(f"w{number} AS ({text})")
        return f"WITH {', '.join(parts)} SELECT {', '.join(outcome) or '1'}".encode()

    def translated(self, error: Exception) -> Exception:
        """Name the error by what it means to us."""
        if not isinstance(error, psycopg.Error):
            return error
        state = error.sqlstate
        if state is None:
            return ConnectionLost() if isinstance(error, psycopg.OperationalError) else error
        if state in _CONFLICTS:
            return WriteConflict()
        if state in _LOST or state.startswith("08"):
            return ConnectionLost()
        if state in _TIMEOUTS or state.startswith("53"):
            return DatabaseUnavailable()
        return _translated_fault(error, state)


def _translated_fault(error: psycopg.Error, state: str) -> Exception:
    if state == "23505":
        return UniqueViolation(error.diag.constraint_name or "")
    if state == "23503":
        return ReferenceGone()
    return SchemaOutdated() if state == "42P01" else error


def _numbered_from(taken: int, text: str) -> str:
    """Let the parameters of a statement follow those that others have taken."""
    return _PARAMETER.sub(lambda match: f"${int(match[1]) + taken}", text)


def _depends(later: Statement, earlier: Statement) -> bool:
    return later.table == earlier.table and not (later.is_insert and earlier.is_insert)
