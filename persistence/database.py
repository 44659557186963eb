"""The database: one object a process, which runs units of work and does again what a failure undid."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

import sqlalchemy
from sqlalchemy import Column, MetaData, Table, Text, make_url, select

from persistence import sqlite
from persistence.errors import ConnectionLost, DatabaseUnavailable, SchemaOutdated
from persistence.links import Link
from persistence.patience import Patience
from persistence.statements import Statement
from persistence.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import URL, Engine, Pool, PoolProxiedConnection

    from persistence.audit import AuditEvent
    from persistence.links import Backend

    Listener = Callable[[Sequence[AuditEvent]], None]

T = TypeVar("T")

# The newest migration (a test compares): a process that finds it in the database need not load Alembic.
HEAD = "0019"

# How long work is done again before its caller is told that the database is not there. A failover takes longer
# than that now and then; an HTTP client waits no longer.
DEADLINE = 10.0

# `user@one:5432,two:5432/name`, as libpq has it.
_HOST_LIST = re.compile(r"(?P<head>[^/]+//(?:[^@/]*@)?)(?P<hosts>[^/?@]+,[^/?@]+)(?P<tail>.*)")

_revision = Table("alembic_version", MetaData(), Column("version_num", Text))
_REVISION = Statement(select(_revision.c.version_num))
_PING = Statement(select(sqlalchemy.literal(1)))


def _ignore(events: Sequence[AuditEvent]) -> None:
    del events


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What an attempt at a transaction came to: its result, and what it has put on record."""

    result: T
    events: Sequence[AuditEvent]


class Database:
    """A database and its pool of connections. Open it after a fork, not before."""

    def __init__(self, url: URL, engine: Engine, backend: Backend, deadline: float, on_record: Listener) -> None:
        self._url = url
        self._engine = engine
        self._backend = backend
        self._patience = Patience(deadline)
        self._on_record = on_record

    @classmethod
    def open(
        cls,
        url: str,
        *,
        pool_size: int = 1,
        isolation_level: str | None = None,
        deadline: float = DEADLINE,
        on_record: Listener = _ignore,
    ) -> Database:
        """Open `sqlite:///path` or `postgresql+psycopg://…`, which may name several hosts.

        It connects when it is first used. The isolation level is READ COMMITTED unless told otherwise; SQLite
        knows one only. After the deadline, in seconds, work that fails is not begun again.
        `on_record` is told what has been put on record, each time when it is committed.
        """
        parsed = read_url(url)
        if parsed.get_backend_name() == "sqlite":
            path = sqlite.file_of(parsed)
            engine = sqlite.open_engine(parsed, path, pool_size)
            return cls(parsed, engine, sqlite.SqliteBackend(engine, path), deadline, on_record)
        # Loaded where it is used: its driver is a fifth of what a service on SQLite would load.
        postgresql = import_module("persistence.postgresql")
        engine = postgresql.open_engine(parsed, pool_size, isolation_level)
        return cls(parsed, engine, postgresql.PostgresqlBackend(engine, isolation_level), deadline, on_record)

    @property
    def url(self) -> URL:
        """Return what it was opened with; as text it shows no password."""
        return self._url

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do work in one transaction, and again from its beginning where a conflict or a failure undid it.

        The work must be repeatable, and change nothing outside of the unit. Any error it raises takes everything
        back. Where the answer to a commit is lost, an event that the work has put on record tells whether it was
        committed: then what it returned is returned. Work that puts nothing on record is done again all the same.

        Raises:
            DatabaseUnavailable: It could not be done within the deadline.
            StaleVersion: A write put off until the commit did not find the version it was computed from.
        """
        unanswered: dict[str, Done[T]] = {}
        done = self._patience.insist(lambda: self._attempt(work, unanswered))
        if done.events:
            self._on_record(done.events)
        return done.result

    def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do work that only reads, each read a snapshot of its own; again where the connection broke.

        Raises:
            DatabaseUnavailable: It could not be done within the deadline.
        """
        return self._patience.insist(lambda: self._read(work))

    def ping(self) -> None:
        """Make sure that the database answers.

        Raises:
            DatabaseUnavailable: It does not.
        """
        with self._driver() as driver:
            Link(self._backend, driver, may_write=False).row(_PING, {})

    def schema_revision(self) -> str | None:
        """Return the number of the last migration made, None on an empty database."""
        try:
            with self._driver() as driver:
                found = Link(self._backend, driver, may_write=False).row(_REVISION, {})
        except SchemaOutdated:
            return None
        return None if found is None else str(found[0])

    def is_current(self) -> bool:
        """Tell whether all migrations have been made, and none that this program does not know."""
        return self.schema_revision() == HEAD

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    def _attempt(self, work: Callable[[UnitOfWork], T], unanswered: dict[str, Done[T]]) -> Done[T]:
        with self._driver() as driver:
            link = Link(self._backend, driver, may_write=True)
            unit = UnitOfWork(link)
            try:
                done = Done(work(unit), unit.audit.added)
                # To look for it writes what was put off. So by now all locks are held, and an earlier attempt that
                # was still being committed has come to its end.
                earlier = _committed(unit, unanswered)
                if earlier is None:
                    _commit(link, done, unanswered)
                    return done
                link.rollback()
            except BaseException as exc:
                link.rollback()
                earlier = None if isinstance(exc, ConnectionLost) else _committed(self._reader(driver), unanswered)
                if earlier is None:
                    raise
            return unanswered[earlier]

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        with self._driver() as driver:
            return work(self._reader(driver))

    def _reader(self, driver: object) -> UnitOfWork:
        return UnitOfWork(Link(self._backend, driver, may_write=False))

    @contextmanager
    def _driver(self) -> Iterator[object]:
        """Lend a driver connection of the pool."""
        pool = self._engine.pool
        lent = self._lend(pool)
        try:
            yield lent.driver_connection
        except ConnectionLost:
            # The others of the pool are no better.
            lent.invalidate()
            self._engine.dispose()
            raise
        finally:
            lent.close()
            if pool is not self._engine.pool:
                # It was given up meanwhile, and nobody would close what comes back to it.
                pool.dispose()

    def _lend(self, pool: Pool) -> PoolProxiedConnection:
        try:
            return pool.connect()
        except sqlalchemy.exc.TimeoutError as exc:
            raise DatabaseUnavailable from exc
        except sqlalchemy.exc.DBAPIError as exc:
            raise self._unreachable(exc.orig if isinstance(exc.orig, Exception) else exc) from exc
        except self._backend.dialect.loaded_dbapi.Error as exc:
            raise self._unreachable(exc) from exc

    def _unreachable(self, error: Exception) -> Exception:
        return self._backend.translated(error)


def read_url(url: str) -> URL:
    """Read the URL of a database.

    Raises:
        ValueError: It is none of those that are supported; the message does not repeat it, as it may hold a password.
    """
    if match := _HOST_LIST.fullmatch(url):
        hosts = "&".join(f"host={host}" for host in match["hosts"].split(","))
        tail = match["tail"] + ("&" if "?" in match["tail"] else "?")
        url = f"{match['head']}{tail}{hosts}"
    try:
        parsed = make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise ValueError("this is not the URL of a database") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError("the database is neither sqlite:///path nor postgresql+psycopg://host/name")
    return parsed


def _commit(link: Link, done: Done[T], unanswered: dict[str, Done[T]]) -> None:
    try:
        link.commit()
    except ConnectionLost:
        # It may have been committed all the same.
        unanswered.update({event.id: done for event in done.events[:1]})
        raise


def _committed(unit: UnitOfWork, unanswered: dict[str, Done[T]]) -> str | None:
    """Return the event of an attempt that was committed although nobody heard of it."""
    own = {event.id for event in unit.audit.added}
    others = (event_id for event_id in unanswered if event_id not in own)
    return next((event_id for event_id in others if unit.audit.has(event_id)), None)
