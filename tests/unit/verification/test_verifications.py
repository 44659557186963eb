"""The states of a verification, its code, and what may still be done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import ANN, BEN, CAT, MOMENT, key_ring, number, verification
from verification import codes
from verification.errors import IllegalTransition, Limit, LimitReached
from verification.fixed_codes import FixedCode
from verification.policy import Alphabet, OtpRules, Policy
from verification.verifications import Purpose, Scenario, Status, with_next_code

RING = key_ring("k1")
RULES = OtpRules()
LATER = MOMENT + timedelta(seconds=40)

ENDS = {
    "approve": (lambda v: v.approve(LATER), Status.APPROVED),
    "supersede": (lambda v: v.supersede(LATER), Status.SUPERSEDED),
    "cancel": (lambda v: v.cancel(LATER), Status.CANCELED),
    "expire": (lambda v: v.expire(LATER), Status.EXPIRED),
    "exhaust": (lambda v: v.exhaust(LATER), Status.EXHAUSTED),
}
STAYS = {
    "count_attempt": lambda v: v.count_attempt(RULES),
    "uncount_attempt": lambda v: v.uncount_attempt(),
    "ask_again": lambda v: v.ask_again(Scenario.MOBILE_ON_LIST_UPDATE, None),
    "resend": lambda v: v.resend(LATER, RING, RULES),
}
MOVES = {**{name: move for name, (move, _) in ENDS.items()}, **STAYS}


def _at(seconds):
    return MOMENT + timedelta(seconds=seconds)


@pytest.mark.parametrize(("move", "status"), ENDS.values(), ids=ENDS)
def test_a_live_verification_can_end_in_every_way(move, status):
    ended = move(verification())

    assert (ended.status, ended.ended_at, ended.is_live) == (status, LATER, False)


@pytest.mark.parametrize("move", STAYS.values(), ids=STAYS)
def test_a_live_verification_stays_so_by_every_other_move(move):
    assert move(verification()).is_live


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("status", [s for s in Status if s is not Status.PENDING])
def test_an_ended_verification_moves_no_more(status, move):
    with pytest.raises(IllegalTransition):
        move(verification(status=status))


def test_every_method_that_moves_is_in_these_tables():
    questions = {"attempts_left", "code", "has_lapsed", "is_code", "is_code_expired", "is_from", "is_live"}
    questions |= {"cooldown", "new_code", "resend_after", "sends_left"}
    proof = verification()
    named = {name for name in dir(proof) if not name.startswith("_")} - set(type(proof).__dataclass_fields__)

    assert named == set(MOVES) | questions


def test_no_move_changes_the_verification_itself():
    proof = verification()
    before = replace(proof)

    for move in MOVES.values():
        move(proof)

    assert proof == before


def test_an_expired_code_approves_nothing():
    with pytest.raises(IllegalTransition):
        verification().approve(_at(300))


@pytest.mark.parametrize(("seconds", "is_expired"), [(0, False), (299, False), (300, True)])
def test_a_code_expires_at_its_moment(seconds, is_expired):
    assert verification().is_code_expired(_at(seconds)) is is_expired


@pytest.mark.parametrize(("seconds", "has_lapsed"), [(86399, False), (86400, True)])
def test_a_verification_lapses_after_the_wait(seconds, has_lapsed):
    assert verification().has_lapsed(_at(seconds)) is has_lapsed


def test_without_a_limit_it_never_lapses():
    endless = verification(policy=Policy(pending_lifetime=timedelta(0)))

    assert endless.pending_until is None
    assert not endless.has_lapsed(_at(10**9))


def test_a_code_does_not_outlive_the_wait():
    brief = verification(policy=Policy(pending_lifetime=timedelta(seconds=60)))

    assert brief.expires_at == brief.pending_until == _at(60)


def test_attempts_are_counted_down_to_none():
    proof = verification()
    for left in (4, 3, 2, 1, 0):
        proof = proof.count_attempt(RULES)
        assert proof.attempts_left(RULES) == left

    with pytest.raises(IllegalTransition):
        proof.count_attempt(RULES)


def test_a_count_can_be_taken_back():
    assert verification().count_attempt(RULES).uncount_attempt().attempts == 0


def test_unlimited_attempts_are_counted_without_an_end():
    rules = OtpRules(max_attempts=0)
    proof = verification(attempts=1000)

    assert proof.attempts_left(rules) is None
    assert proof.count_attempt(rules).attempts == 1001


def test_a_lowered_limit_leaves_none_rather_than_less():
    assert verification(attempts=5, sends=5).attempts_left(OtpRules(max_attempts=3)) == 0
    assert verification(attempts=5, sends=5).sends_left(OtpRules(max_sends=3)) == 0


def test_asking_again_changes_scenario_and_origin_alone():
    proof = verification(attempts=2)

    again = proof.ask_again(Scenario.MOBILE_ON_LIST_UPDATE, number(CAT))

    assert again == replace(proof, scenario=Scenario.MOBILE_ON_LIST_UPDATE, original_key=CAT)


def test_a_resend_makes_the_next_code_with_a_full_lifetime_and_keeps_the_attempts():
    proof = verification(attempts=2)

    again = proof.resend(LATER, RING, RULES)

    assert (again.generation, again.sends, again.attempts) == (2, 2, 2)
    assert (again.sent_at, again.expires_at) == (LATER, LATER + timedelta(seconds=300))
    assert (again.id, again.created_at, again.pending_until) == (proof.id, MOMENT, proof.pending_until)


def test_a_resend_takes_the_first_key():
    again = verification().resend(LATER, key_ring("k2", "k1"), RULES)

    assert again.kid == "k2"


def test_a_resend_is_possible_after_the_code_expired():
    assert verification().resend(_at(4000), RING, RULES).expires_at == _at(4300)


def test_a_resend_is_refused_after_the_wait():
    with pytest.raises(IllegalTransition):
        verification().resend(_at(86400), RING, RULES)


@pytest.mark.parametrize(("seconds", "wait"), [(0, 30), (10.5, 20), (29.9, 1)])
def test_a_resend_in_the_cooldown_is_told_to_wait(seconds, wait):
    with pytest.raises(LimitReached) as caught:
        verification().resend(_at(seconds), RING, RULES)

    assert (caught.value.limit, caught.value.retry_after) == (Limit.COOLDOWN, wait)
    assert verification().resend_after(_at(seconds), RULES) == wait


def test_a_resend_is_allowed_when_the_cooldown_ends():
    assert verification().resend_after(_at(30), RULES) == 0
    assert verification().resend(_at(30), RING, RULES).generation == 2


@pytest.mark.parametrize(("sends", "shortest"), [(1, 30), (2, 60), (3, 120), (4, 300), (5, 300), (100, 300)])
def test_a_cooldown_grows_with_the_codes_sent(sends, shortest):
    spent = verification(sends=sends, generation=sends)
    wait = spent.cooldown(RULES).total_seconds()

    assert shortest <= wait < shortest * 1.2
    assert spent.cooldown(RULES).total_seconds() == wait


def test_the_first_cooldown_is_to_the_second():
    assert verification().cooldown(RULES) == timedelta(seconds=30)


def test_later_cooldowns_are_stretched_each_by_a_chance_of_its_own():
    waits = {verification(id=f"v{n}", sends=4, generation=g).cooldown(RULES) for n in range(10) for g in (4, 5)}

    assert len(waits) == 20
    assert max(waits) - min(waits) > timedelta(seconds=30)


def test_a_cooldown_of_zero_is_none():
    assert verification().resend(MOMENT, RING, OtpRules(resend_cooldown=timedelta(0))).generation == 2


@pytest.mark.parametrize(("seconds", "wait"), [(0, 300), (40, 260), (300, 1), (4000, 1)])
def test_without_sends_left_the_wait_lasts_to_the_expiry(seconds, wait):
    spent = verification(sends=5)

    with pytest.raises(LimitReached) as caught:
        spent.resend(_at(seconds), RING, RULES)

    assert (caught.value.limit, caught.value.retry_after) == (Limit.SENDS, wait)
    assert spent.resend_after(_at(seconds), RULES) is None


def test_unlimited_sends_never_run_out():
    rules = OtpRules(max_sends=0)

    assert verification(sends=1000).sends_left(rules) is None
    assert verification(sends=1000).resend_after(_at(360), rules) == 0


def test_an_ended_verification_is_resent_never():
    assert verification(status=Status.CANCELED).resend_after(LATER, RULES) is None


def test_a_test_number_has_the_code_that_is_set_until_its_last_day_is_over():
    fixed = FixedCode(BEN, "424242", _at(100))
    rules = OtpRules(fixed_codes=(FixedCode(ANN, "111111", _at(100)), fixed))

    proof = verification(policy=Policy(otp=rules))
    later = proof.resend(_at(100), RING, rules)

    assert proof.code(RING, rules) == "424242"
    assert proof.is_code("424-242", RING, rules)
    assert proof.expires_at == _at(100)
    assert later.code(RING, rules) == later.code(RING, RULES)
    assert later.expires_at == _at(400)


def test_the_current_code_is_right():
    proof = verification()
    code = proof.code(RING, RULES)

    assert proof.is_code(f" {code[:3]}-{code[3:]} ", RING, RULES)


def test_the_code_before_a_resend_is_wrong():
    """So is the one after: only the current generation is compared, without look-ahead."""
    first = verification()
    second = first.resend(LATER, RING, RULES)

    assert not second.is_code(first.code(RING, RULES), RING, RULES)
    assert not first.is_code(second.code(RING, RULES), RING, RULES)


@pytest.mark.parametrize("submitted", ["", "0", "12345", "1234567", "é", "\ud800", "9" * 1000])
def test_anything_else_is_wrong(submitted):
    assert not verification().is_code(submitted, RING, RULES)


def test_the_scenario_is_no_part_of_the_code():
    proof = verification()

    assert proof.ask_again(Scenario.MOBILE_ON_LIST_UPDATE, None).code(RING, RULES) == proof.code(RING, RULES)


def test_the_target_is_part_of_the_code():
    proof = verification()

    assert replace(proof, target=number(CAT)).code(RING, RULES) != proof.code(RING, RULES)


def test_with_its_key_gone_no_code_is_right():
    proof = verification()

    assert not proof.is_code(proof.code(RING, RULES), key_ring("k2"), RULES)


def test_a_row_holds_the_digest_of_the_current_code():
    proof = verification().resend(LATER, RING, RULES)

    assert proof.digest == codes.digest(RING, "k1", proof.code(RING, RULES))


@pytest.mark.parametrize(("original", "primary", "expected"), [(ANN, ANN, True), (ANN, BEN, False), (None, None, True)])
def test_the_origin_is_compared_by_key(original, primary, expected):
    proof = verification(original_key=original)

    assert proof.is_from(None if primary is None else number(primary)) is expected


def test_the_repr_shows_neither_code_nor_number():
    proof = verification()
    shown = repr(proof)

    assert not any(secret in shown for secret in (BEN, ANN, proof.digest, proof.code(RING, RULES)))


@pytest.mark.parametrize("alphabet", list(Alphabet))
@pytest.mark.parametrize("length", [6, 7, 8])
def test_a_code_keeps_the_form_it_was_made_in(length, alphabet):
    proof = verification(policy=Policy(otp=OtpRules(length=length, alphabet=alphabet)))
    code = proof.code(RING, OtpRules(length=length, alphabet=alphabet))

    assert proof.code(RING, OtpRules()) == code
    assert proof.is_code(code, RING, OtpRules(length=8))


def test_the_code_of_an_address_may_live_longer():
    rules = OtpRules(email_lifetime=timedelta(hours=1))

    assert with_next_code(replace(verification(), purpose=Purpose.EMAIL), MOMENT, RING, rules).expires_at == _at(3600)
    assert with_next_code(verification(), MOMENT, RING, rules).expires_at == _at(300)
