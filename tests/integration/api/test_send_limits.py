"""Every limit on sends across verifications: what it lets pass, how it refuses, and when it opens again."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.factories.people import DAN, EVE, add_person
from tests.factories.statement_log import statement_log

MOBILE, NEIGHBOUR, FELLOW, FOREIGN = "+94712345678", "+94712345999", "+94771234567", "+447911123456"


@dataclass(frozen=True)
class Case:
    """A limit set to two: two sends that use it up, by user and number, one it refuses and one it does not."""

    setting: str
    code: str
    wait: int
    uses: tuple[tuple[str, str], tuple[str, str]]
    refused: tuple[str, str]
    passed: tuple[str, str]


HOUR, DAY = 3600, 86400
CASES = {
    "user and hour": Case("hour", "OTP_HOURLY", HOUR, (("bob", DAN), ("bob", EVE)), ("bob", FELLOW), ("eve", FELLOW)),
    "user and day": Case("day", "OTP_DAILY_SENDS", DAY, (("bob", DAN), ("bob", EVE)), ("bob", FELLOW), ("eve", FELLOW)),
    "number": Case("number", "OTP_NUMBER", DAY, (("bob", DAN), ("eve", DAN)), ("ann", DAN), ("ann", EVE)),
    "prefix": Case(
        "prefix", "OTP_PREFIX", HOUR, (("bob", MOBILE), ("eve", NEIGHBOUR)), ("ann", "+94712341111"), ("ann", FELLOW)
    ),
    "country": Case(
        "country", "OTP_COUNTRY", HOUR, (("bob", MOBILE), ("eve", FELLOW)), ("ann", NEIGHBOUR), ("ann", FOREIGN)
    ),
}


def people(application):
    return {name: add_person(application, name) for name in ("ann", "bob", "eve")}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_limit_refuses_what_is_beyond_it_and_stores_nothing(start, case):
    application = start(**{f"otp_max_sends_per_{case.setting}": "2"})
    users = people(application)
    for name, number in case.uses:
        assert users[name].send(p=number).status_code == 200
        application.clock.move(seconds=10)
    name, number = case.refused
    before = users[name].show(), users[name].live()

    answer = users[name].send(p=number)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(case.wait - 20))
    assert answer.get_json()["detail"] == f"{case.code}: A limit is reached: try again later."
    assert (users[name].show(), users[name].live()) == before
    passed, elsewhere = case.passed
    assert users[passed].send(p=elsewhere).status_code == 200
    application.clock.move(seconds=case.wait - 20)
    assert users[name].send(p=number).status_code == 200


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_resend_counts_and_is_refused_by_the_same_limit(start, case):
    settings = {f"otp_max_sends_per_{case.setting}": "2", "otp_resend_cooldown": "0"}
    bob = add_person(start(**settings))
    bob.send(p=MOBILE)
    assert bob.resend().status_code == 201

    answer = bob.resend()

    assert (answer.status_code, answer.get_json()["code"]) == (429, case.code)
    assert answer.headers["Retry-After"] == str(case.wait)
    assert bob.live().generation == 2


@pytest.fixture
def from_address(start):
    """Send as a user from an address that a proxy in front of the service tells."""
    application = start(otp_max_sends_per_ip="2", trusted_proxies="1")
    users = people(application)

    def send(name, number, ip):
        patch = {"op": "replace", "value": {"phoneNumbers": [{"type": "mobile", "value": number}]}}
        # What the client claims itself stands further to the left, and is not believed.
        forwarded = {"X-Forwarded-For": f"203.0.113.9, {ip}"}
        return users[name].caller.patch("/scim2/Me", patch, headers=forwarded)

    send.users = users
    return send


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")],
    ids=["IPv4", "IPv6"],
)
def test_users_of_one_place_of_the_network_share_a_limit(from_address, first, same, other):
    assert from_address("bob", DAN, first).status_code == 200
    assert from_address("eve", EVE, same).status_code == 200

    refused = from_address("ann", FELLOW, same)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert refused.get_json()["detail"].startswith("OTP_IP")
    assert from_address("ann", FELLOW, other).status_code == 200


def test_an_application_asks_for_all_its_users_from_one_address(from_address):
    admin = from_address.users["bob"].application.admin()

    for user, number in zip(from_address.users.values(), (DAN, EVE, FELLOW), strict=True):
        assert user.send(p=number, by=admin).status_code == 200


def test_the_same_target_again_is_never_refused_by_a_limit(start):
    """SCIM goes on with the code in hand (L1)."""
    bob = add_person(start(otp_max_sends_per_number="1"))
    bob.send(p=DAN)
    bob.application.clock.move(minutes=6)

    assert bob.send(p=DAN).status_code == 200
    assert bob.live().generation == 1


def test_a_new_user_whose_code_is_beyond_a_limit_is_not_created(start):
    application = start(otp_max_sends_per_number="1")
    add_person(application, p=EVE).send(p=DAN)
    body = {
        "userName": "ann",
        "phoneNumbers": [{"type": "mobile", "value": DAN}],
        "urn:scim:wso2:schema": {"verifyMobile": True},
    }

    answer = application.admin().post("/scim2/Users", body)

    assert answer.status_code == 429
    assert application.admin().get('/scim2/Users?filter=userName eq "ann"').get_json()["totalResults"] == 0


def test_all_limits_are_one_read_and_one_write(start):
    application = start(otp_max_sends_per_country="1000")
    bob = add_person(application)
    bob.send(p=FOREIGN)
    with statement_log(application.services.core.database) as log:
        assert bob.send(p=MOBILE).status_code == 200

        touching = log.touching("send_marks")
        assert [text.split()[0] for text in touching[:1]] == ["SELECT"]
        assert len(touching) == 2


def test_codes_not_sent_are_counted_by_the_limit(start):
    application = start(otp_max_sends_per_number="1", otp_resend_cooldown="0")
    bob = add_person(application)
    bob.send(p=DAN)
    add_person(application, "eve").send(p=DAN)
    bob.resend()

    exposed = application.admin().get("/metrics").get_data(as_text=True)

    assert 'lineproof_codes_withheld_total{reason="OTP_NUMBER"} 2.0' in exposed
    assert 'lineproof_codes_withheld_total{reason="OTP_COUNTRY"} 0.0' in exposed
