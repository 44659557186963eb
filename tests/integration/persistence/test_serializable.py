"""The same rules where every transaction is serializable, as a distributed engine behind the wire protocol has it.

`make serializable` runs all tests that way; these here are the races, and run always.
"""

from __future__ import annotations

from collections import Counter

import pytest

from persistence.database import Database
from persistence.errors import WriteConflict
from tests.factories.races import race
from tests.factories.schemas import user_type
from tests.factories.stored import AT, add_delivery, add_user, add_verification, new_event, new_id, new_verification
from verification.delivery import LEASE
from verification.verifications import Purpose

pytestmark = pytest.mark.postgresql

RUNNERS = 8
MAXIMUM = 5


@pytest.fixture
def database(postgresql_server, postgresql_url):
    name = postgresql_url.rpartition("/")[2]
    postgresql_server.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    opened = Database.open(postgresql_url, pool_size=RUNNERS)
    yield opened
    opened.close()
    postgresql_server.execute(f"ALTER DATABASE {name} RESET default_transaction_isolation")


def test_the_servers_default_is_kept(database):
    with database._driver() as driver:
        assert driver.execute("SHOW transaction_isolation").fetchone() == ("serializable",)


def test_no_increment_is_lost_and_conflicts_are_done_again(database):
    stored = add_user(database, nickName="0")
    tries = Counter()

    def increment(number):
        def work(unit):
            tries[number] += 1
            locked = unit.resources.lock("User", stored.id)
            document = locked.document()
            document["nickName"] = str(int(document["nickName"]) + 1)
            return unit.resources.save(locked, user_type(), document, AT)

        for _ in range(5):
            database.transact(work)

    race(increment, RUNNERS)

    found = database.read(lambda unit: unit.resources.lookup("User", stored.id))
    assert (found.document()["nickName"], found.version) == ("40", 41)
    assert tries.total() > 40


def test_no_more_attempts_are_counted_than_the_maximum(database):
    verification = add_verification(database, add_user(database).id)

    counted = race(
        lambda _: database.transact(lambda unit: unit.verifications.count_attempt(verification.id, MAXIMUM)), 16
    )

    assert sorted(item.attempts for item in counted if item) == [1, 2, 3, 4, 5]


def test_one_verification_is_live(database):
    user = add_user(database)

    def start(_):
        def work(unit):
            if unit.verifications.find_live(user.id, Purpose.MOBILE) is not None:
                return 0
            unit.verifications.add(new_verification(user.id))
            return 1

        return database.transact(work)

    assert sum(race(start, RUNNERS)) == 1


def test_events_of_a_subject_are_counted_one_by_one(database):
    def count(_):
        def work(unit):
            unit.limits.hold("guesser")
            if unit.limits.nth_latest("limit", "guesser", MAXIMUM, AT.replace(year=2020)) is not None:
                return 0
            unit.limits.add("limit", "guesser", AT)
            return 1

        return database.transact(work)

    assert sum(race(count, RUNNERS)) == MAXIMUM


def test_no_delivery_is_claimed_twice(database):
    verification = add_verification(database, add_user(database).id)
    queued = {add_delivery(database, verification).id for _ in range(24)}

    def claim(_):
        found = []
        while claimed := database.transact(lambda unit: unit.deliveries.claim(AT, new_id(), LEASE, 4)):
            found += [item.delivery.id for item in claimed]
        return found

    claimed = [delivery_id for found in race(claim, 4) for delivery_id in found]

    # One whose rows all others hold comes back empty, and leaves them to the others.
    assert sorted(claimed + claim(0)) == sorted(queued)


def test_a_read_that_was_undone_is_done_again(database):
    database.transact(lambda unit: unit.audit.add(new_event()))
    tries = []

    def work(unit):
        tries.append(1)
        if len(tries) == 1:
            raise WriteConflict
        return unit.audit.list(AT.replace(year=2030))

    assert len(database.read(work)) == 1
    assert len(tries) == 2
