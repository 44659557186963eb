"""The outbox hands each delivery to one worker at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.races import race
from tests.factories.stored import AT, add_delivery, add_user, add_verification
from verification.delivery import LEASE, Delivery, DeliveryStatus

SECOND = timedelta(seconds=1)


@pytest.fixture
def verification(database):
    return add_verification(database, add_user(database).id)


def claim(database, at=AT, token="t1", limit=10):
    return database.transact(lambda unit: unit.deliveries.claim(at, token, LEASE, limit))


def latest(database, verification):
    return database.read(lambda unit: unit.deliveries.latest(verification.id))


def test_a_claim_brings_the_delivery_and_its_verification(database, verification):
    queued = add_delivery(database, verification)

    (claimed,) = claim(database)

    assert claimed.delivery == queued.claim(AT)
    assert claimed.verification == verification
    assert claim(database, token="t2") == []


def test_an_empty_outbox_gives_nothing(database):
    assert claim(database) == []


def test_what_is_not_due_yet_is_not_claimed(database, verification):
    add_delivery(database, verification, AT + SECOND)

    assert claim(database) == []
    assert len(claim(database, AT + SECOND)) == 1


def test_a_claim_takes_no_more_than_it_may_and_the_oldest_first(database, verification):
    queued = [add_delivery(database, verification, AT + n * SECOND) for n in range(5)]

    claimed = claim(database, AT + timedelta(minutes=1), limit=3)

    assert [item.delivery.id for item in claimed] == [item.id for item in queued[:3]]


def test_after_its_lease_a_delivery_is_claimed_again(database, verification):
    add_delivery(database, verification)
    claim(database)

    assert claim(database, AT + LEASE - SECOND, "t2") == []
    assert claim(database, AT + LEASE, "t2")[0].delivery.attempts == 2


def test_no_delivery_is_claimed_twice(database, verification):
    queued = {add_delivery(database, verification).id for _ in range(60)}

    def work(number):
        found = []
        while claimed := claim(database, token=f"t{number}/{len(found)}", limit=4):
            found += [item.delivery.id for item in claimed]
        return found

    claimed = [delivery_id for found in race(work, 6) for delivery_id in found]

    # With locked rows skipped a claim may come back empty while others work; nothing is ever taken twice.
    claimed += [item.delivery.id for item in claim(database, limit=60)]
    assert sorted(claimed) == sorted(queued)


def test_what_became_of_a_delivery_is_written_while_its_lease_holds(database, verification):
    add_delivery(database, verification)
    (claimed,) = claim(database)
    sent = claimed.delivery.send(AT + SECOND, "twilio", "SM1")

    assert database.transact(lambda unit: unit.deliveries.settle("t1", sent)) is True

    assert latest(database, verification) == sent
    assert claim(database, AT + LEASE) == []


def test_a_worker_whose_lease_has_passed_writes_nothing(database, verification):
    add_delivery(database, verification)
    (claimed,) = claim(database)
    (again,) = claim(database, AT + LEASE, "t2")

    written = database.transact(lambda unit: unit.deliveries.settle("t1", claimed.delivery.fail(AT, "refused")))

    assert written is False
    assert latest(database, verification) == again.delivery


def test_a_retry_frees_the_delivery_for_its_time(database, verification):
    add_delivery(database, verification)
    (claimed,) = claim(database)
    retry = claimed.delivery.retry(AT, "timeout", lambda: 1.0)

    database.transact(lambda unit: unit.deliveries.settle("t1", retry))

    assert claim(database, AT + SECOND, "t2") == []
    (again,) = claim(database, retry.available_at, "t2")
    assert (again.delivery.attempts, again.delivery.reason) == (2, "timeout")


def test_many_are_settled_at_once(database, verification):
    for _ in range(5):
        add_delivery(database, verification)
    claimed = claim(database, limit=5)
    sent = [item.delivery.send(AT, "twilio", f"SM{n}") for n, item in enumerate(claimed)]
    lost = replace(sent[0], id="gone")

    held = database.transact(
        lambda unit: unit.deliveries.settle_many([("t1", item) for item in (*sent[:4], lost)] + [("t2", sent[4])])
    )

    assert held == 4
    assert database.read(lambda unit: unit.deliveries.count_queued())[0] == 1


def test_nothing_is_settled_for_nothing(database):
    assert database.transact(lambda unit: unit.deliveries.settle_many([])) == 0


def test_a_released_claim_leaves_its_delivery_as_if_it_had_not_been_claimed(database, verification):
    queued = add_delivery(database, verification)
    (claimed,) = claim(database)

    database.transact(lambda unit: unit.deliveries.settle("t1", claimed.delivery.release(AT)))

    assert latest(database, verification) == queued
    assert [item.delivery.id for item in claim(database, token="t2")] == [queued.id]


def test_the_latest_delivery_of_a_verification_is_found(database, verification):
    add_delivery(database, verification, AT)
    newest = add_delivery(database, verification, AT + SECOND)

    assert latest(database, verification) == newest
    assert database.read(lambda unit: unit.deliveries.latest("unknown")) is None


def test_a_receipt_finds_its_delivery(database, verification):
    add_delivery(database, verification)
    (claimed,) = claim(database)
    sent = claimed.delivery.send(AT, "twilio", "SM1")
    database.transact(lambda unit: unit.deliveries.settle("t1", sent))

    def find(provider, reference):
        return database.read(lambda unit: unit.deliveries.find(provider, reference))

    assert find("twilio", "SM1") == sent
    assert find("vonage", "SM1") is None
    assert find("twilio", "SM2") is None
    assert find("twilio", "a\0b") is None


def test_a_receipt_is_noted_once(database, verification):
    add_delivery(database, verification)
    (claimed,) = claim(database)
    sent = claimed.delivery.send(AT, "twilio", "SM1")
    database.transact(lambda unit: unit.deliveries.settle("t1", sent))
    delivered = replace(sent, status=DeliveryStatus.DELIVERED)

    written = [database.transact(lambda unit: unit.deliveries.note(delivered, expected=sent)) for _ in range(2)]

    assert written == [True, False]
    assert latest(database, verification) == delivered


def test_the_outbox_tells_how_full_it_is_and_since_when(database, verification):
    def measured():
        return database.read(lambda unit: unit.deliveries.count_queued())

    assert measured() == (0, None)

    add_delivery(database, verification, AT + SECOND)
    add_delivery(database, verification, AT)

    assert measured() == (2, AT)


def neglected_since(database, now):
    return database.read(lambda unit: unit.deliveries.neglected_since(now))


def test_a_due_delivery_that_nobody_takes_is_neglected(database, verification):
    assert neglected_since(database, AT) is None

    add_delivery(database, verification, AT + SECOND)
    add_delivery(database, verification, AT)

    assert neglected_since(database, AT - SECOND) is None
    assert neglected_since(database, AT + 5 * SECOND) == AT


def test_nothing_is_neglected_while_a_worker_is_busy_with_others(database, verification):
    add_delivery(database, verification, AT)
    add_delivery(database, verification, AT + SECOND)
    claim(database, AT + SECOND, limit=1)

    assert neglected_since(database, AT + SECOND) is None
    assert neglected_since(database, AT + SECOND + LEASE) == AT + SECOND


def test_a_retry_that_is_not_due_is_no_sign_of_a_worker(database, verification):
    add_delivery(database, verification, AT)
    (claimed,) = claim(database, AT)
    retried = claimed.delivery.retry(AT, "timeout", lambda: 0.5)
    database.transact(lambda unit: unit.deliveries.settle("t1", retried))
    add_delivery(database, verification, AT)

    assert neglected_since(database, AT) == AT


def test_a_delivery_goes_with_its_user(database, verification):
    add_delivery(database, verification)
    user = database.read(lambda unit: unit.resources.lookup("User", verification.user_id))

    database.transact(lambda unit: unit.resources.remove(user))

    assert latest(database, verification) is None


def test_the_same_delivery_is_queued_once(database, verification):
    delivery = Delivery.queue("d1", verification, AT)
    for _ in range(2):
        database.transact(lambda unit: unit.deliveries.add(delivery))

    assert database.read(lambda unit: unit.deliveries.count_queued())[0] == 1
