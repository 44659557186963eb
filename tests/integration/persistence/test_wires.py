"""What a connection has run some times is prepared, and means the same from then on."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from persistence import wires
from persistence.errors import ConnectionLost
from persistence.wires import PREPARED_AFTER

pytestmark = pytest.mark.postgresql

OFTEN = PREPARED_AFTER + 3
PREPARED = "SELECT statement FROM pg_prepared_statements ORDER BY name"


@pytest.fixture
def wire(postgresql):
    with postgresql._driver() as driver:
        yield driver


def prepared(wire):
    return [row[0] for row in wire.execute(PREPARED, prepare=False).fetchall()]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$1::integer", 7),
        ("$1::bigint", 2**40),
        ("$1::text", "Ångström"),
        ("$1::text", ""),
        ("$1::text", None),
        ("$1::boolean", True),
        ("$1::float8", 0.5),
        ("$1::timestamptz", datetime(2026, 11, 26, 13, 0, 0, 123456, UTC)),
    ],
)
def test_values_are_the_same_before_and_after(wire, expression, value):
    answers = [wire.run(f"SELECT {expression}, 1 WHERE true", [value]).fetchall() for _ in range(OFTEN)]

    assert answers == [[(value, 1)]] * OFTEN
    assert len(prepared(wire)) == 1


def test_what_is_run_seldom_is_not_prepared(wire):
    for _ in range(PREPARED_AFTER):
        wire.run("SELECT $1::text", ["a"])

    assert prepared(wire) == []


def test_parameters_of_another_type_are_another_statement(wire):
    text = "SELECT $1::bigint + 1"

    answers = [wire.run(text, [number]).fetchall()[0][0] for number in [1, 2**33, 3] * OFTEN]

    assert answers == [2, 2**33 + 1, 4] * OFTEN
    assert prepared(wire) == [text, text]


def test_rows_changed_are_counted(wire):
    wire.execute("CREATE TEMPORARY TABLE things (id integer)")

    counts = [wire.run("INSERT INTO things SELECT generate_series(1, $1::integer)", [3]).rowcount for _ in range(OFTEN)]
    counts.append(wire.run("DELETE FROM things", []).rowcount)

    assert counts == [3] * OFTEN + [3 * OFTEN]


def test_a_fault_is_the_drivers_own_and_the_next_run_is_whole(wire):
    def divide(number):
        return wire.run("SELECT 6 / $1::integer", [number]).fetchall()

    for _ in range(OFTEN):
        divide(2)

    with pytest.raises(psycopg.errors.DivisionByZero):
        divide(0)
    assert divide(3) == [(2,)]


def test_the_one_not_run_for_longest_makes_room(wire, monkeypatch):
    monkeypatch.setattr(wires, "MOST_PREPARED", 2)
    texts = [f"SELECT {number}, $1::integer" for number in range(3)]
    for text in (*texts[:2], texts[0], texts[2]):
        for _ in range(OFTEN):
            wire.run(text, [1])

    assert prepared(wire) == [texts[0], texts[2]]
    assert wire.run(texts[1], [1]).fetchall() == [(1, 1)]


def test_what_is_counted_is_bounded(wire, monkeypatch):
    monkeypatch.setattr(wires, "MOST_COUNTED", 10)

    for number in range(25):
        wire.run(f"SELECT {number}", [])

    assert len(wire._uses) <= 10


@pytest.mark.parametrize("uses", [0, OFTEN])
def test_a_broken_connection_is_lost(postgresql, postgresql_server, uses):
    with postgresql._driver() as driver:
        for _ in range(uses):
            driver.run("SELECT 1", [])
        postgresql_server.execute(f"SELECT pg_terminate_backend({driver.info.backend_pid})")

        with pytest.raises(psycopg.OperationalError) as caught:
            driver.run("SELECT 1", [])

    assert isinstance(postgresql._backend.translated(caught.value), ConnectionLost)
    assert postgresql.read(lambda unit: unit.resources.count("User")) == 0


def test_a_transaction_that_was_left_open_ends_with_the_loan(postgresql):
    with postgresql._driver() as driver:
        driver.command(b"BEGIN")
        first = driver.info.backend_pid

    with postgresql._driver() as driver:
        assert driver.info.backend_pid == first
        assert driver.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_octets_are_the_bytes_of_a_text_before_and_after(wire):
    text = "SELECT $1::text, $1::text, 1"

    answers = [wire.run(text, ["Bøb"], (1,)).fetchall() for _ in range(OFTEN)]

    assert answers == [[("Bøb", "Bøb".encode(), 1)]] * OFTEN
