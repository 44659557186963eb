"""Migrations make the schema that the tables describe, and take it back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from persistence.database import HEAD, Database
from persistence.errors import SchemaOutdated
from persistence.migrations import downgrade, head, upgrade
from persistence.migrations.alembic_runner import connected, script_directory
from persistence.tables import metadata
from tests.factories.races import race
from tests.factories.stored import AT, add_user


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """Return the URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{os.getpid()}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schema_of(database):
    """Return each table's constraints and indexes in the words of the database itself."""
    catalog = (
        "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        if database.url.get_backend_name() == "sqlite"
        else """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass AND contype <> 'n'
        UNION ALL SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        """
    )
    with connected(database.url) as connection:
        return {name: sql and " ".join(sorted(sql.split())) for name, sql in connection.execute(text(catalog))}


def test_there_is_one_head_and_it_is_the_one_that_is_known():
    """Processes compare this constant; they do not load Alembic to find out."""
    assert script_directory().get_heads() == [HEAD]
    assert head() == HEAD


def test_migrations_are_numbered_in_their_order():
    numbers = [step.revision for step in script_directory().walk_revisions()][::-1]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_migrations_and_tables_are_the_same(database):
    with connected(database.url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_constraints_and_indexes_are_the_same_to_the_letter(empty_url):
    upgrade(empty_url)
    made = Database.open(empty_url)
    migrated = schema_of(made)
    downgrade(made, "base")
    with connected(made.url) as connection:
        metadata.create_all(connection)
        connection.commit()

    assert schema_of(made) == migrated
    made.close()


def test_an_empty_database_is_not_current(empty_url):
    database = Database.open(empty_url)

    assert (database.schema_revision(), database.is_current()) == (None, False)
    with pytest.raises(SchemaOutdated):
        add_user(database)

    database.close()


def test_an_empty_database_becomes_current(empty_url):
    upgrade(empty_url)

    database = Database.open(empty_url)
    assert (database.schema_revision(), database.is_current()) == (HEAD, True)
    database.close()


def test_a_current_database_stays_as_it_is(database):
    user = add_user(database)

    upgrade(database)

    assert database.read(lambda unit: unit.resources.lookup("User", user.id)) == user


def test_every_migration_can_be_taken_back(empty_url):
    upgrade(empty_url)
    database = Database.open(empty_url)
    downgrade(database, "base")

    assert database.is_current() is False
    with connected(database.url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]

    upgrade(database)

    assert add_user(database).created_at == AT
    database.close()


def test_several_processes_may_migrate_one_sqlite_database(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"

    race(lambda _: subprocess.run([sys.executable, "-c", _MIGRATE, url], check=True, timeout=60), 3)

    database = Database.open(url)
    assert database.is_current()
    database.close()


_MIGRATE = "import sys; from persistence.migrations import upgrade; upgrade(sys.argv[1])"


def test_a_start_that_has_nothing_to_migrate_does_not_load_alembic(sqlite_url):
    """Loading it takes longer than everything else here."""
    source = (
        "import sys; from persistence.database import Database; from persistence.migrations import upgrade;"
        "print(Database.open(sys.argv[1]).is_current(), 'alembic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", source, sqlite_url], check=True, capture_output=True, timeout=60)

    assert done.stdout.decode().split() == ["True", "False"]


def test_migrations_do_not_wait_long_for_a_lock(postgresql):
    with connected(postgresql.url) as connection:
        settings = [connection.execute(text(f"SHOW {name}")).scalar() for name in ("lock_timeout", "statement_timeout")]

    assert settings == ["4s", "15min"]
