"""The same number asked for again, and another one in its place (L1)."""

from __future__ import annotations

import pytest

from tests.factories.people import ANN, BEN, CAT, DAN, EVE, ON_LIST, ON_UPDATE, Numbers, add_person, wrong

FIVE_MINUTES = 300


def _sent(user):
    user.application.deliver()
    return [message.to for message in user.application.carrier.messages]


def test_the_same_number_again_sends_nothing_and_its_code_goes_on_working(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    before = bob.live()
    bob.application.clock.move(seconds=200)

    answer = bob.send(p=DAN)

    assert answer.status_code == 200
    assert bob.live() == before
    assert _sent(bob) == [DAN]
    assert bob.validate(code).status_code == 200


def test_the_same_number_spelled_otherwise_keeps_the_pending_spelling(bob):
    bob.send(p=DAN)
    version = bob.version()

    answer = bob.send(p="014 4444444")

    assert answer.status_code == 200
    assert bob.numbers().pending == DAN
    assert bob.version() == version


@pytest.mark.parametrize(
    ("first", "second", "now", "expected"),
    [
        ({"p": CAT}, {"v": [ANN, BEN, CAT]}, ON_LIST, Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN, CAT), is_verified=True)),
        (
            {"v": [ANN, BEN, CAT]},
            {"p": CAT},
            ON_UPDATE,
            Numbers(CAT, (ANN, BEN, CAT), (ANN, BEN, CAT), is_verified=True),
        ),
    ],
    ids=["primary then list", "list then primary"],
)
def test_the_same_number_in_the_other_scenario_keeps_id_code_and_counters(bob, first, second, now, expected):
    bob.send(**first)
    code = bob.application.last_code()
    bob.validate(wrong(code))
    before = bob.live()

    bob.send(**second)

    after = bob.live()
    assert after.scenario == now != before.scenario
    assert (after.id, after.digest, after.attempts, after.sends, after.expires_at) == (
        before.id,
        before.digest,
        1,
        1,
        before.expires_at,
    )
    assert _sent(bob) == [CAT]
    assert bob.validate(code).status_code == 200
    assert bob.numbers() == expected


def test_the_same_number_after_its_code_expired_sends_the_next_one(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.validate(wrong(code))
    before = bob.live()
    bob.application.clock.move(seconds=FIVE_MINUTES)

    bob.send(p=DAN)

    after = bob.live()
    assert (after.id, after.generation, after.attempts, after.sends) == (before.id, 2, 1, 2)
    assert _sent(bob) == [DAN, DAN]
    assert bob.validate(code).get_json()["code"] == "18001"
    assert bob.validate(bob.application.last_code()).status_code == 200


def test_scim_does_not_answer_429_in_the_cooldown(start):
    bob = add_person(start(otp_lifetime="60", otp_resend_cooldown="120"))
    bob.send(p=DAN)
    bob.application.deliver()
    bob.application.clock.move(seconds=60)

    answer = bob.send(p=DAN)

    assert answer.status_code == 200
    assert _sent(bob) == [DAN]
    assert bob.numbers().pending == DAN
    bob.application.clock.move(seconds=60)
    bob.send(p=DAN)
    assert _sent(bob) == [DAN, DAN]


def test_scim_does_not_answer_429_for_the_same_number_over_the_hour(start):
    bob = add_person(start(otp_lifetime="60", otp_max_sends_per_hour="1"))
    bob.send(p=DAN)
    bob.application.deliver()
    bob.application.clock.move(seconds=60)

    answer = bob.send(p=DAN)

    assert answer.status_code == 200
    assert _sent(bob) == [DAN]
    assert bob.numbers().pending == DAN


def test_with_all_sends_used_up_a_new_verification_inherits_the_attempts(start):
    bob = add_person(start(otp_max_sends="1"))
    bob.send(p=DAN)
    bob.validate(wrong(bob.application.last_code()))
    before = bob.live()
    bob.application.clock.move(seconds=FIVE_MINUTES)

    bob.send(p=DAN)

    after = bob.live()
    assert after.id != before.id
    assert (after.attempts, after.sends, after.generation) == (1, 1, 1)
    assert _sent(bob) == [DAN, DAN]
    assert bob.numbers().pending == DAN


def test_with_all_sends_used_up_the_code_in_hand_goes_on_working(start):
    bob = add_person(start(otp_max_sends="1"))
    bob.send(p=DAN)
    before = bob.live()

    bob.send(p=DAN)

    assert bob.live() == before
    assert bob.validate(bob.application.last_code()).status_code == 200


def test_the_hour_binds_the_verification_that_follows_used_up_sends(start):
    bob = add_person(start(otp_max_sends="1", otp_max_sends_per_hour="1"))
    bob.send(p=DAN)
    before, shown = bob.live(), bob.show()
    bob.application.clock.move(seconds=FIVE_MINUTES)

    answer = bob.send(p=DAN)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3300")
    assert (bob.live(), bob.show()) == (before, shown)


@pytest.mark.parametrize(
    ("first", "second", "scenario"),
    [
        ({"p": DAN}, {"p": EVE}, ON_UPDATE),
        ({"p": DAN}, {"v": [ANN, BEN, EVE]}, ON_LIST),
        ({"v": [ANN, BEN, DAN]}, {"p": EVE}, ON_UPDATE),
        ({"v": [ANN, BEN, DAN]}, {"v": [ANN, BEN, EVE]}, ON_LIST),
    ],
    ids=["primary, primary", "primary, list", "list, primary", "list, list"],
)
def test_another_number_takes_the_place_and_the_old_code_is_dead_in_every_scenario(bob, first, second, scenario):
    bob.send(**first)
    old = bob.application.last_code()

    bob.send(**second)

    assert bob.numbers().pending == EVE
    assert bob.live().scenario == scenario
    assert _sent(bob) == [DAN, EVE]
    assert bob.validate(old).get_json()["code"] == "18001"
    assert bob.numbers().pending == EVE
    assert bob.validate(bob.application.last_code()).status_code == 200


def test_another_number_starts_with_all_its_attempts(bob):
    bob.send(p=DAN)
    bob.validate(wrong(bob.application.last_code()))

    bob.send(p=EVE)

    assert bob.live().attempts == 0


def test_a_code_not_yet_delivered_for_an_abandoned_number_is_not_sent(bob):
    bob.send(p=DAN)
    bob.send(p=EVE)

    settled = bob.application.deliver()

    assert [message.to for message in bob.application.carrier.messages] == [EVE]
    assert sorted(delivery.status for delivery in settled) == ["dropped", "sent"]


def test_a_code_not_yet_delivered_for_an_earlier_generation_is_not_sent(bob):
    bob.send(p=DAN)
    bob.application.clock.move(seconds=30)
    bob.resend()

    settled = bob.application.deliver()

    assert len(bob.application.carrier.messages) == 1
    assert sorted(delivery.status for delivery in settled) == ["dropped", "sent"]
