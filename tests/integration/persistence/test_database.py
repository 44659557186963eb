"""Units of work: all or nothing, and done again where something got in the way."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading

import psycopg
import pytest

from persistence.database import Database, read_url
from persistence.errors import ConnectionLost, DatabaseUnavailable, PersistenceError, WriteConflict
from persistence.migrations import upgrade
from tests.factories.postgresql import free_port
from tests.factories.races import race
from tests.factories.schemas import user_type
from tests.factories.stored import AT, add_user, new_event, new_id


class Once:
    """Fails the first times it is called."""

    def __init__(self, *errors):
        self._errors = list(errors)
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)


def names(database):
    return {event.event for event in database.read(lambda unit: unit.audit.list(AT.replace(year=2030)))}


def test_work_is_all_or_nothing(database):
    def work(unit):
        unit.audit.add(new_event(event="first"))
        unit.resources.lookup("User", "x")
        unit.audit.add(new_event(event="second"))
        raise LookupError

    with pytest.raises(LookupError):
        database.transact(work)

    assert names(database) == set()


def test_work_that_only_reads_may_be_a_transaction(database):
    assert database.transact(lambda unit: unit.resources.count("User")) == 0


@pytest.mark.parametrize("error", [WriteConflict, ConnectionLost])
def test_work_is_done_again_from_its_beginning(database, error):
    once = Once(error(), error())

    def work(unit):
        unit.audit.add(new_event(event=f"try {once.calls}"))
        unit.resources.count("User")
        once()

    database.transact(work)

    assert once.calls == 3
    assert names(database) == {"try 2"}


def test_after_the_deadline_the_caller_is_told(database_url):
    database = Database.open(database_url, deadline=0.0)

    def work(_):
        raise WriteConflict

    with pytest.raises(DatabaseUnavailable):
        database.transact(work)

    database.close()


def test_other_errors_are_not_tried_again(database):
    once = Once(LookupError())

    with pytest.raises(LookupError):
        database.transact(lambda _: once())

    assert once.calls == 1


def test_reading_work_cannot_write(database):
    with pytest.raises(TypeError):
        database.read(lambda unit: unit.audit.add(new_event()))
    with pytest.raises(TypeError):
        database.read(lambda unit: unit.limits.hold("x"))

    assert names(database) == set()


def test_work_that_swallows_an_error_is_not_committed(database):
    """PostgreSQL would answer the commit with a rollback, and nobody would know."""
    user = add_user(database)
    add_user(database, "ann")

    def work(unit):
        unit.audit.add(new_event())
        with pytest.raises(Exception):  # noqa: B017, PT011 whatever it is
            unit.resources.save(user, user_type(), {"userName": "ann"}, AT)

    with pytest.raises(TypeError, match="swallowed"):
        database.transact(work)

    assert names(database) == set()


def test_many_threads_write_at_once(database):
    users = race(lambda number: add_user(database, f"user{number}"), 16)

    assert database.read(lambda unit: unit.resources.count("User")) == 16
    assert len({user.id for user in users}) == 16


def test_of_concurrent_changes_of_one_version_one_wins(database):
    stored = add_user(database)

    saved = race(
        lambda number: database.transact(
            lambda unit: unit.resources.save(stored, user_type(), {"userName": f"user{number}"}, AT)
        ),
        8,
    )

    won = [item for item in saved if item is not None]
    assert [database.read(lambda unit: unit.resources.lookup("User", stored.id))] == won


def test_who_locks_a_resource_changes_it_alone(database):
    """No increment is lost between reading and writing."""
    stored = add_user(database, nickName="0")

    def increment(_):
        def work(unit):
            locked = unit.resources.lock("User", stored.id)
            document = locked.document()
            document["nickName"] = str(int(document["nickName"]) + 1)
            return unit.resources.save(locked, user_type(), document, AT)

        return database.transact(work)

    race(increment, 12)

    found = database.read(lambda unit: unit.resources.lookup("User", stored.id))
    assert (found.document()["nickName"], found.version) == ("12", 13)


def test_serializable_transactions_lose_no_update(postgresql_url):
    """The stand-in for a distributed engine: all reads count, conflicts are done again."""
    database = Database.open(postgresql_url, pool_size=4, isolation_level="SERIALIZABLE")
    stored = add_user(database, nickName="0")

    def increment(_):
        for _ in range(5):

            def work(unit):
                found = unit.resources.lookup("User", stored.id)
                document = found.document()
                document["nickName"] = str(int(document["nickName"]) + 1)
                unit.resources.save_or_fail(found, user_type(), document, AT)

            database.transact(work)

    race(increment, 4)

    assert database.read(lambda unit: unit.resources.lookup("User", stored.id)).document()["nickName"] == "20"
    database.close()


def test_a_forced_serialization_failure_is_done_again(postgresql_url):
    """Two transactions that each read what the other writes: one gets 40001 from the server."""
    database = Database.open(postgresql_url, pool_size=2, isolation_level="SERIALIZABLE")
    users = [add_user(database, name) for name in ("ann", "bob")]
    barrier = threading.Barrier(2)
    tries = []

    def act(number):
        def work(unit):
            tries.append(number)
            other = unit.resources.lookup("User", users[1 - number].id)
            if tries.count(number) == 1:
                barrier.wait(timeout=10)
            mine = unit.resources.lookup("User", users[number].id)
            document = {**mine.document(), "nickName": str(other.version)}
            unit.resources.save_or_fail(mine, user_type(), document, AT)

        database.transact(work)

    race(act, 2)

    seen = [database.read(lambda unit, u=u: unit.resources.lookup("User", u.id)).document()["nickName"] for u in users]
    assert sorted(seen) == ["1", "2"]
    assert len(tries) == 3
    database.close()


def end_sessions(postgresql_server, database):
    """Kill every connection of a database, as a failover does; return how many there were."""
    return len(postgresql_server.execute(f"SELECT pg_terminate_backend(pid) {_SESSIONS} '{database.url.database}'"))


_SESSIONS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname ="


def test_a_read_on_a_killed_connection_is_done_again(postgresql, postgresql_server):
    user = add_user(postgresql)

    assert end_sessions(postgresql_server, postgresql) == 1

    assert postgresql.read(lambda unit: unit.resources.lookup("User", user.id)) == user


def test_work_on_a_killed_connection_is_done_again(postgresql, postgresql_server):
    kills = Once()

    def work(unit):
        unit.audit.add(new_event(event=f"try {kills.calls}"))
        unit.resources.count("User")
        kills()
        if kills.calls == 1:
            end_sessions(postgresql_server, postgresql)
        unit.limits.hold("x")

    postgresql.transact(work)

    assert names(postgresql) == {"try 1"}


def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    database = Database.open(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/x", deadline=0.0)

    for act in (
        database.ping,
        database.schema_revision,
        lambda: database.read(lambda _: None),
        lambda: database.transact(lambda _: None),
    ):
        with pytest.raises(DatabaseUnavailable):
            act()


def test_a_pool_that_is_used_up_is_unavailable(postgresql_url):
    database = Database.open(postgresql_url, pool_size=1)
    database._engine.pool._timeout = 0.01

    with pytest.raises(DatabaseUnavailable):
        database.read(lambda _: database.ping())

    database.close()


def test_a_connection_that_comes_back_to_a_closed_database_is_closed(database):
    with database._driver() as driver:
        database.close()

    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        driver.execute("SELECT 1")


def test_the_first_of_several_hosts_may_be_down(postgresql_server, postgresql_url):
    name = postgresql_url.rpartition("/")[2]
    hosts = f"127.0.0.1:{free_port()},127.0.0.1:{postgresql_server.port}"

    database = Database.open(f"postgresql://postgres@{hosts}/{name}")

    database.ping()
    assert add_user(database).version == 1
    assert database._engine.url.query["target_session_attrs"] == "read-write"
    database.close()


@pytest.mark.parametrize(
    "setting",
    ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"],
)
def test_sessions_are_bounded(postgresql, setting):
    with postgresql._driver() as driver:
        value = driver.execute(f"SHOW {setting}").fetchone()[0]

    assert value == {"statement_timeout": "5s", "lock_timeout": "3s"}.get(setting, "15s")


def test_a_statement_that_takes_too_long_is_unavailable(postgresql):
    error = postgresql._backend.translated(psycopg.errors.QueryCanceled())

    assert type(error) is DatabaseUnavailable


def test_moments_come_back_in_utc(database):
    found = database.read(lambda unit: unit.resources.lookup("User", add_user(database).id))

    assert found.created_at == AT
    assert found.created_at.utcoffset().total_seconds() == 0


def test_a_moment_needs_a_time_zone(sqlite):
    with pytest.raises(ValueError, match="time zone"):
        add_user(sqlite, at=AT.replace(tzinfo=None))


def test_a_database_file_is_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        upgrade(f"sqlite:///{tmp_path}/new.db")
        database = Database.open(f"sqlite:///{tmp_path}/new.db")
        add_user(database)
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}

    database.close()
    assert {"new.db", "new.db-wal", "new.db-gate", "new.db-turn"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_sqlite_keeps_what_it_has_promised(sqlite):
    with sqlite._driver() as driver:
        answers = [
            driver.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert answers == ["wal", 2, 1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///var/x.db", "sqlite:///var/x.db"),
        ("postgresql://u@h/x", "postgresql+psycopg://u@h/x"),
        ("postgresql+psycopg://u@h:1,i:2/x", "postgresql+psycopg://u@/x?host=h%3A1&host=i%3A2"),
        ("postgresql+psycopg://h:1,i:2/x?a=b", "postgresql+psycopg:///x?a=b&host=h%3A1&host=i%3A2"),
    ],
)
def test_urls_are_read(url, expected):
    assert read_url(url).render_as_string() == expected


@pytest.mark.parametrize("url", ["", "x", "mysql://h/x", "sqlite+aiosqlite:///x", "postgresql://u:secret@h:port/x"])
def test_other_urls_are_refused_without_repeating_them(url):
    with pytest.raises(ValueError, match="database") as caught:
        read_url(url)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_would_be_lost_is_refused(url):
    with pytest.raises(ValueError, match="name a file"):
        Database.open(url)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Database.open(f"sqlite:///{tmp_path}/missing/x.db")


def test_errors_say_what_has_happened():
    assert str(PersistenceError("as told")) == "as told"
    assert str(WriteConflict()) == WriteConflict.__doc__
    assert new_id() != new_id()
