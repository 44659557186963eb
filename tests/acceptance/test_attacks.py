"""What an attacker tries on a running service of two HTTP processes: guessing, asking around, bad gateways."""

from __future__ import annotations

import re
from collections import Counter, deque
from uuid import uuid4

import pytest
import requests

from tests.factories.gateways import API_KEY, API_SECRET, GARBAGE, Misbehaviour, Reply, VonageGateway, too_many
from tests.factories.openid import basic
from tests.factories.people import CODES, ON_UPDATE, scenario, wrong
from tests.factories.processes import wait_until
from tests.factories.realms import LIST, Realm, attempts_left
from tests.factories.servers import code_in, mobile_of

pytestmark = pytest.mark.acceptance

PASSWORD = "a horse with batteries"
LIE = Reply(200, {"message-count": "1", "messages": [{"status": "5", "error-text": "Internal error"}]})
BAD = {
    "hangs": Misbehaviour.HANG,
    "closes after accepting": Misbehaviour.CLOSE,
    "lies": LIE,
    "fails": Reply(500, {}),
    "asks for a pause": too_many("1"),
    "answers no HTTP": GARBAGE,
}
# A wrong password, a user who may not sign in, one who has no password, and nobody.
REFUSED = [("member", "not my password"), ("former", PASSWORD), ("without", PASSWORD), ("nobody", PASSWORD)]
# What tells two requests apart and nobody anything.
PASSING = {"date", "x-request-id", "set-cookie"}


class Mischief(VonageGateway):
    """Behaves badly towards chosen numbers, once each, and then as it should."""

    def __init__(self):
        self.planned = {}
        super().__init__()

    def _respond(self, received):
        planned = self.planned.get(received.body.get("to"))
        return planned.popleft() if planned else super()._respond(received)

    def texts_to(self, number):
        return [item.body["text"] for item in self.received if item.body["to"] == number.lstrip("+")]

    def code_to(self, number, count=1):
        wait_until(lambda: len(self.texts_to(number)) >= count, 30)
        return code_in(self.texts_to(number)[count - 1])


@pytest.fixture(scope="module")
def gateway():
    with Mischief() as running:
        yield running


@pytest.fixture(scope="module")
def realm(gateway, tmp_path_factory):
    vonage = {"vonage_api_key": API_KEY, "vonage_api_secret": API_SECRET, "vonage_sender": "Lineproof"}
    sms = {"sms_providers": "vonage", "vonage_base_url": gateway.url, **vonage}
    made = Realm.make(tmp_path_factory.mktemp("realm"), {**sms, "otp_resend_cooldown": "0"})
    made.service.start()
    yield made
    made.service.process.stop()


def privileged(client, code, name=None):
    named = {"user": {"username": name}} if name else {}
    return client.call("POST", f"{CODES}/validate-code", {"code": code, **named})


def code_of(answer):
    return answer.json()["code"]


def told(answer):
    """Return all that an answer tells: its status, its headers, and its body but for the id of the trace."""
    headers = sorted((name.lower(), value) for name, value in answer.headers.items() if name.lower() not in PASSING)
    return answer.status_code, tuple(headers), re.sub(r'"traceId":"[^"]+"', "", answer.text)


def assert_alike(answers):
    assert len({told(answer) for answer in answers}) == 1, [(answer.status_code, answer.text) for answer in answers]


def test_privileged_guesses_across_users_are_throttled(realm, gateway):
    numbers = [f"+9477200000{n}" for n in range(6)]
    users = [realm.add_asking(f"guessed{n}", number) for n, number in enumerate(numbers)]
    codes = [gateway.code_to(number) for number in numbers]
    guesser = realm.client("guesser")

    answers = [privileged(guesser, wrong(codes[n % 6]), f"guessed{n % 6}") for n in range(24)]
    resent = guesser.call("POST", f"{CODES}/resend-code", {"user": {"username": "guessed5"}, **scenario(ON_UPDATE)})
    codes[5] = gateway.code_to(numbers[5], 2)
    late = [privileged(guesser, codes[5], name) for name in ("guessed5", None, "nobody")]

    assert Counter(map(code_of, answers)) == {"18001": 20, "OTP_ATTEMPTS": 4}
    assert resent.status_code == 201
    assert {(answer.status_code, code_of(answer)) for answer in late} == {(429, "OTP_ATTEMPTS")}
    assert all(0 < int(answer.headers["Retry-After"]) <= 600 for answer in late)
    # What was refused was compared with nothing, and nobody else is held up.
    assert sum(5 - attempts_left(user) for user in users) == 20
    assert privileged(realm.client("another"), codes[5]).status_code == 200


def test_guesses_without_a_name_are_throttled_and_cost_no_user_anything(realm, gateway):
    user = realm.add_asking("unnamed", "+94773000001")
    code = gateway.code_to("+94773000001")
    guesser = realm.client("blind")

    answers = [privileged(guesser, wrong(code)) for _ in range(22)]

    assert Counter(map(code_of, answers)) == {"18001": 20, "OTP_ATTEMPTS": 2}
    assert attempts_left(user) == 5
    assert user.validate(code).status_code == 200


def test_a_wrong_code_is_answered_alike_whatever_makes_it_wrong(realm, gateway):
    live, idle = realm.add_asking("live", "+94774000001"), realm.user(realm.add_user("idle"))
    used, moved = realm.add_asking("used", "+94774000002"), realm.add_asking("moved", "+94774000003")
    code, spent = gateway.code_to("+94774000001"), gateway.code_to("+94774000002")
    superseded = gateway.code_to("+94774000003")
    assert used.validate(spent).status_code == 200
    assert moved.set_mobile("/scim2/Me", "+94774000004").status_code == 200
    asker = realm.client("asker")

    own = [live.validate(wrong(code)), idle.validate(wrong(code)), idle.validate(code), used.validate(spent)]
    own += [moved.validate(superseded), moved.validate("no code"), idle.validate("")]
    others = [privileged(asker, text) for text in (wrong(code), spent, superseded)]
    others += [privileged(asker, wrong(code), name) for name in ("live", "idle", "used")]

    assert_alike(own)
    assert_alike(others)
    assert {(answer.status_code, code_of(answer)) for answer in own + others} == {(400, "18001")}


def test_a_user_learns_nothing_of_other_users(realm, gateway):
    known = realm.add_user("known", phoneNumbers=[{"type": "mobile", "value": "+94775000001"}])
    theirs = realm.add_asking("theirs", "+94775000002")
    (pending,) = theirs.call("GET", LIST).json()["verifications"]
    curious = realm.user(realm.add_user("curious"))
    unknown = str(uuid4())

    for method in ("GET", "DELETE"):
        assert_alike([curious.call(method, f"/scim2/Users/{user_id}") for user_id in (known, unknown)])
    assert_alike([curious.set_mobile(f"/scim2/Users/{user_id}", "+94775000003") for user_id in (known, unknown)])
    assert_alike([curious.call("GET", f'/scim2/Users?filter=userName eq "{name}"') for name in ("known", "absent")])
    assert_alike([curious.call("DELETE", f"{LIST}/{number}") for number in (pending["id"], unknown)])
    # The number of somebody else may be asked for: whose it is, if anybody's, is not told.
    for number in ("+94775000001", "+94775000009"):
        assert curious.set_mobile("/scim2/Me", number).status_code == 200
    assert attempts_left(theirs) == 5


def test_a_stranger_learns_of_no_user_client_or_token(realm):
    realm.add_user("member", password=PASSWORD, emails=[{"value": "member@example.com", "primary": True}])
    realm.add_user("former", password=PASSWORD, active=False)
    realm.add_user("without")
    added = realm.service.command("client", "add", "Shop", "--scope", "internal_login internal_user_mgt_view")
    client_id, secret = (line.partition("=")[2] for line in added.splitlines()[:2])

    assert_alike([sign_in(realm, name, word) for name, word in REFUSED])
    assert_alike([ask_token(realm, name, word) for name, word in ((client_id, "wrong"), ("nobody", secret))])
    for path in ("introspect", "revoke"):
        assert_alike(
            [
                post(realm, path, basic(client_id, word), token="x")
                for client_id, word in ((client_id, "wrong"), ("nobody", secret))
            ]
        )
    good = basic(client_id, secret)
    assert_alike([post(realm, "introspect", good, token=token) for token in ("none", "eyJhbGciOiJub25lIn0.e30.")])
    assert_alike(
        [post(realm, "token", good, grant_type="refresh_token", refresh_token=token) for token in ("a", "b" * 43)]
    )
    assert ask_token(realm, client_id, secret).status_code == 200


def sign_in(realm, name, password):
    """Give a name and a password on the page; the name typed and the form's token are no answer."""
    browser = realm.browser()
    form = browser.get("/sign-in").form_with("password")
    answer = browser.post(form, user_name=name, password=password)
    assert answer.status_code == 422
    assert "session" not in "".join(browser.session.cookies.keys())
    answer._content = re.sub(rf'value="({re.escape(name)}|[^"]{{40,}})"', "", answer.text).encode()
    answer.headers.pop("Content-Length", None)
    return answer


def ask_token(realm, client_id, secret):
    return post(realm, "token", basic(client_id, secret), grant_type="client_credentials")


def post(realm, path, authorization, **fields):
    headers = {"Authorization": authorization}
    return requests.post(f"{realm.service.url}/oauth2/{path}", data=fields, headers=headers, timeout=20)


def test_a_code_arrives_once_its_gateway_recovers_and_every_retry_has_the_same(realm, gateway):
    numbers = {what: f"+9471{n}000001" for n, what in enumerate(BAD)}
    gateway.planned |= {numbers[what].lstrip("+"): deque([behaviour]) for what, behaviour in BAD.items()}

    users = {what: realm.add_asking(what, number) for what, number in numbers.items()}
    codes = {what: gateway.code_to(number, 2) for what, number in numbers.items()}

    assert {what: len(set(gateway.texts_to(number))) for what, number in numbers.items()} == dict.fromkeys(BAD, 1)
    assert {what: user.validate(codes[what]).status_code for what, user in users.items()} == dict.fromkeys(BAD, 200)
    assert {what: mobile_of(user.me()) for what, user in users.items()} == numbers
