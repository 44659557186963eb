"""What became of verifications, as those see it who look after users."""

from __future__ import annotations

import pytest

from api.auth.scopes import Scope
from verification.errors import PermanentDeliveryError

VERIFICATIONS = "/api/identity/user/v1.0/verifications"
FIRST, SECOND = "0123456789", "0123456788"


@pytest.fixture
def bob(application):
    return application.add_verified_user()


def ask(application, user_id, number):
    application.user(user_id).set_mobile("/scim2/Me", number)
    application.clock.move(minutes=1)


def read(application, **query):
    answer = application.admin().get(VERIFICATIONS, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def targets(application, **query):
    return [shown["target"] for shown in read(application, **query)["verifications"]]


def test_a_verification_is_shown_with_its_latest_delivery(application, bob):
    ask(application, bob, FIRST)
    application.deliver()

    (shown,) = read(application)["verifications"]

    assert shown.pop("id")
    assert shown == {
        "user": bob,
        "purpose": "mobile",
        "scenario": "MOBILE_VERIFICATION_ON_UPDATE",
        "state": "pending",
        "target": "********89",
        "attempts": 0,
        "sends": 1,
        "createdAt": "2026-11-22T09:00:00.000Z",
        "expiresAt": "2026-11-22T09:05:00.000Z",
        "endedAt": None,
        "delivery": {
            "state": "sent",
            "channel": "sms",
            "provider": "memory",
            "reason": None,
            "attempts": 1,
            "settledAt": "2026-11-22T09:01:00.000Z",
        },
    }


def test_a_resend_shows_its_own_delivery(application, bob):
    ask(application, bob, FIRST)
    application.deliver()
    application.user(bob).post(
        "/api/identity/user/v1.0/me/resend-code",
        {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_UPDATE"}]},
    )

    (shown,) = read(application)["verifications"]

    assert (shown["sends"], shown["delivery"]["state"]) == (2, "queued")


def test_a_message_that_was_refused_says_why(application, bob):
    def refuse(message):
        raise PermanentDeliveryError("invalid number")

    ask(application, bob, FIRST)
    application.carrier.send = refuse
    application.deliver()

    (shown,) = read(application)["verifications"]
    (own,) = application.user(bob).get("/api/identity/user/v1.0/me/verifications").get_json()["verifications"]

    assert (shown["delivery"]["state"], shown["delivery"]["reason"]) == ("failed", "invalid number")
    assert (own["delivery"], own["reason"]) == ("failed", "invalid number")


def test_verifications_are_found_by_all_that_is_given(application, bob):
    ann = application.add_verified_user("ann")
    for user_id, number in ((bob, FIRST), (bob, SECOND), (ann, FIRST)):
        ask(application, user_id, number)

    assert targets(application) == ["********89", "********88", "********89"]
    assert targets(application, user=bob) == targets(application, userName="BOB") == ["********88", "********89"]
    assert targets(application, user=bob, userName="ann") == targets(application, user="\0") == []
    assert targets(application, state="superseded") == ["********89"]
    assert targets(application, state="pending", purpose="mobile", user=bob) == ["********88"]
    assert targets(application, since="2026-11-22T09:01:00Z", until="2026-11-22T09:02:00Z") == ["********88"]


def test_a_walk_meets_every_verification_once(application, bob):
    for number in range(5):
        ask(application, bob, f"01234567{number:02}")
    whole = read(application)["verifications"]
    walked, query = [], {"count": 2, "user": bob}
    while True:
        page = read(application, **query)
        walked += page["verifications"]
        if "nextCursor" not in page:
            break
        query["cursor"] = page["nextCursor"]

    assert (len(walked), walked) == (5, whole)
    assert application.admin().get(VERIFICATIONS, query_string={**query, "state": "pending"}).status_code == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"userName": "nobody"}, "UAR-10012"),
        ({"state": "live"}, "INVALID_REQUEST"),
        ({"purpose": "x"}, "INVALID_REQUEST"),
        ({"username": "bob"}, "INVALID_REQUEST"),
        ({"cursor": "x"}, "INVALID_REQUEST"),
    ],
)
def test_a_faulty_query_is_refused(application, query, code):
    answer = application.admin().get(VERIFICATIONS, query_string=query)

    assert (answer.status_code, answer.get_json()["code"]) == (400, code)


def test_only_who_may_see_codes_of_others_sees_it(application, bob):
    ask(application, bob, FIRST)

    assert application.user(bob).get(VERIFICATIONS).status_code == 403
    assert application.user(bob, frozenset({Scope.USER_CODE_CREATE})).get(VERIFICATIONS).status_code == 403
    assert application.user(bob, frozenset({Scope.USER_CODE_VIEW})).get(VERIFICATIONS).status_code == 200


def test_no_number_and_no_code_is_shown(application, bob):
    ask(application, bob, FIRST)
    code = application.last_code()

    text = application.admin().get(VERIFICATIONS).get_data(as_text=True)

    assert FIRST not in text
    assert code not in text
