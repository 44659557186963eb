"""What there is to tell of a change, and the link that takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import MOMENT, key_ring, numbers
from verification.channels import Channel
from verification.decision import Contact
from verification.delivery import LONGEST_NOTICE_RETRY, LONGEST_RETRY, Delivery
from verification.errors import ChangesBlocked, IllegalTransition, UnknownKey
from verification.notices import (
    ChangeStatus,
    ContactChange,
    Notice,
    Snapshot,
    news_of,
    revert_token,
    token_digest,
    whole_hours,
)
from verification.templates import Template
from verification.verifications import Purpose

A, B, C = numbers("0111111111", "0122222222", "0133333333")
OF_A = Contact(A, (A,), (A,), is_primary_verified=True)


def contact(primary, *verified):
    return Contact(primary, verified, verified, is_primary_verified=primary in verified)


def change(**values):
    made = ContactChange(
        id="change-1",
        user_id="user-1",
        purpose=Purpose.MOBILE,
        template=Template.PHONE_CHANGED,
        before=Snapshot.of(OF_A),
        old="********11",
        new="********22",
        mails=("bob@example.com",),
        kid="k1",
        token_digest="d",
        status=ChangeStatus.OPEN,
        created_at=MOMENT,
        expires_at=MOMENT + timedelta(hours=72),
    )
    return replace(made, **values)


def notice(**values):
    made = Notice(
        id="notice-1",
        user_id="user-1",
        channel=Channel.EMAIL,
        template=Template.PHONE_CHANGED,
        locale=None,
        to="bob@example.com",
        values={"old": "*11"},
        change_id="change-1",
        link_kid="k1",
        created_at=MOMENT,
    )
    return replace(made, **values)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (contact(None), contact(None)),
        (OF_A, OF_A),
        (OF_A, contact(A, A, B)),
        (contact(A), contact(A, A)),
    ],
    ids=["nothing", "the same", "a list that grows", "proved as it is"],
)
def test_where_nobody_loses_anything_there_is_no_news(before, after):
    assert news_of(before, after) is None


@pytest.mark.parametrize(
    ("before", "after", "lost", "template"),
    [
        (OF_A, contact(B, A, B), (A,), Template.PHONE_CHANGED),
        (contact(None), contact(B, B), (), Template.PHONE_CHANGED),
        (contact(A, A, C), contact(B, B), (A, C), Template.PHONE_CHANGED),
        (OF_A, contact(None), (A,), Template.PHONE_REMOVED),
        (contact(A, A, B), contact(A, A), (B,), Template.PHONE_REMOVED),
        (contact(A, A, B), contact(None, B), (A,), Template.PHONE_REMOVED),
    ],
    ids=["another primary", "a first one", "another, and one dropped", "removed", "one dropped", "removed from two"],
)
def test_what_is_lost_is_news(before, after, lost, template):
    news = news_of(before, after)

    assert (news.lost, news.gained) == (lost, None if news.is_removal else after.primary)
    assert news.template(Purpose.MOBILE) is template


def test_a_token_is_the_same_each_time_and_another_for_each_change_and_key():
    ring = key_ring("k1", "k2")

    token = revert_token(ring, "k1", "change-1")

    assert token == revert_token(ring, "k1", "change-1")
    assert len({token, revert_token(ring, "k2", "change-1"), revert_token(ring, "k1", "change-2")}) == 3
    assert len(token) == 43


def test_a_token_needs_its_key():
    with pytest.raises(UnknownKey):
        revert_token(key_ring("k1"), "gone", "change-1")


def test_a_digest_is_made_of_whatever_is_sent():
    assert len({token_digest("a"), token_digest("b"), token_digest("\udc80")}) == 3


def test_a_link_works_while_its_change_is_open_and_not_for_ever():
    assert change().is_open(MOMENT)
    assert not change().is_open(MOMENT + timedelta(hours=72))
    assert not change().revert(MOMENT).is_open(MOMENT)


def test_a_change_is_taken_back_once():
    reverted = change().revert(MOMENT)

    assert (reverted.status, reverted.ended_at) == (ChangeStatus.REVERTED, MOMENT)
    with pytest.raises(IllegalTransition):
        reverted.revert(MOMENT)


def test_a_snapshot_keeps_the_values_as_they_are_spelled():
    assert Snapshot.of(OF_A) == Snapshot("0111111111", True, ("0111111111",), ("0111111111",))
    assert Snapshot.of(Contact()).primary is None


def test_no_repr_shows_a_number_an_address_or_a_digest():
    shown = repr(change(token_digest="digest")) + repr(notice())

    assert not any(secret in shown for secret in ("0111111111", "bob@", "digest'", "*11'}"))


@pytest.mark.parametrize(("span", "hours"), [(timedelta(hours=72), 72), (timedelta(minutes=61), 2)])
def test_hours_are_rounded_up(span, hours):
    assert whole_hours(span) == hours


def test_a_notice_is_queued_for_its_own_lifetime():
    queued = Delivery.announce("delivery-1", notice(), timedelta(hours=24))

    assert (queued.notice_id, queued.verification_id, queued.channel) == ("notice-1", None, Channel.EMAIL)
    assert (queued.available_at, queued.expires_at) == (MOMENT, MOMENT + timedelta(hours=24))


def test_a_notice_may_wait_longer_for_its_next_try():
    queued = replace(Delivery.announce("delivery-1", notice(), timedelta(hours=24)), attempts=20)

    tried = queued.retry(MOMENT, "busy", lambda: 1.0)

    assert tried.available_at == MOMENT + LONGEST_NOTICE_RETRY
    assert LONGEST_NOTICE_RETRY > LONGEST_RETRY


def test_a_refused_change_says_until_when():
    error = ChangesBlocked(MOMENT)

    assert f"{MOMENT:%Y-%m-%dT%H:%M:%SZ}" in str(error)
    assert error.code == "CHANGES_BLOCKED"
