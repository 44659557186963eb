"""Writes nobody waits for are put off, and reach PostgreSQL as one statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from persistence.database import read_url
from persistence.links import Link
from persistence.postgresql import PostgresqlBackend, open_engine
from persistence.unit_of_work import UnitOfWork
from tests.factories.schemas import user_type
from tests.factories.stored import AT, new_event, new_id, new_verification
from verification.delivery import Delivery
from verification.policy import Policy
from verification.send_limits import Sending, budgets_of

ENGINE = open_engine(read_url("postgresql://localhost/x"), 1, None)


@dataclass
class Answer:
    """What the driver returns for a statement."""

    rowcount: int = 1

    def fetchall(self):
        return []


@dataclass
class Driver:
    """Stands for a connection and remembers what it was told."""

    told: list[str] = field(default_factory=list)

    def run(self, text, parameters, octets=()):
        self.told.append(text if isinstance(text, str) else text.decode())
        assert {int(number) for number in re.findall(r"\$(\d+)", self.told[-1])} == set(range(1, len(parameters) + 1))
        return Answer()


class Backend(PostgresqlBackend):
    """Tells the driver also where a transaction begins and ends."""

    def begin(self, driver):
        driver.told.append("BEGIN")

    def commit(self, driver):
        driver.told.append("COMMIT")

    def rollback(self, driver):
        driver.told.append("ROLLBACK")


@pytest.fixture
def driver():
    return Driver()


@pytest.fixture
def link(driver):
    return Link(Backend(ENGINE, None), driver, may_write=True)


@pytest.fixture
def unit(link):
    return UnitOfWork(link)


def first_words(driver):
    return [text.split()[0] for text in driver.told]


def test_a_new_resource_with_all_its_rows_is_one_statement(driver, link, unit):
    user = unit.resources.add(new_id(), user_type(), {"userName": "bob", "emails": [{"value": "x"}]}, AT)
    verification = new_verification(user.id)
    unit.verifications.add(verification)
    unit.deliveries.add(Delivery.queue(new_id(), verification, AT))
    unit.send_marks.add(budgets_of(Sending(user.id, verification.target, "::1"), Policy()), AT)
    unit.audit.add(new_event(user.id))

    assert driver.told == []
    link.commit()

    assert len(driver.told) == 1
    assert driver.told[0].count("INSERT INTO") == 7


def test_a_change_with_all_that_follows_from_it_is_one_statement(driver, link, unit):
    user = unit.resources.add(new_id(), user_type(), {"userName": "bob"}, AT)
    link.commit()
    driver.told.clear()

    unit.resources.save_or_fail(user, user_type(), {"userName": "bob", "nickName": "b"}, AT)
    unit.verifications.add(new_verification(user.id))
    unit.audit.add(new_event(user.id))
    link.commit()

    assert first_words(driver) == ["WITH"]
    assert driver.told[0].endswith("SELECT 1 / (SELECT count(*) / 1 FROM w0)")


def test_what_changes_a_table_twice_is_written_one_after_the_other(driver, link, unit):
    live = new_verification("bob")
    unit.verifications.save_or_fail(live.supersede(AT), expected=live)
    unit.verifications.add(new_verification("bob"))
    unit.audit.add(new_event("bob"))
    link.commit()

    assert first_words(driver) == ["BEGIN", "WITH", "WITH", "COMMIT"]
    assert "UPDATE" in driver.told[1]
    assert "audit_events" in driver.told[2]


def test_a_read_sees_what_was_put_off(driver, link, unit):
    unit.audit.add(new_event("bob"))
    unit.resources.lookup("User", "x")
    link.commit()

    assert first_words(driver) == ["BEGIN", "WITH", "SELECT", "COMMIT"]


def test_plain_reads_need_no_transaction(driver, link, unit):
    unit.resources.lookup("User", "x")
    unit.verifications.list_live("x")
    link.commit()

    assert first_words(driver) == ["SELECT", "SELECT"]


def test_a_lock_begins_the_transaction(driver, link, unit):
    unit.resources.lookup("User", "x")
    unit.resources.lock("User", "x")
    link.commit()

    assert first_words(driver) == ["SELECT", "BEGIN", "SELECT", "COMMIT"]


def test_above_read_committed_reads_belong_to_the_transaction(driver):
    backend = Backend(ENGINE, "SERIALIZABLE")

    link = Link(backend, driver, may_write=True)
    link.commit()

    assert driver.told == ["BEGIN", "COMMIT"]


def test_what_was_put_off_is_forgotten_when_work_fails(driver, link, unit):
    unit.audit.add(new_event("bob"))
    link.rollback()
    link.commit()

    assert driver.told == []


def test_what_was_begun_is_taken_back(driver, link, unit):
    unit.limits.hold("bob")
    link.rollback()

    assert first_words(driver) == ["BEGIN", "INSERT", "ROLLBACK"]
