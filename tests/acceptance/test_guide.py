"""The guide's walks, on the service as `make run` starts it."""

from __future__ import annotations

import itertools

import pytest

from tests.factories.servers import ENTERPRISE, WSO2, Service, mobile_of, pending_of

CODES = "/api/identity/user/v1.0"
ON_UPDATE = {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_UPDATE"}]}
ON_LIST = {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_VERIFIED_LIST_UPDATE"}]}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = Service(tmp_path_factory.mktemp("guide"), settings={"otp_resend_cooldown": "0"}).start()
    yield running
    assert running.process.stop() == 0


@pytest.fixture(scope="module")
def admin(service):
    return service.admin()


@pytest.fixture(scope="module")
def counted():
    return itertools.count(10)


@pytest.fixture
def number(counted):
    """Return a number that no other test has changed to."""
    return f"01234567{next(counted)}"


@pytest.fixture
def bob(service, admin, number):
    """Return a user of the test's own, with a verified number."""
    body = {
        "userName": f"bob{number}",
        "name": {"givenName": "Bob", "familyName": "Smith"},
        "phoneNumbers": [{"type": "mobile", "value": "0111111111"}],
        WSO2: {"verifiedMobileNumbers": ["0111111111"]},
    }
    assert admin.call("POST", "/scim2/Users", body).status_code == 201
    return service.user(f"bob{number}")


def test_a_patched_number_waits_until_its_code_comes_back(service, admin, number):
    bob = service.user("bob")
    user_id = bob.me()["id"]

    answer = admin.set_mobile(f"/scim2/Users/{user_id}", number)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/scim+json"
    shown = answer.json()
    assert mobile_of(shown) == "0111111111"
    assert shown[ENTERPRISE]["pendingMobileNumber"] == number
    assert shown["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE]
    assert shown["roles"] == [{"type": "default", "value": "Internal/everyone"}]
    assert shown["name"] == {"givenName": "Bob", "familyName": "Smith"}
    assert shown["meta"]["location"] == f"{service.url}/scim2/Users/{user_id}"

    checked = bob.validate(service.code_for(number))

    assert (checked.status_code, checked.content) == (200, b"")
    after = bob.me()
    assert mobile_of(after) == number
    assert pending_of(after) is None


def test_the_verified_list_grows_by_its_own_code(service, bob, number):

    answer = bob.patch("/scim2/Me", {WSO2: {"verifiedMobileNumbers": f"0111111111,{number}"}})

    assert answer.status_code == 200
    shown = answer.json()
    assert shown[WSO2] == {"mobileNumbers": "0111111111", "verifiedMobileNumbers": "0111111111"}
    assert pending_of(shown) == number
    assert bob.validate(service.code_for(number)).status_code == 200
    after = bob.me()
    assert after[WSO2] == {
        "mobileNumbers": f"0111111111,{number}",
        "verifiedMobileNumbers": f"0111111111,{number}",
    }
    assert mobile_of(after) == "0111111111"


def test_a_privileged_caller_submits_the_code_of_a_user(service, admin, bob, number):
    bob.set_mobile("/scim2/Me", number)
    code = service.code_for(number)

    answer = admin.call("POST", f"{CODES}/validate-code", {"code": code, "properties": []})

    assert answer.status_code == 200
    assert answer.json() == {
        "username": f"bob{number}",
        "realm": "PRIMARY",
        "tenant-domain": "carbon.super",
        "userId": bob.me()["id"],
    }
    assert mobile_of(bob.me()) == number


@pytest.mark.parametrize("privileged", [False, True], ids=["by the user", "by an administrator"])
def test_a_resent_code_replaces_the_first(service, admin, bob, number, privileged):
    bob.set_mobile("/scim2/Me", number)
    first = service.code_for(number)
    after = len(service.process.lines)

    if privileged:
        user = {"user": {"username": f"bob{number}", "realm": "PRIMARY"}}
        answer = admin.call("POST", f"{CODES}/resend-code", {**user, **ON_UPDATE})
    else:
        answer = bob.call("POST", f"{CODES}/me/resend-code", ON_UPDATE)

    assert (answer.status_code, answer.content) == (201, b"")
    second = service.code_for(number, after=after)
    assert bob.validate(first).json()["code"] == "18001"
    assert bob.validate(second).status_code == 200


def test_resend_knows_the_scenario_of_the_list(service, bob, number):
    bob.patch("/scim2/Me", {WSO2: {"verifiedMobileNumbers": [number]}})

    wrong = bob.call("POST", f"{CODES}/me/resend-code", ON_UPDATE)
    right = bob.call("POST", f"{CODES}/me/resend-code", ON_LIST)

    assert (wrong.status_code, wrong.json()["code"]) == (400, "UAR-10011")
    assert right.status_code == 201


def test_put_obeys_the_same_rules(service, bob, number):
    body = bob.me() | {"phoneNumbers": [{"type": "mobile", "value": number}]}

    answer = bob.call("PUT", "/scim2/Me", body)

    assert answer.status_code == 200
    assert (mobile_of(answer.json()), pending_of(answer.json())) == ("0111111111", number)
    assert bob.validate(service.code_for(number)).status_code == 200


def test_what_is_pending_is_listed_masked_and_can_be_given_up(service, bob, number):
    bob.set_mobile("/scim2/Me", number)
    code = service.code_for(number)

    listed = bob.call("GET", f"{CODES}/me/verifications").json()["verifications"]

    assert len(listed) == 1
    assert listed[0]["target"] == f"********{number[-2:]}"
    assert listed[0]["scenario"] == "MOBILE_VERIFICATION_ON_UPDATE"
    assert (listed[0]["attemptsLeft"], listed[0]["sendsLeft"], listed[0]["resendAfter"]) == (5, 4, 0)
    canceled = bob.call("DELETE", f"{CODES}/me/verifications/{listed[0]['id']}")
    assert (canceled.status_code, canceled.content) == (204, b"")
    assert pending_of(bob.me()) is None
    assert bob.validate(code).json()["code"] == "18001"
