"""Sending a code again, and the ends of a verification (L2)."""

from __future__ import annotations

import pytest

from tests.factories.people import (
    ANN,
    BEN,
    CAT,
    CODES,
    DAN,
    EVE,
    ON_LIST,
    ON_UPDATE,
    Numbers,
    add_person,
    person,
    scenario,
    wrong,
)
from tests.factories.servers import WSO2

STORED = Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), is_verified=True)


def _resend(user, name, *, is_privileged):
    if not is_privileged:
        return user.resend(name)
    named = {"user": {"username": "bob", "realm": "PRIMARY"}, **scenario(name)}
    return user.application.admin().post(f"{CODES}/resend-code", named)


privileged = pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])


@privileged
@pytest.mark.parametrize(
    ("sent", "name"), [({"p": DAN}, ON_UPDATE), ({"v": [ANN, BEN, DAN]}, ON_LIST)], ids=["primary", "list"]
)
def test_a_resend_makes_the_next_code_and_the_first_is_dead(bob, is_privileged, sent, name):
    bob.send(**sent)
    first = bob.application.last_code()
    bob.validate(wrong(first))
    bob.application.clock.move(seconds=100)

    answer = _resend(bob, name, is_privileged=is_privileged)

    live = bob.live()
    assert (answer.status_code, answer.data) == (201, b"")
    assert (live.generation, live.sends, live.attempts) == (2, 2, 1)
    assert (live.expires_at - bob.application.clock.now()).total_seconds() == 300
    second = bob.application.last_code()
    assert bob.validate(first).get_json()["code"] == "18001"
    assert bob.validate(second).status_code == 200


def test_a_resend_works_after_the_code_expired(bob):
    bob.send(p=DAN)
    bob.application.clock.move(hours=2)

    assert bob.resend().status_code == 201
    assert bob.validate(bob.application.last_code()).status_code == 200


@privileged
def test_in_the_cooldown_a_resend_is_refused(bob, is_privileged):
    bob.send(p=DAN)
    bob.application.clock.move(seconds=12.5)
    before = bob.live()

    answer = _resend(bob, ON_UPDATE, is_privileged=is_privileged)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "18"
    assert answer.get_json()["code"] == "OTP_COOLDOWN"
    assert bob.live() == before
    bob.application.clock.move(seconds=18)
    assert _resend(bob, ON_UPDATE, is_privileged=is_privileged).status_code == 201


def test_each_cooldown_is_longer_than_the_one_before_and_as_long_as_was_told(bob):
    bob.send(p=DAN)
    told = []
    for _ in range(4):
        told.append(bob.listed()[0]["resendAfter"])
        bob.application.clock.move(seconds=told[-1] - 1)
        refused = bob.resend()
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        bob.application.clock.move(seconds=1)
        assert bob.resend().status_code == 201

    assert told[0] == 30
    assert all(shortest <= wait <= shortest * 1.2 for wait, shortest in zip(told, (30, 60, 120, 300), strict=True))


@privileged
def test_without_sends_left_a_resend_is_refused(start, is_privileged):
    bob = add_person(start(otp_max_sends="2"))
    bob.send(p=DAN)
    bob.application.clock.move(seconds=30)
    bob.resend()
    bob.application.clock.move(seconds=50)

    answer = _resend(bob, ON_UPDATE, is_privileged=is_privileged)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "250"
    assert answer.get_json()["code"] == "OTP_SENDS"
    assert bob.live().generation == 2


def test_limits_of_zero_are_none(start):
    across = {f"otp_max_sends_per_{name}": "0" for name in ("hour", "day", "number", "ip", "prefix")}
    bob = add_person(start(otp_max_sends="0", otp_resend_cooldown="0", **across))
    bob.send(p=DAN)

    assert {bob.resend().status_code for _ in range(25)} == {201}
    assert bob.listed()[0]["sendsLeft"] is None


@privileged
@pytest.mark.parametrize(
    "body",
    [
        scenario(),
        scenario(ON_UPDATE, ON_UPDATE),
        scenario(ON_UPDATE, ON_LIST),
        scenario(ON_LIST),
        scenario("SELF_SIGN_UP"),
        scenario("mobile_verification_on_update"),
        scenario(""),
        {},
        {"properties": None},
        {"properties": "MOBILE_VERIFICATION_ON_UPDATE"},
        {"properties": ["RecoveryScenario"]},
        {"properties": [{"key": "RecoveryScenario"}]},
        {"properties": [{"key": "recoveryscenario", "value": ON_UPDATE}]},
        {"properties": [{"key": "RecoveryScenario", "value": [ON_UPDATE]}]},
    ],
    ids=[
        "missing",
        "repeated",
        "two",
        "of the other",
        "foreign",
        "lower case",
        "empty",
        "no properties",
        "null",
        "a string",
        "strings",
        "no value",
        "another key",
        "a list",
    ],
)
def test_a_faulty_scenario_is_refused(bob, is_privileged, body):
    bob.send(p=DAN)
    bob.application.clock.move(minutes=1)
    path = "resend-code" if is_privileged else "me/resend-code"
    user = {"user": {"username": "bob"}} if is_privileged else {}

    caller = bob.application.admin() if is_privileged else bob.caller
    answer = caller.post(f"{CODES}/{path}", {**body, **user})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "UAR-10011")
    assert bob.live().generation == 1


def test_properties_of_other_names_change_nothing(bob):
    bob.send(p=DAN)
    bob.application.clock.move(minutes=1)
    others = [{"key": "otpTokenString", "value": "000000"}, {"key": "send-to", "value": EVE}, {"key": "", "value": ""}]

    answer = bob.caller.post(
        f"{CODES}/me/resend-code", {"properties": [*others, *scenario(ON_UPDATE)["properties"]], "more": 1}
    )

    bob.application.deliver()
    message = bob.application.carrier.messages[-1]
    assert answer.status_code == 201
    assert (message.to, "000000" in message.body) == (DAN, False)


@privileged
def test_nothing_pending_is_nothing_to_resend(bob, is_privileged):
    answer = _resend(bob, ON_UPDATE, is_privileged=is_privileged)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "UAR-10011")


def test_an_unknown_user_is_told(application):
    answer = application.admin().post(f"{CODES}/resend-code", {"user": {"username": "nobody"}, **scenario(ON_UPDATE)})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "UAR-10012")


# How a verification ends: the pending number leaves in the same transaction


def _by_success(user, code):
    user.validate(code)


def _by_cancel(user, code):
    user.cancel()


def _by_wrong_checks(user, code):
    for _ in range(5):
        user.validate(wrong(code))


def _by_removal_of_the_number(user, code):
    user.send(p="")


def _by_a_verified_number(user, code):
    user.send(p=BEN)


def _by_deactivation(user, code):
    user.application.admin().replace(user.path, {"active": False})


def _by_waiting(user, code):
    user.application.clock.move(seconds=86400)
    user.application.sweep()


ENDS = {
    "success": (_by_success, "approved"),
    "cancel": (_by_cancel, "canceled"),
    "exhausted attempts": (_by_wrong_checks, "exhausted"),
    "removal of the number": (_by_removal_of_the_number, "canceled"),
    "a verified number": (_by_a_verified_number, "canceled"),
    "deactivation": (_by_deactivation, "canceled"),
    "waiting too long": (_by_waiting, "expired"),
}


@pytest.mark.parametrize(("end", "status"), ENDS.values(), ids=ENDS)
def test_a_verification_ends(bob, end, status):
    bob.send(p=DAN)
    code = bob.application.last_code()
    number = bob.live().id

    end(bob, code)

    database = bob.application.services.core.database
    assert database.read(lambda unit: unit.verifications.lookup(number)).status == status
    assert bob.live() is None
    assert bob.numbers().pending is None
    again = bob.application.admin().post(f"{CODES}/validate-code", {"code": code})
    assert again.get_json()["code"] == "18001"
    assert _resend(bob, ON_UPDATE, is_privileged=True).get_json()["code"] == "UAR-10011"


def test_a_removed_user_takes_verification_and_deliveries_along(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()

    assert bob.application.admin().call("DELETE", bob.path).status_code == 204

    assert bob.live() is None
    answer = bob.application.admin().post(f"{CODES}/validate-code", {"code": code})
    assert answer.get_json()["code"] == "18001"


def test_a_removed_user_is_sent_nothing_more(bob):
    bob.send(p=DAN)
    bob.application.admin().call("DELETE", bob.path)

    bob.application.deliver()

    assert bob.application.carrier.messages == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_tokens_of_a_user_who_is_gone_are_dead(bob, method):
    admin = bob.application.admin()
    assert bob.caller.get("/scim2/Me").status_code == 200

    if method == "PATCH":
        admin.replace(bob.path, {"active": False})
    else:
        admin.call("DELETE", bob.path)

    bob.application.clock.move(seconds=1)
    answer = bob.caller.get("/scim2/Me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lineproof", error="invalid_token"'
    assert admin.get("/scim2/Users").status_code == 200


def test_what_has_waited_too_long_is_over_before_it_is_swept(bob):
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.application.clock.move(seconds=86400)

    assert bob.listed() == []
    assert bob.resend().get_json()["code"] == "UAR-10011"
    assert bob.validate(code).get_json()["code"] == "18001"
    assert bob.numbers() == STORED
    assert bob.application.sweep() == 0


def test_a_request_for_what_has_waited_too_long_starts_anew(bob):
    bob.send(p=DAN)
    before = bob.live()
    bob.application.clock.move(seconds=86400)

    bob.send(p=DAN)

    assert bob.live().id != before.id
    assert bob.numbers().pending == DAN


def test_a_pending_number_may_wait_for_ever(start):
    bob = add_person(start(pending_lifetime="0"))
    bob.send(p=DAN)
    bob.application.clock.move(days=29)

    assert bob.application.sweep() == 0
    assert bob.resend().status_code == 201


def test_a_stricter_maximum_of_attempts_ends_what_has_more(start):
    bob = add_person(start())
    bob.send(p=DAN)
    code = bob.application.last_code()
    for _ in range(3):
        bob.validate(wrong(code))

    answer = person(start(otp_max_attempts="2"), bob.id).validate(code)

    assert answer.get_json()["code"] == "18001"
    assert bob.numbers().pending is None


# What the user sees of it


def test_what_is_pending_is_told_without_telling_it(bob):
    bob.send(v=[ANN, BEN, DAN])

    (listed,) = bob.listed()

    assert listed == {
        "id": bob.live().id,
        "scenario": ON_LIST,
        "target": "********44",
        "expiresAt": "2026-11-22T09:05:00.000Z",
        "attemptsLeft": 5,
        "sendsLeft": 4,
        "resendAfter": 30,
        "delivery": "queued",
    }


def test_what_is_pending_follows_its_life(start):
    bob = add_person(start(otp_max_sends="2"))
    bob.send(p=DAN)
    code = bob.application.last_code()
    bob.validate(wrong(code))
    bob.application.clock.move(seconds=30)
    assert bob.listed()[0] | {"id": ""} == {
        "id": "",
        "scenario": ON_UPDATE,
        "target": "********44",
        "expiresAt": "2026-11-22T09:05:00.000Z",
        "attemptsLeft": 4,
        "sendsLeft": 1,
        "resendAfter": 0,
        "delivery": "sent",
    }

    bob.resend()

    (listed,) = bob.listed()
    assert (listed["sendsLeft"], listed["resendAfter"], listed["delivery"]) == (0, None, "queued")
    assert listed["expiresAt"] == "2026-11-22T09:05:30.000Z"


@pytest.mark.parametrize(("number", "shown"), [("1", "*"), ("123", "**3"), ("+94 77 123 45 67", "*********67")])
def test_a_short_number_shows_less(application, number, shown):
    bob = add_person(application)
    bob.send(p=number)

    assert bob.listed()[0]["target"] == shown


def test_nothing_pending_is_an_empty_list(bob):
    assert bob.listed() == []


def test_a_cancel_brings_back_what_was(bob):
    bob.send(p=DAN)

    answer = bob.cancel()

    assert (answer.status_code, answer.data) == (204, b"")
    assert bob.numbers() == STORED


@pytest.mark.parametrize("name", ["unknown", "eve", "ended"])
def test_only_ones_own_live_verification_can_be_canceled(application, name):
    bob, eve = add_person(application), add_person(application, "eve")
    bob.send(p=DAN)
    eve.send(p=EVE)
    bobs = bob.live().id
    if name == "ended":
        bob.send(p=CAT)
    number = {"unknown": "no-such-id", "eve": eve.live().id, "ended": bobs}[name]

    answer = bob.caller.call("DELETE", f"{CODES}/me/verifications/{number}")

    assert answer.status_code == 404
    assert set(answer.get_json()) == {"code", "message", "description", "traceId"}
    assert bob.live() is not None
    assert eve.live() is not None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "me/validate-code"),
        ("POST", "me/resend-code"),
        ("GET", "me/verifications"),
        ("DELETE", "me/verifications/x"),
    ],
)
def test_a_token_that_is_no_users_has_nothing_of_its_own(application, method, path):
    body = {"code": "123456", **scenario(ON_UPDATE)} if method == "POST" else None

    answer = application.admin().call(method, f"{CODES}/{path}", body)

    assert answer.status_code == 404
    assert answer.get_json()["message"] == "Not Found"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH"])
def test_a_token_that_is_no_users_has_no_me(application, method):
    answer = application.admin().call(method, "/scim2/Me", None if method == "GET" else {"Operations": []})

    assert answer.status_code == 404
    assert answer.get_json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_nobody_removes_the_own_account(bob):
    answer = bob.caller.call("DELETE", "/scim2/Me")

    assert answer.status_code == 403
    assert bob.show()["userName"] == "bob"


def test_the_extension_is_not_shown_when_nothing_is_in_it(application):
    bob = add_person(application, p=None, v=())

    assert WSO2 not in bob.show()
    assert bob.show()["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User"]
