"""The deliveries of all users: newest first, by what they are, with what they carry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from persistence.delivery_lists import DeliveryQuery
from tests.factories.stored import AT, add_delivery, add_user, add_verification, new_id
from verification.channels import Channel
from verification.delivery import Delivery, DeliveryStatus
from verification.notices import Notice
from verification.templates import Template
from verification.verifications import Scenario, Status

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def add_notice(database, user, at):
    notice = Notice(
        new_id(), user.id, Channel.EMAIL, Template.PHONE_CHANGED, "en", "ann@example.com", {}, None, None, at
    )
    delivery = Delivery.announce(new_id(), notice, DAY)

    def write(unit):
        unit.notices.add(notice)
        unit.deliveries.add(delivery)

    database.transact(write)
    return delivery


def settle(database, delivery, **changes):
    token = new_id()
    database.transact(lambda unit: unit.deliveries.claim(delivery.created_at, token, DAY, 10))
    settled = replace(delivery, attempts=1, settled_at=delivery.created_at, **changes)
    database.transact(lambda unit: unit.deliveries.settle(token, settled))


def found(database, before=None, limit=10, **wanted):
    listed = database.read(lambda unit: unit.delivery_lists.list(DeliveryQuery(**wanted), before=before, limit=limit))
    return [each.delivery.id for each in listed]


def test_deliveries_are_found_by_what_they_are(database):
    bob, ann = add_user(database), add_user(database, "ann", displayName="Ann Lee")
    live = add_verification(database, bob.id, sent_at=AT)
    ended = add_verification(
        database, ann.id, scenario=Scenario.MOBILE_ON_LIST_UPDATE, status=Status.APPROVED, ended_at=AT
    )
    failed = add_delivery(database, ended, AT)
    settle(database, failed, status=DeliveryStatus.FAILED, reason="number barred")
    sent = add_delivery(database, ended, AT + MINUTE)
    settle(database, sent, status=DeliveryStatus.SENT, provider="twilio", reference="m1")
    notice = add_notice(database, ann, AT + 2 * MINUTE)
    queued = add_delivery(database, live, AT + 3 * MINUTE)

    assert found(database) == [queued.id, notice.id, sent.id, failed.id]
    assert found(database, status=DeliveryStatus.QUEUED) == [queued.id, notice.id]
    assert found(database, status=DeliveryStatus.FAILED) == [failed.id]
    assert found(database, status=DeliveryStatus.SENT) == [sent.id]
    assert found(database, provider="twilio") == [sent.id]
    assert found(database, user_id=ann.id) == [notice.id, sent.id, failed.id]
    assert found(database, user_id=ann.id, status=DeliveryStatus.QUEUED) == [notice.id]
    assert found(database, scenario=Scenario.MOBILE_ON_LIST_UPDATE) == [sent.id, failed.id]
    assert found(database, since=AT + 2 * MINUTE) == [queued.id, notice.id]
    assert found(database, before=(notice.created_at, notice.id), limit=1) == [sent.id]
    assert found(database, provider="twil\x00io") == found(database, user_id="a\x00") == []


def test_a_delivery_comes_with_what_it_carries(database):
    bob = add_user(database, displayName="Bob Ray")
    verification = add_verification(database, bob.id)
    add_delivery(database, verification)
    add_notice(database, bob, AT + MINUTE)

    notice, code = database.read(lambda unit: unit.delivery_lists.list(DeliveryQuery(), limit=10))

    assert (notice.user, notice.template, notice.code) == ("Bob Ray", Template.PHONE_CHANGED, None)
    assert notice.target == "a***@e***.com"
    assert (code.user, code.template, code.code.status) == ("Bob Ray", None, Status.PENDING)
    assert (code.code.scenario, code.code.generation) == (verification.scenario, 1)
    assert code.target == verification.target.masked()
