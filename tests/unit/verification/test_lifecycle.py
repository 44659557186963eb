"""What a request, a resend and a check do to the verification that is live."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.verification import ANN, BEN, CAT, MOMENT, key_ring, number, request, verification
from verification.errors import IllegalTransition, Limit, LimitReached, TargetRefused
from verification.lifecycle import Step, Verdict, check_code, request_verification, resend_code
from verification.limits import CLEAR, Clearance, Wait
from verification.policy import OtpRules, Policy
from verification.verifications import Purpose, Scenario, Status

RING = key_ring()
POLICY = Policy()
RULES = POLICY.otp
FULL = Clearance(Wait(Limit.HOURLY, 17))
REFUSED = Clearance(refusal=TargetRefused())


def _at(seconds):
    return MOMENT + timedelta(seconds=seconds)


def _request(live, seconds=40, policy=POLICY, **changes):
    wanted = request(at=_at(seconds), new_id="verification-2", **changes)
    return request_verification(wanted, live, ring=RING, policy=policy)


def _check(*live, code, seconds=40):
    counted = [v.count_attempt(RULES) for v in live]
    return check_code(counted, code, _at(seconds), ring=RING, rules=RULES)


def _code(proof):
    return proof.code(RING, RULES)


def test_a_first_request_starts_a_verification():
    outcome = _request(None)
    started = outcome.verification

    assert (outcome.step, outcome.ended, outcome.is_code_sent) == (Step.STARTED, None, True)
    assert (started.id, started.user_id, started.purpose) == ("verification-2", "user-1", Purpose.MOBILE)
    assert (started.target, started.scenario, started.status) == (
        number(BEN),
        Scenario.MOBILE_ON_UPDATE,
        Status.PENDING,
    )
    assert (started.generation, started.attempts, started.sends) == (1, 0, 1)
    assert (started.created_at, started.sent_at, started.ended_at) == (_at(40), _at(40), None)
    assert (started.expires_at, started.pending_until) == (_at(340), _at(86440))
    assert (started.kid, started.original_key) == ("k1", ANN)


def test_a_user_without_a_primary_may_start_one():
    assert _request(None, primary=None).verification.original_key is None


def test_the_language_of_a_verification_is_that_of_its_first_request():
    started = _request(None, locale="fr-CA").verification

    assert started.locale == "fr-CA"
    assert _request(started, 400, locale="de").verification.locale == "fr-CA"


def test_the_same_target_again_keeps_the_code_in_hand():
    live = verification(attempts=3)

    outcome = _request(live)

    assert (outcome.step, outcome.ended, outcome.is_code_sent) == (Step.KEPT, None, False)
    assert outcome.verification == live


def test_the_same_target_spelled_otherwise_is_the_same():
    outcome = _request(verification(), target="012-222-2222")

    assert outcome.step is Step.KEPT
    assert outcome.verification.target.text == BEN


def test_the_other_scenario_changes_the_scenario_alone():
    live = verification(attempts=3)

    outcome = _request(live, scenario=Scenario.MOBILE_ON_LIST_UPDATE)

    assert outcome.step is Step.KEPT
    assert outcome.verification == replace(live, scenario=Scenario.MOBILE_ON_LIST_UPDATE)


def test_a_repeated_request_is_about_the_primary_of_now():
    assert _request(verification(), primary=CAT).verification.original_key == CAT


def test_an_expired_code_is_followed_by_the_next():
    live = verification(attempts=3)

    outcome = _request(live, 300, scenario=Scenario.MOBILE_ON_LIST_UPDATE)
    renewed = outcome.verification

    assert (outcome.step, outcome.ended, outcome.is_code_sent) == (Step.RENEWED, None, True)
    assert (renewed.id, renewed.generation, renewed.attempts, renewed.sends) == (live.id, 2, 3, 2)
    assert (renewed.scenario, renewed.expires_at) == (Scenario.MOBILE_ON_LIST_UPDATE, _at(600))


def test_an_expired_code_in_the_cooldown_is_kept():
    slow = replace(POLICY, otp=OtpRules(lifetime=timedelta(seconds=10), resend_cooldown=timedelta(seconds=60)))
    live = verification(policy=slow)

    assert _request(live, 59, slow).step is Step.KEPT
    assert _request(live, 60, slow).step is Step.RENEWED


def test_an_expired_code_is_kept_where_the_hour_allows_no_other():
    """SCIM never answers 429 to the same target again."""
    assert _request(verification(), 300, clearance=FULL).step is Step.KEPT


def test_an_expired_code_is_not_followed_where_the_guard_refuses_the_target():
    with pytest.raises(TargetRefused):
        _request(verification(), 300, clearance=REFUSED)


def test_a_code_in_hand_goes_on_working_where_the_guard_refuses_another():
    assert _request(verification(), 299, clearance=REFUSED).step is Step.KEPT


def test_used_up_codes_are_followed_by_a_verification_that_inherits_the_attempts():
    live = verification(sends=5, attempts=3)

    outcome = _request(live, 300)

    assert (outcome.step, outcome.is_code_sent) == (Step.STARTED, True)
    assert outcome.ended == live.supersede(_at(300))
    assert (outcome.verification.id, outcome.verification.attempts, outcome.verification.sends) == (
        "verification-2",
        3,
        1,
    )


def test_used_up_codes_work_until_they_expire():
    assert _request(verification(sends=5), 299).step is Step.KEPT


def test_used_up_codes_are_followed_by_nothing_where_the_hour_allows_none():
    with pytest.raises(LimitReached) as caught:
        _request(verification(sends=5), 300, clearance=FULL)

    assert (caught.value.limit, caught.value.retry_after) == (Limit.HOURLY, 17)


def test_another_target_supersedes():
    live = verification(attempts=3)

    outcome = _request(live, target=CAT)

    assert (outcome.step, outcome.is_code_sent) == (Step.STARTED, True)
    assert outcome.ended == live.supersede(_at(40))
    assert (outcome.verification.target, outcome.verification.attempts) == (number(CAT), 0)


@pytest.mark.parametrize("live", [None, verification()], ids=["first", "another target"])
def test_a_start_over_the_hour_is_refused(live):
    with pytest.raises(LimitReached) as caught:
        _request(live, target=CAT, clearance=FULL)

    assert (caught.value.code, caught.value.retry_after) == ("OTP_HOURLY", 17)


def test_a_start_for_a_target_that_the_guard_refuses_is_refused():
    with pytest.raises(TargetRefused) as caught:
        _request(None, clearance=REFUSED)

    assert caught.value.code == "TARGET_REFUSED"


def test_a_limit_comes_before_the_guard():
    """So who tries numbers in turn is slowed down."""
    with pytest.raises(LimitReached):
        _request(None, clearance=replace(FULL, refusal=TargetRefused()))


def test_a_lapsed_verification_makes_room_for_a_fresh_one():
    live = verification(attempts=3)

    outcome = _request(live, 86400)

    assert outcome.ended == live.expire(_at(86400))
    assert (outcome.step, outcome.verification.attempts) == (Step.STARTED, 0)


def test_a_resend_gives_the_next_code():
    live = verification()

    assert resend_code(live, _at(40), clearance=CLEAR, ring=RING, policy=POLICY) == live.resend(_at(40), RING, RULES)


@pytest.mark.parametrize(
    ("changes", "seconds", "limit"),
    [({}, 40, Limit.HOURLY), ({}, 10, Limit.COOLDOWN), ({"sends": 5}, 10, Limit.SENDS)],
)
def test_a_resend_is_refused_by_the_limit_that_lasts(changes, seconds, limit):
    with pytest.raises(LimitReached) as caught:
        resend_code(verification(**changes), _at(seconds), clearance=FULL, ring=RING, policy=POLICY)

    assert caught.value.limit is limit


def test_a_resend_to_a_refused_target_is_refused():
    with pytest.raises(TargetRefused):
        resend_code(verification(), _at(40), clearance=REFUSED, ring=RING, policy=POLICY)


def test_a_right_code_matches_and_counts_as_no_attempt():
    live = verification(attempts=2)

    check = _check(live, code=_code(live))

    assert (check.verdict, check.matched, check.verifications) == (Verdict.RIGHT, live, (live,))


def test_the_last_attempt_may_be_the_right_one():
    live = verification(attempts=4)

    assert _check(live, code=_code(live)).matched == live


def test_a_wrong_code_stays_counted():
    live = verification()

    check = _check(live, code="no")

    assert (check.verdict, check.matched) == (Verdict.WRONG, None)
    assert check.verifications == (replace(live, attempts=1),)


def test_the_last_wrong_code_ends_the_verification():
    check = _check(verification(attempts=4), code="no")

    assert [v.status for v in check.verifications] == [Status.EXHAUSTED]


def test_the_owners_expired_code_is_told_apart_and_counts_as_no_attempt():
    live = verification(attempts=4)

    check = _check(live, code=_code(live), seconds=300)

    assert (check.verdict, check.matched, check.verifications) == (Verdict.EXPIRED, live, (live,))


def test_a_wrong_code_after_the_expiry_is_wrong():
    assert _check(verification(), code="no", seconds=300).verdict is Verdict.WRONG


def test_a_check_counts_on_every_live_verification_unless_it_is_one_of_theirs():
    first = verification()
    second = verification(id="verification-3", attempts=4)

    assert [v.attempts for v in _check(first, second, code="no").verifications] == [1, 5]
    right = _check(first, second, code=_code(second))
    assert (right.matched, right.verifications) == (second, (first, second))


def test_a_check_of_nothing_is_wrong():
    check = _check(code="123456")

    assert (check.verdict, check.verifications) == (Verdict.WRONG, ())


def test_a_spent_verification_is_not_counted_again():
    with pytest.raises(IllegalTransition):
        _check(verification(attempts=5), code="no")
