"""No query that has an index reads much more than it returns, as the databases themselves tell.

SQLite tells how it is going to search; PostgreSQL, among some thousand resources, how many rows it has looked at.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import Boolean, DateTime, Integer, text

from api.clock import SystemClock
from persistence import (
    administrators,
    audit,
    blocked_attempts,
    blocks,
    browser_sessions,
    clients,
    deliveries,
    delivery_lists,
    factors,
    flows,
    grants,
    histories,
    imports,
    labels,
    limits,
    members,
    passwords,
    provider_figures,
    resources,
    revocations,
    rosters,
    send_marks,
    sign_ins,
    statistics,
    uniques,
    value_rows,
    verifications,
)
from persistence.database import Database
from persistence.migrations.alembic_runner import connected
from persistence.moments import END_OF_TIME
from persistence.pages import listing_of
from persistence.pruning import COUNT, REMOVE
from persistence.resources import Query
from persistence.statements import Statement
from scim.attributes import parse_attribute_path
from scim.filter_binding import bind
from scim.filters import parse_filter
from tests.factories.databases import TEMPLATE
from tests.factories.schemas import group_type, user_type
from tests.factories.stored import AT

# Rows one search may look at; a scan looks at each of thousands.
FEW = 300

CROWD = """
INSERT INTO resources
SELECT 'id' || n, 'User', 1, '{"emails": [{"type": "work", "value": "mail' || n || '"}]}', '', 'name' || n,
    'display' || n, 'label', 'external' || n, n % 1000 > 0, now() - n * interval '1 hour', now() - n * interval '1 hour'
FROM generate_series(1, 3000) n;
INSERT INTO resources
SELECT 'group' || n, 'Group', 1, '{}', '', 'group' || n, 'group' || n, 'label', NULL, NULL, now(), now()
FROM generate_series(1, 3000) n;
INSERT INTO resource_values SELECT 'id' || n, 'emails', 0, 'mail' || n FROM generate_series(1, 3000) n;
INSERT INTO resource_values SELECT 'id' || n, 'phoneNumbers', 0, 'phone' || n FROM generate_series(1, 3000) n;
INSERT INTO unique_values SELECT 'id' || n, 'urn:example:card:number', 'C' || n, 'User' FROM generate_series(1, 3000) n;
INSERT INTO group_members SELECT 'group' || n, 'id' || n, 'User' FROM generate_series(1, 3000) n;
INSERT INTO verifications
SELECT 'v' || n, 'id' || n, 'mobile', 'scenario', 'text', 'key', 'k1', 'digest' || n, 1, 0, 1,
    CASE WHEN n % 10 = 0 THEN 'pending' ELSE 'approved' END, now() - n * interval '1 hour', now(), now(),
    now() + n * interval '1 hour', NULL,
    CASE WHEN n % 10 = 0 THEN NULL ELSE now() END, NULL
FROM generate_series(1, 3000) n;
INSERT INTO deliveries
SELECT 'd' || n, 'v' || n, 'id' || n, 'sms', 1, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'sent' END, 1,
    now(), now(), NULL, 'twilio', 'SM' || n, NULL, now() - n * interval '1 hour', now()
FROM generate_series(1, 3000) n;
INSERT INTO send_blocks SELECT 'b' || n, 'id' || n, now(), now() + n * interval '1 hour', 0, 1, 1, NULL
FROM generate_series(1, 3000) n;
INSERT INTO send_counts SELECT 'country:' || n, now() - n * interval '1 hour', 1, 1, 1 FROM generate_series(1, 3000) n;
INSERT INTO blocked_attempts SELECT 'a' || n, now() - n * interval '1 hour', 'u', 'mobile', '*', 'id' || n, NULL,
    'id' || n, 'a', NULL, 'r'
FROM generate_series(1, 3000) n;
INSERT INTO send_marks SELECT 'id' || n, '1', 0, 1, 1, '1', now() + n * interval '1 hour'
FROM generate_series(1, 3000) n;
INSERT INTO limit_entries SELECT 'OTP_HOURLY', 'id' || n, now(), 'key' FROM generate_series(1, 3000) n;
INSERT INTO limit_subjects SELECT 'id' || n FROM generate_series(1, 3000) n;
INSERT INTO browser_sessions
SELECT 's' || n, 'digest' || n, 'id' || n, 'pwd', 'aal1', now(), now(), now() + n * interval '1 hour', NULL
FROM generate_series(1, 3000) n;
INSERT INTO passwords SELECT 'id' || n, 'hash', now() FROM generate_series(1, 3000) n;
INSERT INTO flows
SELECT 'f' || n, 'sign_in', 'digest', 'id' || n, 'step', 0, 0, '{}', now(), now() + n * interval '1 hour'
FROM generate_series(1, 3000) n;
INSERT INTO authenticators SELECT 'id' || n, 'sealed', 1, now() FROM generate_series(1, 3000) n;
INSERT INTO recovery_codes SELECT 'id' || n, 'digest', now(), NULL FROM generate_series(1, 3000) n;
INSERT INTO mfa_policies SELECT 'user', 'id' || n, 'on' FROM generate_series(1, 3000) n;
INSERT INTO sign_in_places SELECT 'id' || n, 'place', now() FROM generate_series(1, 3000) n;
INSERT INTO oauth_clients
SELECT 'id' || n, 'name', NULL, '[]', '[]', 'openid', false, now() FROM generate_series(1, 3000) n;
INSERT INTO oauth_consents SELECT 'id' || n, 'id' || n, 'openid', now() FROM generate_series(1, 3000) n;
INSERT INTO oauth_grants
SELECT 'g' || n, 'id' || n, 'id' || n, 'openid', 'pwd', 'aal1', now(), now(), now() + n * interval '1 hour',
    'digest' || n, now(), 'challenge', 'uri', NULL, now()
FROM generate_series(1, 3000) n;
INSERT INTO refresh_tokens
SELECT 'digest' || n, 'g' || n, now(), now() + n * interval '1 hour', NULL, NULL FROM generate_series(1, 3000) n;
INSERT INTO audit_events
SELECT 'e' || n, now() - n * interval '1 hour', 'event' || n % 3, 'actor' || n % 3, 'id' || n, '{}', NULL, NULL
FROM generate_series(1, 3000) n;
INSERT INTO imports
SELECT 'id' || n, 'a', 'csv', 'f', false, 'checked', 1, 0, NULL, '{}', NULL, NULL, NULL, now() - n * interval '1 hour'
FROM generate_series(1, 3000) n;
INSERT INTO import_parts SELECT 'id' || n, 0, 's' FROM generate_series(1, 3000) n;
INSERT INTO import_rejections SELECT 'id' || n, 1, 'r' FROM generate_series(1, 3000) n;
INSERT INTO country_figures SELECT now() - n * interval '1 hour', 'LK', 1, 1 FROM generate_series(1, 3000) n;
INSERT INTO provider_calls SELECT now() - n * interval '1 hour', 'twilio', 'accepted', 1, 1
FROM generate_series(1, 3000) n;
INSERT INTO provider_circuits
SELECT 'w' || n, 'twilio', 'closed', now() - n * interval '1 hour', now() - n * interval '1 hour'
FROM generate_series(1, 3000) n;
INSERT INTO token_revocations SELECT 'id' || n, now(), '2000-01-01' FROM generate_series(1, 3000) n;
"""

FILTERS = [
    'id eq "id5"',
    'userName eq "name5"',
    'userName sw "name50"',
    'externalId eq "external5"',
    'externalId sw "external50"',
    'displayName eq "display5"',
    'displayName sw "display50"',
    "active eq false",
    'emails.value eq "mail5"',
    'emails eq "mail5"',
    'emails.value sw "mail50"',
    'emails[type eq "work" and value eq "mail5"]',
    'emails[type eq "work"].value eq "mail5"',
    'phoneNumbers.value eq "phone5"',
    'phoneNumbers[value eq "phone5" and type eq "x"]',
    'userName eq "name5" or externalId eq "external6"',
    'userName sw "name50" or displayName sw "display50"',
    'phoneNumbers.value sw "phone50"',
    'groups.value eq "group5"',
    'meta.created gt "2999-01-01T00:00:00Z"',
    'meta.lastModified ge "2999-01-01T00:00:00Z"',
]
GROUP_FILTERS = ['displayName eq "group5"', 'members.value eq "id5"', 'members[value eq "id5" and type eq "User"]']
SORTS = ["userName", "meta.created", "meta.lastModified", "id"]
MODULES = [
    administrators,
    blocked_attempts,
    blocks,
    browser_sessions,
    clients,
    deliveries,
    factors,
    flows,
    grants,
    imports,
    limits,
    members,
    passwords,
    provider_figures,
    resources,
    revocations,
    rosters,
    sign_ins,
    uniques,
    value_rows,
    verifications,
]
# These take all that a partial index holds, walk a table in portions, begin at its end, or read one of a few rows.
WHOLE = {
    "_COUNT_QUEUED",
    "_FIGURES",
    "_LIST_ALL",
    "_LIST_USED_UP",
    "_LOCK_HOLDERS",
    "_NEWEST",
    "_PRUNE",
    "_PRUNE_SUBJECTS",
}
STATEMENTS = [
    pytest.param(value, id=module.__name__.rpartition(".")[2] + name)
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Statement) and not value.is_insert and name not in WHOLE
]
STATEMENTS += [
    pytest.param(send_marks._listing(5, 0), id="send_marks_listing"),
    pytest.param(send_marks._listing(5, 2), id="send_marks_listing_with_areas"),
    *(
        pytest.param(blocked_attempts._listing(names), id=f"blocked_attempts_listing_{'_'.join(names)}")
        for names in (("country",), ("reason", "before"), ("country", "since", "until", "before"))
    ),
]


@pytest.fixture(scope="module")
def crowd(postgresql_server):
    """Open a PostgreSQL database with some thousand resources, and statistics about them."""
    postgresql_server.execute(f"CREATE DATABASE crowd TEMPLATE {TEMPLATE}")
    database = Database.open(postgresql_server.url("crowd"))
    with connected(database.url) as connection:
        connection.execute(text(CROWD))
        connection.commit()
    postgresql_server.execute("VACUUM ANALYZE", "crowd")
    yield database
    database.close()
    postgresql_server.execute("DROP DATABASE crowd WITH (FORCE)")


def rows_read(database, statement, parameters):
    """Run a statement and return how many rows it looked at in tables and indexes."""
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


def searches(database, statement, parameters):
    """Return the lines of SQLite's plan."""
    compiled = statement.compiled(database._backend.dialect)
    with database._driver() as driver:
        rows = driver.execute(f"EXPLAIN QUERY PLAN {compiled.text}", compiled.bind(parameters)).fetchall()
    return [row[3] for row in rows]


def scans(lines):
    """Return those that read a whole table, a whole index, or all resources of a type."""
    is_scan = re.compile(r"SCAN (?!due|unused|above|below|json_|\(|CONSTANT|anon)|\(resource_type=\?\)")
    return [line for line in lines if is_scan.search(line) and "resource_counters" not in line]


def listing(database, resource_type, filter_text):
    query = Query((resource_type,), filter=bind(parse_filter(filter_text), resource_type), limit=10)
    return query, listing_of(query, database._backend.dialect)


@pytest.mark.parametrize("filter_text", [item for item in FILTERS if " or " not in item])
def test_sqlite_searches_by_index(sqlite, filter_text):
    query, found = listing(sqlite, user_type(), filter_text)

    assert scans(searches(sqlite, found.rows, found.parameters(query))) == []
    assert scans(searches(sqlite, found.count, query.parameters())) == []


@pytest.mark.parametrize("filter_text", GROUP_FILTERS)
def test_sqlite_searches_groups_by_index(sqlite, filter_text):
    query, found = listing(sqlite, group_type(), filter_text)

    assert scans(searches(sqlite, found.rows, found.parameters(query))) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("filter_text", FILTERS)
def test_postgresql_reads_few_rows(crowd, filter_text):
    query, found = listing(crowd, user_type(), filter_text)

    assert rows_read(crowd, found.rows, found.parameters(query)) < FEW
    assert rows_read(crowd, found.count, query.parameters()) < FEW


@pytest.mark.postgresql
@pytest.mark.parametrize("filter_text", GROUP_FILTERS)
def test_postgresql_reads_few_rows_of_groups(crowd, filter_text):
    query, found = listing(crowd, group_type(), filter_text)

    assert rows_read(crowd, found.rows, found.parameters(query)) < FEW


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("path", [None, *SORTS])
def test_a_list_in_the_order_of_an_index_is_not_sorted(sqlite, crowd, path, descending):
    sort_by = None if path is None else user_type().resolve(parse_attribute_path(path))
    query = Query((user_type(),), sort_by=sort_by, descending=descending, limit=10)
    in_sqlite = listing_of(query, sqlite._backend.dialect)
    in_postgresql = listing_of(query, crowd._backend.dialect)

    lines = searches(sqlite, in_sqlite.rows, in_sqlite.parameters(query))

    assert [line for line in lines if "TEMP B-TREE" in line] == []
    assert rows_read(crowd, in_postgresql.rows, in_postgresql.parameters(query)) < FEW


AUDIT_FILTERS = [(), ("event",), ("actor",), ("subject_id",), ("since",), ("event", "actor"), ("event", "since")]


@pytest.mark.parametrize("names", AUDIT_FILTERS, ids="+".join)
def test_sqlite_reads_the_audit_trail_by_an_index_and_in_its_order(sqlite, names):
    statement = audit.listing(frozenset(names))

    lines = searches(sqlite, statement, sample(statement, sqlite._backend.dialect))

    assert scans(lines) == []
    assert [line for line in lines if "TEMP B-TREE" in line] == []


@pytest.mark.postgresql
@pytest.mark.parametrize("names", AUDIT_FILTERS, ids="+".join)
def test_postgresql_reads_few_events_of_the_audit_trail(crowd, names):
    statement = audit.listing(frozenset(names))
    values = {"event": "event1", "actor": "actor1", "before_at": END_OF_TIME, "limit": 10}

    parameters = {**sample(statement, crowd._backend.dialect), **values}

    assert rows_read(crowd, statement, parameters) < FEW


@pytest.mark.parametrize("statement", [*chain.from_iterable(COUNT.values()), *REMOVE.values()])
def test_sqlite_finds_what_is_old_by_an_index(sqlite, statement):
    assert scans(searches(sqlite, statement, sample(statement, sqlite._backend.dialect))) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", [*chain.from_iterable(COUNT.values()), *REMOVE.values()])
def test_postgresql_finds_what_is_old_by_an_index(crowd, statement):
    values = {"before": AT.replace(year=1999), "limit": 10}

    assert rows_read(crowd, statement, values if statement in REMOVE.values() else {"before": values["before"]}) < FEW


HISTORY_FILTERS = [(), ("user_id",), ("status",), ("since",), ("user_id", "status"), ("status", "purpose")]


@pytest.mark.parametrize("names", HISTORY_FILTERS, ids="+".join)
def test_sqlite_reads_verifications_by_an_index(sqlite, names):
    statement = histories.listing(frozenset(names))

    lines = searches(sqlite, statement, sample(statement, sqlite._backend.dialect))
    latest = searches(sqlite, histories.of_deliveries(4), {f"id_{number}": "d5" for number in range(4)})

    assert scans([*lines, *latest]) == []
    assert "USE TEMP B-TREE FOR ORDER BY" not in lines


@pytest.mark.postgresql
@pytest.mark.parametrize("names", HISTORY_FILTERS, ids="+".join)
def test_postgresql_reads_few_verifications(crowd, names):
    statement = histories.listing(frozenset(names))
    values = {"status": "approved", "purpose": "mobile", "before_at": END_OF_TIME, "limit": 10}

    parameters = {**sample(statement, crowd._backend.dialect), **values}

    assert rows_read(crowd, statement, parameters) < FEW
    assert rows_read(crowd, histories.of_deliveries(4), {f"id_{number}": "d5" for number in range(4)}) < FEW


DELIVERY_FILTERS = [
    ("since",),
    ("user_id",),
    ("user_id", "failed"),
    ("since", "failed"),
    ("since", "queued"),
    ("since", "status"),
    ("since", "provider", "scenario"),
]


@pytest.mark.parametrize("names", DELIVERY_FILTERS, ids="+".join)
def test_sqlite_reads_deliveries_by_an_index(sqlite, names):
    statement = delivery_lists.listing(frozenset(names))

    assert scans(searches(sqlite, statement, sample(statement, sqlite._backend.dialect))) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("names", DELIVERY_FILTERS, ids="+".join)
def test_postgresql_reads_few_deliveries(crowd, names):
    statement = delivery_lists.listing(frozenset(names))
    values = {"before_at": END_OF_TIME, "limit": 10, "status": "sent", "provider": "twilio", "scenario": "scenario"}
    given = {**sample(statement, crowd._backend.dialect), **values}
    parameters = {name: given[name] for name in sample(statement, crowd._backend.dialect)}

    assert rows_read(crowd, statement, parameters) < FEW


def test_names_are_looked_up_by_their_ids(sqlite, crowd):
    statement, four = labels.of_resources(4), {f"id_{number}": f"id{number}" for number in range(4)}

    assert scans(searches(sqlite, statement, four)) == []
    assert rows_read(crowd, statement, four) < FEW


FIGURES = [
    *statistics.OF_VERIFICATIONS.values(),
    *statistics.OF_DELIVERIES.values(),
    statistics.OF_FAILURES,
    statistics.OF_AREAS,
    statistics.OF_COUNTRIES,
    statistics.OF_CALLS,
    statistics.OF_CIRCUITS,
]


@pytest.mark.parametrize("statement", FIGURES)
def test_sqlite_adds_figures_up_by_an_index(sqlite, statement):
    assert scans(searches(sqlite, statement, sample(statement, sqlite._backend.dialect))) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", FIGURES)
def test_postgresql_reads_no_more_figures_than_the_span_has(crowd, statement):
    at = SystemClock().now()
    spans = {"since": at - timedelta(days=3), "until": at}
    names = sample(statement, crowd._backend.dialect)
    early = at - timedelta(days=1000)

    assert rows_read(crowd, statement, {name: spans[name] for name in names}) < FEW
    assert "until" not in names or rows_read(crowd, statement, {"since": early, "until": early}) == 0


def sample(statement, dialect):
    """Return parameters of the right types that select next to nothing."""
    binds = {bind: name for bind, name in statement.clause.compile(dialect=dialect).bind_names.items() if bind.required}
    samples = [(DateTime, AT), (Integer, 1), (Boolean, True)]
    return {
        name: next((value for kind, value in samples if isinstance(bind.type, kind)), "id5")
        for bind, name in binds.items()
    }


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_of_sqlite_scans_a_table(sqlite, statement):
    assert scans(searches(sqlite, statement, sample(statement, sqlite._backend.dialect))) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_of_postgresql_reads_many_rows(crowd, statement):
    assert rows_read(crowd, statement, sample(statement, crowd._backend.dialect)) < FEW
