"""What a custom policy of Azure AD B2C calls: claims in, claims out, errors by 409."""

from __future__ import annotations

import base64

import pytest

from api.auth.scopes import Scope
from api.services.callers import Caller
from api.services.clients import NewClient
from tests.factories.people import ANN, add_person, wrong
from tests.factories.tree import ROOT

B2C = "/api/identity/b2c/v1.0"
NEW = "0199999999"
SCOPES = frozenset({Scope.USER_CODE_CREATE, Scope.USER_UPDATE})


@pytest.fixture
def bob(application):
    return add_person(application, externalId="tenant-object-7")


class Policy:
    """A policy, which authenticates in one of two ways."""

    def __init__(self, application, authorization):
        self.application = application
        self.headers = {"Authorization": authorization}

    def call(self, step, **claims):
        return self.application.app.test_client().post(f"{B2C}/{step}", json=claims, headers=self.headers)

    def begin(self, **claims):
        answer = self.call("send-code", phoneNumber=NEW, **claims)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()["phoneFlow"]


def basic(application, scopes=SCOPES, secret=None):
    operator = Caller("tests", None, "request")
    client, made = application.services.clients.add(NewClient(name="b2c", scopes=scopes), operator)
    credentials = base64.b64encode(f"{client.id}:{secret or made}".encode()).decode()
    return Policy(application, f"Basic {credentials}")


def bearer(application):
    return Policy(application, f"Bearer {application.client_token(SCOPES)}")


@pytest.mark.parametrize("how", [basic, bearer])
@pytest.mark.parametrize("name", ["objectId", "externalId", "signInName"])
def test_a_policy_verifies_and_persists_a_number(application, bob, how, name):
    policy = how(application)
    claims = {"objectId": {"objectId": bob.id}, "externalId": {"objectId": "tenant-object-7"}}.get(name)
    sent = policy.call("send-code", phoneNumber=NEW, **(claims or {"signInName": "bob"})).get_json()
    proved = policy.call("verify-code", phoneFlow=sent["phoneFlow"], verificationCode=application.last_code())
    persisted = policy.call("persist-number", phoneFlow=sent["phoneFlow"])

    assert sent["phoneNumberMasked"] == "********99"
    assert proved.get_json() == {"strongAuthenticationPhoneNumber": NEW, "phoneNumberVerified": True}
    assert persisted.get_json() == {"objectId": bob.id}
    numbers = bob.numbers()
    assert (numbers.primary, numbers.is_verified, numbers.verified) == (NEW, True, (NEW,))


@pytest.mark.parametrize(
    ("step", "claims", "code"),
    [
        ("send-code", {"objectId": "nobody", "phoneNumber": NEW}, "UAR-10012"),
        ("send-code", {"signInName": "nobody", "phoneNumber": NEW}, "UAR-10012"),
        ("send-code", {"signInName": "bob", "phoneNumber": "call me"}, "INVALID_VALUE"),
        ("send-code", {"signInName": "bob"}, "INVALID_REQUEST"),
        ("send-code", {"phoneNumber": NEW}, "INVALID_REQUEST"),
        ("send-code", {"phoneFlow": "x.y"}, "FLOW_NOT_FOUND"),
        ("verify-code", {"phoneFlow": "x.y", "verificationCode": "1"}, "FLOW_NOT_FOUND"),
        ("verify-code", {}, "INVALID_REQUEST"),
        ("persist-number", {"phoneFlow": "x.y"}, "FLOW_NOT_FOUND"),
    ],
)
def test_what_the_user_is_to_know_comes_as_409(application, bob, step, claims, code):
    answer = bearer(application).call(step, **claims)
    body = answer.get_json()

    assert answer.status_code == 409
    assert (body["version"], body["status"], body["code"]) == ("1.0.0", 409, code)
    assert body["userMessage"]
    assert set(body) == {"version", "status", "code", "userMessage", "requestId"}


def test_a_wrong_code_is_told_and_five_end_the_flow(application, bob):
    policy = bearer(application)
    flow = policy.begin(objectId=bob.id)
    code = application.last_code()

    answers = [policy.call("verify-code", phoneFlow=flow, verificationCode=wrong(code)) for _ in range(5)]

    assert {answer.get_json()["code"] for answer in answers} == {"18001"}
    assert policy.call("verify-code", phoneFlow=flow, verificationCode=code).get_json()["code"] == "FLOW_NOT_FOUND"


def test_another_code_can_be_had_after_the_cooldown(application, bob):
    policy = bearer(application)
    flow = policy.begin(objectId=bob.id)
    first = application.last_code()
    early = policy.call("send-code", phoneFlow=flow)
    application.clock.move(seconds=30)

    assert (early.status_code, early.headers["Retry-After"]) == (409, "30")
    assert policy.call("send-code", phoneFlow=flow).get_json()["phoneFlow"] == flow
    assert policy.call("verify-code", phoneFlow=flow, verificationCode=first).status_code == 409
    assert policy.call("verify-code", phoneFlow=flow, verificationCode=application.last_code()).status_code == 200


def test_nothing_is_persisted_that_is_not_proved_and_nothing_twice(application, bob):
    policy = bearer(application)
    flow = policy.begin(objectId=bob.id)
    early = policy.call("persist-number", phoneFlow=flow)
    policy.call("verify-code", phoneFlow=flow, verificationCode=application.last_code())
    once, twice = (policy.call("persist-number", phoneFlow=flow).status_code for _ in range(2))

    assert (early.status_code, once, twice) == (409, 200, 409)


def test_a_flow_is_its_clients_alone(application, bob):
    flow = bearer(application).begin(objectId=bob.id)
    answer = basic(application).call("verify-code", phoneFlow=flow, verificationCode=application.last_code())

    assert answer.get_json()["code"] == "FLOW_NOT_FOUND"


def test_a_flow_that_is_not_finished_changes_nothing(application, bob):
    bearer(application).begin(objectId=bob.id)

    assert (bob.numbers().primary, bob.numbers().pending) == (ANN, None)


@pytest.mark.parametrize(
    "authorization",
    ["Basic", "Basic !", "Basic bm9ib2R5", "Basic bm9ib2R5OnNlY3JldA==", "Bearer x", ""],
)
def test_who_is_not_known_is_shut_out(application, bob, authorization):
    answer = Policy(application, authorization).call("send-code", objectId=bob.id, phoneNumber=NEW)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_opens_nothing(application, bob):
    assert basic(application, secret="wrong").call("send-code", phoneNumber=NEW, objectId=bob.id).status_code == 401


def test_a_client_needs_the_scopes(application, bob):
    policy = basic(application, frozenset({Scope.USER_CODE_CREATE}))
    flow = policy.begin(objectId=bob.id)
    policy.call("verify-code", phoneFlow=flow, verificationCode=application.last_code())

    assert policy.call("persist-number", phoneFlow=flow).status_code == 403


def test_basic_opens_no_other_door(application, bob):
    policy = basic(application, frozenset(Scope) - {Scope.LOGIN})

    answer = application.app.test_client().get(bob.path, headers=policy.headers)

    assert answer.status_code == 401


def test_the_guide_names_the_paths_that_there_are(application):
    text = (ROOT / "docs" / "azure-ad-b2c.md").read_text()
    rules = [rule.rule for rule in application.app.url_map.iter_rules() if rule.rule.startswith(B2C)]

    assert len(rules) == 3
    assert all(f"`{rule.removeprefix(B2C + '/')}`" in text for rule in rules)


def test_a_persisted_number_is_told_and_not_while_changes_are_blocked(application, bob):
    policy = bearer(application)
    first = policy.begin(objectId=bob.id)
    policy.call("verify-code", phoneFlow=first, verificationCode=application.last_code())
    policy.call("persist-number", phoneFlow=first)
    application.deliver()
    told = [message.to for message in application.notices.messages]
    second = policy.begin(objectId=bob.id)
    policy.call("verify-code", phoneFlow=second, verificationCode=application.last_code())
    (change,) = application.services.reverts.list_of(bob.id)
    application.services.reverts.revert_for_another(change.id, Caller("tests", None, "request"))

    refused = policy.call("persist-number", phoneFlow=second)

    assert told == [ANN]
    assert (refused.status_code, refused.get_json()["code"]) == (409, "CHANGES_BLOCKED")
