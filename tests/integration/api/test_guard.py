"""The guard: who gets no code, what is said and kept of it, and how an area is shut and opened."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from api.services.guarding import GuardService, Tally
from api.services.tidying import TidyService
from persistence.blocked_attempts import AttemptQuery
from tests.factories.people import ANN, DAN, EVE, add_person, privileged, wrong

ADMIN = "/api/server/v1"
MOBILE, NEIGHBOUR, PREMIUM, FRIENDLY = "+94712345678", "+94712345999", "+449012345678", "+94771234567"
REFUSED = "TARGET_REFUSED: No code can be sent to this number or address."
RULES = {
    "type": ({}, PREMIUM, "number_type"),
    "country": ({"guard_countries": "LK=deny"}, MOBILE, "country"),
    "unknown country": ({"guard_countries": "unknown=deny"}, DAN, "country"),
}


def attempts(application, query=""):
    return application.admin().get(f"{ADMIN}/blocked-attempts{query}").get_json()


@pytest.mark.parametrize(("settings", "number", "reason"), RULES.values(), ids=RULES)
def test_a_refused_number_is_not_stored_and_the_attempt_is(start, settings, number, reason):
    bob = add_person(start(**settings))
    before = bob.show()

    answer = bob.send(p=number)

    assert answer.status_code == 400
    assert answer.get_json() == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400",
        "scimType": "invalidValue",
        "detail": REFUSED,
    }
    assert (bob.show(), bob.live()) == (before, None)
    (kept,) = attempts(bob.application)["attempts"]
    assert (kept["userId"], kept["reason"], kept["purpose"], kept["actor"]) == (bob.id, reason, "mobile", bob.id)
    assert kept["ip"] == "127.0.0.1"
    assert number not in str(kept)


def test_the_numbers_of_the_guide_are_let_pass(start):
    bob = add_person(start(guard_countries="*=deny"))

    assert bob.send(p=DAN).status_code == 200


def test_a_new_user_with_a_refused_number_is_not_created(application):
    phones = {"phoneNumbers": [{"type": "mobile", "value": PREMIUM}]}
    body = {"userName": "ann", **phones, "urn:scim:wso2:schema": {"verifyMobile": True}}

    assert application.admin().post("/scim2/Users", body).get_json()["detail"] == REFUSED
    assert len(attempts(application)["attempts"]) == 1


def test_a_resend_to_a_number_that_is_refused_by_now_is_refused(start):
    bob = add_person(start(otp_resend_cooldown="0"))
    bob.send(p=MOBILE)
    stricter = start(otp_resend_cooldown="0", guard_countries="LK=deny")
    again = bob.__class__(stricter, bob.id, stricter.user(bob.id))

    answer = again.resend()

    assert (answer.status_code, answer.get_json()["code"]) == (400, "TARGET_REFUSED")
    assert again.live().generation == 1
    assert [kept["reason"] for kept in attempts(stricter)["attempts"]] == ["country"]


def test_who_tries_refused_numbers_in_turn_reaches_a_limit(start):
    bob = add_person(start(otp_max_sends_per_hour="3"))

    answers = [bob.send(p=f"+44901234567{n}") for n in range(5)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 429, 429]
    assert len(attempts(bob.application)["attempts"]) == 3


def test_a_watched_country_is_let_pass_and_counted(start):
    bob = add_person(start(guard_countries="LK=monitor"))

    assert bob.send(p=MOBILE).status_code == 200

    exposed = bob.application.admin().get("/metrics").get_data(as_text=True)
    assert 'lineproof_codes_monitored_total{country="LK"} 1.0' in exposed
    assert attempts(bob.application)["attempts"] == []


def test_refusals_are_counted_by_their_reason(application):
    add_person(application).send(p=PREMIUM)

    exposed = application.admin().get("/metrics").get_data(as_text=True)

    assert 'lineproof_codes_withheld_total{reason="number_type"} 1.0' in exposed


# An area whose codes do not come back


def pump(application, count, number=MOBILE, prefix="user"):
    """Have codes sent to one area, and tell the guard."""
    tally, users = Tally(), []
    for n in range(count):
        user = add_person(application, f"{prefix}{n}")
        assert user.send(p=f"{number[:-3]}{n:03}").status_code == 200
        tally.add(user.live())
        users.append(user)
    GuardService(application.services.core).record(tally, lambda: 0.5)
    return users


@pytest.fixture
def small(start):
    """Start an application that judges five codes already."""
    return start(guard_min_samples="5")


def watch(application):
    return GuardService(application.services.core).watch()


def blocks(application):
    return application.admin().get(f"{ADMIN}/blocks").get_json()["blocks"]


def test_an_area_without_conversion_is_shut_for_a_time(small):
    pump(small, 5)
    assert watch(small) == 0, "they may still come back"
    small.clock.move(minutes=30)

    with capture_logs() as lines:
        assert watch(small) == 2

    assert {(line["event"], line["area"], line["sent"]) for line in lines} == {
        ("sends blocked", "prefix:+9471234", 5),
        ("sends blocked", "country:LK", 5),
    }
    bob = add_person(small)
    assert bob.send(p=NEIGHBOUR).get_json()["detail"] == REFUSED
    assert bob.send(p=FRIENDLY).get_json()["detail"] == REFUSED
    reasons = [kept["reason"] for kept in attempts(small)["attempts"]]
    assert sorted(reasons) == ["country_conversion", "country_conversion"]
    small.clock.move(hours=1)
    assert bob.send(p=NEIGHBOUR).status_code == 200


def test_an_area_whose_codes_come_back_stays_open(small):
    core = small.services.core
    for user in pump(small, 5):
        assert user.validate(user.live().code(core.keys, core.policy.otp)).status_code == 200
    small.clock.move(minutes=30)

    assert watch(small) == 0


def test_a_block_that_repeats_is_longer(small):
    for turn in range(2):
        pump(small, 5, prefix=f"t{turn}u")
        small.clock.move(minutes=30)
        watch(small)
        spans = {block["repeats"] for block in blocks(small)}
        small.clock.move(hours=2 + turn)

    assert spans == {1}


def test_a_block_can_be_lifted(small):
    pump(small, 5)
    small.clock.move(minutes=30)
    watch(small)
    bob = add_person(small)

    for block in blocks(small):
        assert small.admin().call("DELETE", f"{ADMIN}/blocks/{block['id']}").status_code == 204

    assert blocks(small) == []
    assert bob.send(p=NEIGHBOUR).status_code == 200
    again = small.admin().call("DELETE", f"{ADMIN}/blocks/{block['id']}")
    assert (again.status_code, again.get_json()["code"]) == (404, "BLOCK_NOT_FOUND")
    assert watch(small) == 0, "the figures have gone with the block"


def test_two_workers_shut_an_area_once(small):
    pump(small, 5)
    small.clock.move(minutes=30)

    assert [watch(small), watch(small)] == [2, 0]
    assert len(blocks(small)) == 2


def test_the_judgement_can_be_switched_off(start):
    application = start(guard_min_samples="5", guard_min_conversion="0")
    pump(application, 5)
    application.clock.move(minutes=30)

    assert watch(application) == 0


def test_safe_numbers_are_let_pass(start):
    application = start(guard_min_samples="5", guard_safe="+94771", guard_countries="GB=deny")
    pump(application, 5)
    application.clock.move(minutes=30)
    watch(application)

    assert add_person(application).send(p="+94771234567").status_code == 200


# What an administrator reads


def test_attempts_are_listed_in_pages(start):
    application = start(guard_countries="LK=deny", otp_max_sends_per_hour="0")
    bob = add_person(application)
    for number in (MOBILE, PREMIUM, FRIENDLY):
        bob.send(p=number)
        application.clock.move(minutes=1)

    first = attempts(application, "?count=2")
    second = attempts(application, f"?count=2&cursor={first['nextCursor']}")

    assert [kept["country"] for kept in first["attempts"] + second["attempts"]] == ["LK", "GB", "LK"]
    assert "nextCursor" not in second
    assert [kept["numberType"] for kept in attempts(application, "?country=GB")["attempts"]] == ["premium"]
    assert len(attempts(application, "?reason=country")["attempts"]) == 2
    assert len(attempts(application, "?since=2026-11-22T09:02:00Z")["attempts"]) == 1
    assert len(attempts(application, "?until=2026-11-22T09:01:00Z")["attempts"]) == 1


@pytest.mark.parametrize(
    "query", ["?cursor=x", "?count=0", "?count=501", "?reason=other", "?country=lanka", "?since=yesterday"]
)
def test_a_faulty_query_is_refused(application, query):
    answer = application.admin().get(f"{ADMIN}/blocked-attempts{query}")

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


def test_what_nobody_looks_at_any_more_is_removed(start):
    application = start(guard_countries="LK=deny")
    bob = add_person(application)
    bob.send(p=MOBILE)
    bob.send(p=DAN)
    bob.validate(wrong(application.last_code()))
    core = application.services.core
    tidy = TidyService(core, application.services.settings.guard_attempts_kept).tidy

    assert tidy() == 0
    application.clock.move(days=91)
    assert tidy() > 3
    assert tidy() == 0
    assert core.database.read(lambda unit: unit.blocked_attempts.list(AttemptQuery(), limit=10)) == []


# Test numbers


@pytest.fixture
def tester(start):
    """Start an application with a test number, and add somebody who uses it."""
    return add_person(start(test_numbers="+449012345678=424242@2026-11-30", otp_max_sends_per_number="1"))


def test_the_code_of_a_test_number_is_known_and_nobody_is_sent_it(tester):
    assert tester.send(p=PREMIUM).status_code == 200
    assert tester.listed()[0]["delivery"] == "sent"
    assert tester.application.deliver() == []

    assert tester.validate("424242").status_code == 200
    assert tester.numbers().primary == PREMIUM


def test_a_test_number_counts_for_no_limit(tester):
    for number in (PREMIUM, ANN, PREMIUM, ANN, PREMIUM):
        assert tester.send(p=number).status_code == 200

    assert privileged(tester.application, "424242").status_code == 200


def test_after_its_last_day_a_test_number_is_one_as_any_other(tester):
    tester.application.clock.move(days=8, hours=14, minutes=58)
    tester.send(p=PREMIUM)
    tester.application.clock.move(minutes=2)

    assert tester.validate("424242").get_json()["code"] == "18002"
    assert tester.send(p=EVE).status_code == 200
    assert tester.send(p=PREMIUM).get_json()["detail"] == REFUSED
