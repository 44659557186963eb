"""Submitted codes: what is right, what is wrong, and that nobody learns more than that."""

from __future__ import annotations

import pytest

from tests.factories.people import (
    ANN,
    BEN,
    CAT,
    CODES,
    DAN,
    EVE,
    Numbers,
    add_person,
    person,
    privileged,
    wrong,
)
from tests.factories.verification import key_ring
from verification.decision import Start
from verification.lifecycle import Request, request_verification
from verification.limits import Limit
from verification.numbers import stored_number
from verification.verifications import Purpose, Scenario

INVALID = {"code": "18001", "message": "Bad Request", "description": "The code is not valid."}
STORED = Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), is_verified=True)


def _without_trace(answer):
    body = answer.get_json()
    assert len(body.pop("traceId")) >= 8
    return body


def _assert_invalid(answer):
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"
    assert _without_trace(answer) == INVALID


def _wrong_checks(application, limit, subject):
    """Count what a limit remembers."""

    def count(unit):
        return next(
            n - 1
            for n in range(1, 100)
            if unit.limits.nth_latest(limit, subject, n, application.clock.now().replace(year=2000)) is None
        )

    return application.services.core.database.read(count)


# One's own


def test_the_answer_to_the_right_code_is_empty(bob):
    bob.send(p=DAN)

    answer = bob.validate(bob.application.last_code())

    assert (answer.status_code, answer.data) == (200, b"")
    assert bob.numbers().primary == DAN


@pytest.mark.parametrize(
    "spelling",
    [lambda c: f" {c[:3]}-{c[3:]} ", lambda c: "".join(chr(ord(d) - ord("0") + 0xFF10) for d in c)],
    ids=["grouped", "full width"],
)
def test_a_code_may_be_spelled_as_people_do(bob, spelling):
    bob.send(p=DAN)

    assert bob.validate(spelling(bob.application.last_code())).status_code == 200


def test_letters_count_without_case(start):
    bob = add_person(start(otp_alphabet="alphanumeric", otp_length="8"))
    bob.send(p=DAN)
    live = bob.live()
    core = bob.application.services.core

    assert bob.validate(live.code(core.keys, core.policy.otp).lower()).status_code == 200


def test_a_code_works_once(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.validate(code)

    _assert_invalid(bob.validate(code))


def test_a_wrong_code_is_counted(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    _assert_invalid(bob.validate(wrong(code)))

    assert bob.listed()[0]["attemptsLeft"] == 4
    assert bob.validate(code).status_code == 200


@pytest.mark.parametrize("code", ["", " ", "0", "000000000000", "x" * 65, "123456\x00", "½½½½½½", "null"])
def test_what_is_no_code_is_a_wrong_one(bob, code):
    bob.send(p=DAN)

    _assert_invalid(bob.validate(code))

    assert bob.live().attempts == 1


def test_nothing_pending_and_anybody_elses_code_are_wrong_codes(application):
    bob, eve = add_person(application), add_person(application, "eve")
    _assert_invalid(bob.validate("123456"))
    eve.send(p=EVE)
    code = application.last_code()

    _assert_invalid(bob.validate(code))

    assert eve.live().attempts == 0
    assert eve.validate(code).status_code == 200


def test_a_superseded_and_a_replaced_code_are_wrong_codes(bob):
    bob.send(p=DAN)
    superseded = bob.application.last_code()
    bob.send(p=EVE)
    replaced = bob.application.last_code()
    bob.application.clock.move(seconds=30)
    bob.resend()

    for code in (superseded, replaced):
        _assert_invalid(bob.validate(code))


def test_ones_own_expired_code_is_told_and_not_counted(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=300)

    answer = bob.validate(code)

    assert answer.status_code == 400
    assert _without_trace(answer) == {
        "code": "18002",
        "message": "Bad Request",
        "description": "The code has expired.",
    }
    assert bob.live().attempts == 0
    assert bob.numbers().pending == DAN


def test_a_code_lives_to_the_last_second(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=299.9)

    assert bob.validate(code).status_code == 200


def test_a_wrong_code_after_the_expiry_is_a_wrong_code(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=300)

    _assert_invalid(bob.validate(wrong(code)))

    assert bob.live().attempts == 1


def test_the_last_attempt_ends_it_and_says_nothing_else(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    for _ in range(5):
        _assert_invalid(bob.validate(wrong(code)))

    assert bob.live() is None
    assert bob.numbers() == STORED
    _assert_invalid(bob.validate(code))


def test_the_right_code_is_good_as_the_last_attempt(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    for _ in range(4):
        bob.validate(wrong(code))

    assert bob.validate(code).status_code == 200


def test_the_submitted_code_is_never_repeated(bob):
    bob.send(p=DAN)

    for answer in (bob.validate("918273"), privileged(bob.application, "918273"), bob.validate({"918273": 1})):
        assert "918273" not in answer.get_data(as_text=True)


# Limits over verifications (L3)


def test_over_the_codes_of_an_hour_a_new_number_is_refused(start):
    bob = add_person(start(otp_max_sends_per_hour="2"))
    bob.send(p=BEN)
    bob.application.clock.move(minutes=10)
    bob.send(p=CAT)
    before = bob.show()

    answer = bob.send(p=DAN)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3000"
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.get_json() == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "429",
        "detail": "OTP_HOURLY: A limit is reached: try again later.",
    }
    assert bob.show() == before
    bob.application.clock.move(minutes=50)
    assert bob.send(p=DAN).status_code == 200


def test_over_the_codes_of_an_hour_a_resend_is_refused(start):
    bob = add_person(start(otp_max_sends_per_hour="1"))
    bob.send(p=BEN)
    bob.application.clock.move(minutes=1)

    answer = bob.resend()

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3540")
    assert answer.get_json()["code"] == "OTP_HOURLY"
    assert bob.live().generation == 1


def test_over_the_codes_of_an_hour_other_changes_are_let_through(start):
    bob = add_person(start(otp_max_sends_per_hour="1"), n=(ANN, BEN), v=(ANN, BEN))
    bob.send(p=CAT)

    assert bob.send(p=BEN).status_code == 200
    assert bob.caller.replace("/scim2/Me", {"displayName": "Bobby"}).status_code == 200


def test_a_new_user_with_a_code_counts_into_the_hour(start):
    application = start(otp_max_sends_per_hour="1")
    bob = add_person(application, v=(), **{"urn:scim:wso2:schema": {"verifyMobile": True}})

    assert bob.send(p=DAN).status_code == 429


def test_over_the_wrong_checks_of_a_day_even_the_right_code_is_refused(start):
    bob = add_person(start(otp_max_wrong_per_day="3", otp_max_attempts="2"))
    bob.send(p=DAN)
    for _ in range(2):
        bob.validate(wrong(bob.application.last_code()))
    bob.application.clock.move(hours=1)
    bob.send(p=EVE)
    bob.validate(wrong(bob.application.last_code()))
    code = bob.application.last_code()

    for answer in (bob.validate(code), privileged(bob.application, code), privileged(bob.application, code, "bob")):
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(23 * 3600))
        assert answer.get_json()["code"] == "OTP_DAILY"

    assert bob.live().attempts == 1
    bob.application.clock.move(hours=22)
    assert bob.validate(code).status_code == 429
    bob.application.clock.move(hours=1)
    bob.resend()
    assert bob.validate(bob.application.last_code()).status_code == 200


def test_the_wrong_checks_of_a_day_may_be_unlimited(start):
    bob = add_person(start(otp_max_wrong_per_day="0", otp_max_attempts="0"))
    bob.send(p=DAN)
    code = bob.application.last_code()

    assert {bob.validate(wrong(code)).status_code for _ in range(40)} == {400}
    assert bob.listed()[0]["attemptsLeft"] is None
    assert bob.validate(code).status_code == 200


# The primary is another one than at the request (L4)


def test_a_change_of_anything_else_does_not_kill_a_pending_number(bob):
    bob.send(p=DAN)
    bob.application.admin().replace(bob.path, {"displayName": "Bobby"})

    assert bob.validate(bob.application.last_code()).status_code == 200
    assert bob.show()["displayName"] == "Bobby"
    assert bob.numbers().primary == DAN


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
def test_a_primary_changed_behind_our_back_is_a_conflict(bob, is_privileged):
    bob.send(p=DAN)
    code = bob.application.last_code()
    core = bob.application.services.core

    def sync(unit):
        stored = unit.resources.lookup("User", bob.id)
        document = stored.document() | {"phoneNumbers": [{"type": "mobile", "value": EVE}]}
        unit.resources.save(stored, core.user_type, document, core.clock.now())

    core.database.transact(sync)

    answer = privileged(bob.application, code) if is_privileged else bob.validate(code)

    assert answer.status_code == 409
    assert (answer.get_json()["code"], answer.get_json()["message"]) == ("NUMBER_CHANGED", "Conflict")
    assert bob.live() is None
    assert (bob.numbers().primary, bob.numbers().pending) == (EVE, None)
    _assert_invalid(bob.validate(code))


# On behalf of others


def test_a_privileged_check_tells_whose_number_it_was(bob):
    bob.send(p=DAN)

    answer = privileged(bob.application, bob.application.last_code())

    assert answer.status_code == 200
    assert answer.get_json() == {
        "username": "bob",
        "realm": "PRIMARY",
        "tenant-domain": "carbon.super",
        "userId": bob.id,
    }


def test_a_privileged_check_finds_the_user_among_many(application):
    users = [add_person(application, f"user{n}") for n in range(5)]
    for n, user in enumerate(users):
        user.send(p=f"01999999{n}")
    application.deliver()
    live = users[3].live()

    answer = privileged(application, live.code(application.services.core.keys, application.services.core.policy.otp))

    assert answer.get_json()["userId"] == users[3].id
    assert [user.live() is None for user in users] == [False, False, False, True, False]


def test_a_wrong_privileged_check_counts_on_nobody_but_the_actor(bob):
    bob.send(p=DAN)

    _assert_invalid(privileged(bob.application, wrong(bob.application.last_code())))

    assert bob.live().attempts == 0
    assert _wrong_checks(bob.application, Limit.ATTEMPTS, "tests") == 1


def test_a_wrong_privileged_check_for_a_user_counts_on_the_verification(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    _assert_invalid(privileged(bob.application, wrong(code), "bob"))

    assert bob.live().attempts == 1
    assert privileged(bob.application, code, "BOB").status_code == 200


def test_a_privileged_check_for_the_wrong_user_is_a_wrong_one(application):
    bob, eve = add_person(application), add_person(application, "eve")
    bob.send(p=DAN)
    code = application.last_code()

    _assert_invalid(privileged(application, code, "eve"))

    assert bob.live() is not None
    assert eve.live() is None


def test_a_privileged_check_for_an_unknown_user_is_told(application):
    answer = privileged(application, "123456", "nobody")

    assert (answer.status_code, answer.get_json()["code"]) == (400, "UAR-10012")


def test_an_expired_code_is_told_to_the_privileged(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=300)

    assert privileged(bob.application, code).get_json()["code"] == "18002"
    assert privileged(bob.application, code, "bob").get_json()["code"] == "18002"
    assert bob.live().attempts == 0


def test_wrong_privileged_checks_of_one_actor_are_limited(start):
    application = start(privileged_max_wrong="3")
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()
    for _ in range(3):
        _assert_invalid(privileged(application, wrong(code)))
        application.clock.move(seconds=10)

    answer = privileged(application, code)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "570")
    assert answer.get_json()["code"] == "OTP_ATTEMPTS"
    assert bob.live().attempts == 0
    other = application.app.test_client().post(
        f"{CODES}/validate-code",
        json={"code": code},
        headers={"Authorization": f"Bearer {application.client_token(client_id='another')}"},
    )
    assert other.status_code == 200
    application.clock.move(seconds=570)
    _assert_invalid(privileged(application, code))


def test_right_privileged_checks_are_not_limited(start):
    application = start(privileged_max_wrong="1")
    for name in ("bob", "eve"):
        add_person(application, name).send(p=DAN)
        assert privileged(application, application.last_code()).status_code == 200


def test_privileged_validation_can_be_switched_off(start):
    application = start(privileged_validation="false")
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()

    answer = privileged(application, code)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "17007")
    assert bob.live().attempts == 0
    assert bob.validate(code).status_code == 200


def test_the_actors_own_code_is_checked_like_any_own_code(bob):
    bob.send(p=DAN)
    actor = bob.application.user(bob.id, frozenset({"internal_user_code_mgt_create"}))

    named = {"user": {"username": "bob"}}
    _assert_invalid(actor.post(f"{CODES}/validate-code", {"code": wrong(bob.application.last_code()), **named}))
    assert (bob.live().attempts, _wrong_checks(bob.application, Limit.ATTEMPTS, bob.id)) == (1, 0)
    answer = actor.post(f"{CODES}/validate-code", {"code": bob.application.last_code()})

    assert answer.status_code == 200
    assert bob.numbers().primary == DAN


def _same_codes(core, first, second):
    """Find two ids whose verifications have equal codes: by the birthday rule some thousand of each will do."""
    numbers = {user.id: stored_number(DAN, None) for user in (first, second)}

    def started(user, tag):
        request = Request(
            user_id=user.id,
            new_id=f"00000000-0000-4000-8000-{tag:012d}",
            purpose=Purpose.MOBILE,
            start=Start(numbers[user.id], Scenario.MOBILE_ON_UPDATE),
            primary=stored_number(ANN, None),
            at=core.clock.now(),
        )
        return request_verification(request, None, ring=core.keys, policy=core.policy).verification

    seen = {}
    for tag in range(100_000):
        made = started(first if tag % 2 else second, tag)
        twin = seen.get(made.digest)
        if twin is not None and twin.user_id != made.user_id:
            return twin, made
        seen[made.digest] = made
    raise AssertionError("no two codes are equal")


def test_equal_codes_of_two_users_are_told_apart_by_naming_one(application):
    bob, eve = add_person(application), add_person(application, "eve")
    core = application.services.core
    twins = _same_codes(core, bob, eve)
    core.database.transact(lambda unit: [unit.verifications.add(twin) for twin in twins])
    code = twins[0].code(core.keys, core.policy.otp)

    answer = privileged(application, code)

    assert answer.status_code == 409
    assert (answer.get_json()["code"], answer.get_json()["message"]) == ("AMBIGUOUS_CODE", "Conflict")
    assert (bob.live().attempts, eve.live().attempts) == (0, 0)
    assert _wrong_checks(application, Limit.ATTEMPTS, "tests") == 0
    named = privileged(application, code, "eve")
    assert named.get_json()["userId"] == eve.id
    assert (bob.numbers().primary, eve.numbers().primary) == (ANN, DAN)
    assert privileged(application, code).get_json()["userId"] == bob.id


# Keys


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
def test_a_code_of_an_older_key_goes_on_working(start, is_privileged):
    bob = add_person(start())
    bob.send(p=DAN)
    code = bob.application.last_code()
    turned = start(master_keys=key_ring("k2", "k1").export())

    answer = privileged(turned, code) if is_privileged else person(turned, bob.id).validate(code)

    assert answer.status_code == 200
    assert bob.numbers().primary == DAN


def test_a_message_on_its_way_carries_the_code_of_its_key(start):
    bob = add_person(start())
    bob.send(p=DAN)
    turned = start(master_keys=key_ring("k2", "k1").export())

    code = turned.last_code()

    assert bob.validate(code).status_code == 200


def test_a_resend_takes_the_first_key(start):
    bob = add_person(start())
    bob.send(p=DAN)
    bob.application.deliver()
    turned = start(master_keys=key_ring("k2", "k1").export())
    turned.clock.move(seconds=30)

    assert person(turned, bob.id).resend().status_code == 201

    assert bob.live().kid == "k2"
    assert privileged(turned, turned.last_code()).status_code == 200


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
def test_without_its_key_a_code_is_a_wrong_one(start, is_privileged):
    bob = add_person(start())
    bob.send(p=DAN)
    code = bob.application.last_code()
    lost = start(master_keys=key_ring("k2").export())

    answer = privileged(lost, code) if is_privileged else person(lost, bob.id).validate(code)

    _assert_invalid(answer)


def test_without_its_key_a_message_fails_and_the_next_one_goes(start):
    bob = add_person(start())
    bob.send(p=DAN)
    lost = start(master_keys=key_ring("k2").export())

    (delivery,) = lost.deliver()

    assert (delivery.status, delivery.reason) == ("failed", "key unknown")
    assert bob.listed()[0]["delivery"] == "failed"
    lost.clock.move(seconds=30)
    person(lost, bob.id).resend()
    assert person(lost, bob.id).validate(lost.last_code()).status_code == 200
