"""What one member of a group costs does not depend on how many others there are, as PostgreSQL tells."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from persistence import members
from persistence.database import Database
from persistence.migrations.alembic_runner import connected
from tests.factories.databases import TEMPLATE

CROWD = """
INSERT INTO resources
SELECT 'id' || n, 'User', 1, '{}', '', 'name' || n, NULL, NULL, NULL, NULL, now(), now()
FROM generate_series(1, 50000) n;
INSERT INTO resources
SELECT 'group' || n, 'Group', 1, '{}', '', 'group' || n, NULL, NULL, NULL, NULL, now(), now()
FROM generate_series(1, 2) n;
INSERT INTO group_members SELECT 'group1', 'id' || n, 'User' FROM generate_series(1, 10) n;
INSERT INTO group_members SELECT 'group2', 'id' || n, 'User' FROM generate_series(1, 50000) n;
"""
ASKED = {
    "who of these is in": (members._holding(1), {"id_0": "id5"}),
    "what these are": (members._types_of(1), {"id_0": "id5"}),
    "remove": (members._REMOVE, {"member_id": "id5"}),
}

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture(scope="module")
def crowd(postgresql_server):
    """Open a database with a small and a large group."""
    postgresql_server.execute(f"CREATE DATABASE large_groups TEMPLATE {TEMPLATE}")
    database = Database.open(postgresql_server.url("large_groups"))
    with connected(database.url) as connection:
        connection.execute(text(CROWD))
        connection.commit()
    postgresql_server.execute("VACUUM ANALYZE", "large_groups")
    yield database
    database.close()
    postgresql_server.execute("DROP DATABASE large_groups WITH (FORCE)")


def rows_read(database, statement, parameters):
    """Run a statement, take it back, and return how many rows of tables and indexes it looked at."""
    compiled = statement.compiled(database._backend.dialect)
    with database._driver() as driver, driver.transaction(force_rollback=True):
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {compiled.text}"
        plan = driver.execute(explain, compiled.bind(parameters)).fetchone()[0][0]["Plan"]
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if "Relation Name" in node or "Index Name" in node
    )


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read(database, group, name):
    statement, parameters = ASKED[name]
    known = {"group_id": group} if "group_id" in str(statement.clause) else {}
    return rows_read(database, statement, {**parameters, **known})


@pytest.mark.parametrize("name", ASKED)
def test_one_member_is_looked_at_and_no_other(crowd, name):
    assert read(crowd, "group1", name) <= 2
    assert read(crowd, "group2", name) <= 2


def test_whether_a_group_is_large_is_told_without_counting_it(crowd):
    asked = {"group_id": "group2", "after": "", "offset": 100, "limit": 1}

    assert rows_read(crowd, members._LIST, asked) <= 102
