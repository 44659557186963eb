"""Two servers and two workers on one database: each rule of the engine holds across them."""

from __future__ import annotations

import itertools
import time
from collections import Counter

import pytest

from tests.factories.clusters import running_cluster
from tests.factories.databases import TEMPLATE
from tests.factories.people import CODES, ON_UPDATE, scenario, wrong
from tests.factories.servers import WSO2, mobile_of, pending_of

pytestmark = [pytest.mark.acceptance, pytest.mark.postgresql, pytest.mark.slow]

DATABASE = "two_servers"
# Codes an hour. More writers of one user than a change has tries may be asked to come again, so the limit is below.
HOURLY = 6
WRITERS = 10
FIRST, SECOND = 0, 1
A_MINUTE_AGO = "UPDATE verifications SET sent_at = sent_at - interval '1 minute' WHERE user_id = %s"

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cluster(postgresql_server, tmp_path_factory):
    postgresql_server.execute(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")
    settings = {"otp_max_sends_per_hour": str(HOURLY)}
    with running_cluster(postgresql_server, DATABASE, tmp_path_factory.mktemp("servers"), **settings) as running:
        yield running
    postgresql_server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def number():
    return f"07{next(_numbers):08d}"


@pytest.fixture
def bob(cluster):
    """Return the id of a user of the test's own."""
    return cluster.add_user(f"bob{next(_numbers)}")


def statuses(answers):
    return Counter(answer.status_code for answer in answers)


def verifications_of(cluster, user_id):
    return cluster.rows(
        "SELECT id, target_text, status, generation, attempts, sends FROM verifications WHERE user_id = %s "
        "ORDER BY created_at, id",
        user_id,
    )


def live_of(cluster, user_id):
    return [row for row in verifications_of(cluster, user_id) if row[2] == "pending"]


def sent_to(cluster, user_id):
    """Return what the gateway got for a user: the verification and generation of each message."""
    cluster.wait_for_deliveries()
    rows = cluster.rows("SELECT id, verification_id, generation FROM deliveries WHERE user_id = %s", user_id)
    known = {delivery_id: (verification_id, generation) for delivery_id, verification_id, generation in rows}
    names = [message.headers["idempotency-key"] for message in cluster.gateway.received]
    return [known[name] for name in names if name in known]


def ask_for(cluster, user_id, new):
    """Ask for a new number and return the code that came to it."""
    assert cluster.user(user_id).set_mobile("/scim2/Me", new).status_code == 200
    (code,) = cluster.codes_to(new)
    return code


def resend(client, _=0):
    return client.call("POST", f"{CODES}/me/resend-code", scenario(ON_UPDATE))


def test_parallel_guesses_are_counted_up_to_the_maximum(cluster, bob):
    code = ask_for(cluster, bob, number())

    answers = cluster.race(cluster.user(bob), lambda client, _: client.validate(wrong(code)), 50)

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "18001")}
    assert [row[2:5] for row in verifications_of(cluster, bob)] == [("exhausted", 1, 5)]
    checked = "SELECT count(*) FROM audit_events WHERE subject_id = %s AND event = 'verification.checked'"
    counted = "SELECT count(*) FROM limit_entries WHERE subject = %s AND limit_name = 'OTP_DAILY'"
    assert (cluster.rows(checked, bob), cluster.rows(counted, bob)) == ([(5,)], [(5,)])
    assert cluster.user(bob, SECOND).validate(code).json()["code"] == "18001"
    assert pending_of(cluster.user(bob).me()) is None


def test_one_right_code_among_parallel_guesses_is_right_once_or_too_late(cluster, bob):
    new = number()
    code = ask_for(cluster, bob, new)

    def guess(client, turn):
        return client.validate(code if turn in {3, 4} else wrong(code))

    answers = cluster.race(cluster.user(bob), guess, 12)

    ((_, _, status, _, attempts, _),) = verifications_of(cluster, bob)
    is_right = statuses(answers)[200] == 1
    assert statuses(answers) == {200: 1, 400: 11} if is_right else {400: 12}
    assert (status, mobile_of(cluster.user(bob).me())) == (("approved", new) if is_right else ("exhausted", None))
    assert attempts <= 5


def test_of_parallel_requests_for_numbers_one_is_pending_and_the_hour_bounds_them(cluster, bob):
    asked = [number() for _ in range(WRITERS)]

    answers = cluster.race(
        cluster.user(bob), lambda client, turn: client.set_mobile("/scim2/Me", asked[turn]), len(asked)
    )

    assert statuses(answers) == {200: HOURLY, 429: WRITERS - HOURLY}
    assert all(int(answer.headers["Retry-After"]) > 3500 for answer in answers if answer.status_code == 429)
    rows = verifications_of(cluster, bob)
    assert Counter(row[2] for row in rows) == {"superseded": HOURLY - 1, "pending": 1}
    (live,) = live_of(cluster, bob)
    assert pending_of(cluster.user(bob, SECOND).me()) == live[1]
    sent = sent_to(cluster, bob)
    assert max(Counter(sent).values()) == 1
    assert (live[0], 1) in sent
    assert cluster.user(bob).validate(cluster.codes_to(live[1])[0]).status_code == 200


def test_parallel_requests_for_the_same_number_send_one_code(cluster, bob):
    new = number()

    answers = cluster.race(cluster.user(bob), lambda client, _: client.set_mobile("/scim2/Me", new), 12)

    assert statuses(answers) == {200: 12}
    assert [row[1:4] for row in verifications_of(cluster, bob)] == [(new, "pending", 1)]
    assert len(sent_to(cluster, bob)) == 1


def test_the_cooldown_holds_across_servers(cluster, bob):
    new = number()
    first = ask_for(cluster, bob, new)
    assert statuses(resend(cluster.user(bob, server)) for server in (FIRST, SECOND)) == {429: 2}
    cluster.rows(A_MINUTE_AGO, bob)

    answers = cluster.race(cluster.user(bob), resend, 16)

    assert statuses(answers) == {201: 1, 429: 15}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.json()["code"] for answer in refused} == {"OTP_COOLDOWN"}
    assert [row[2:] for row in verifications_of(cluster, bob)] == [("pending", 2, 0, 2)]
    assert cluster.codes_to(new, 2)[0] == first
    assert len(sent_to(cluster, bob)) == 2
    assert cluster.user(bob, SECOND).validate(cluster.codes_to(new, 2)[1]).status_code == 200


def test_changes_and_resends_at_once_leave_one_code_that_works(cluster, bob):
    asked = [number() for _ in range(3)]
    ask_for(cluster, bob, asked[0])
    cluster.rows(A_MINUTE_AGO, bob)

    def act(client, turn):
        return resend(client) if turn % 4 < 2 else client.set_mobile("/scim2/Me", asked[turn % 3])

    answers = cluster.race(cluster.user(bob), act, 12)

    assert set(statuses(answers)) <= {200, 201, 429}
    ((_, pending, *_),) = live_of(cluster, bob)
    assert pending_of(cluster.user(bob).me()) == pending
    sent = sent_to(cluster, bob)
    assert max(Counter(sent).values()) == 1
    assert len(sent) <= HOURLY
    codes = cluster.codes_to(pending)
    assert statuses(cluster.user(bob, SECOND).validate(code) for code in codes)[200] == 1


def test_no_code_is_sent_twice(cluster):
    asked = [number() for _ in range(40)]
    names = [f"crowd{new}" for new in asked]

    def add(client, turn):
        phones = {"phoneNumbers": [{"type": "mobile", "value": asked[turn]}], WSO2: {"verifyMobile": True}}
        return client.call("POST", "/scim2/Users", {"userName": names[turn], **phones})

    answers = cluster.race(cluster.client(), add, len(asked))

    assert statuses(answers) == {201: len(asked)}
    cluster.wait_for_deliveries()
    messages = [message for message in cluster.gateway.received if message.body["to"] in asked]
    assert sorted(message.body["to"] for message in messages) == sorted(asked)
    assert cluster.rows("SELECT count(*) FROM deliveries WHERE attempts > 1") == [(0,)]


def test_wrong_privileged_checks_are_counted_for_the_actor(cluster, bob):
    code = ask_for(cluster, bob, number())

    def guess(client, _=0):
        return client.call("POST", f"{CODES}/validate-code", {"code": wrong(code)})

    answers = cluster.race(cluster.client("guesser"), guess, 30)

    assert statuses(answers) == {400: 20, 429: 10}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.json()["code"] for answer in refused} == {"OTP_ATTEMPTS"}
    assert {guess(cluster.client("guesser", server)).status_code for server in (FIRST, SECOND)} == {429}
    assert {guess(cluster.client("another", server)).json()["code"] for server in (FIRST, SECOND)} == {"18001"}
    assert live_of(cluster, bob)[0][4] == 0


@pytest.mark.parametrize("deed", ["deactivate", "remove"])
def test_a_user_who_is_gone_on_one_server_is_refused_by_the_other_within_a_second(cluster, bob, deed):
    user, path = cluster.user(bob, SECOND), f"/scim2/Users/{bob}"
    assert user.call("GET", "/scim2/Me").status_code == 200

    if deed == "remove":
        assert cluster.client().call("DELETE", path).status_code == 204
    else:
        assert cluster.client().patch(path, {"active": False}).status_code == 200
    gone_at = time.monotonic()
    began = gone_at
    while user.call("GET", "/scim2/Me").status_code != 401:
        began = time.monotonic()

    # The last request that was let in had begun within the second.
    assert began - gone_at < 1
    assert user.call("GET", "/scim2/Me").headers["WWW-Authenticate"].endswith('error="invalid_token"')


def test_a_name_is_given_once(cluster):
    name = f"ann{next(_numbers)}"

    answers = cluster.race(
        cluster.client(), lambda client, _: client.call("POST", "/scim2/Users", {"userName": name}), 12
    )

    assert statuses(answers) == {201: 1, 409: 11}
    found = cluster.client().call("GET", f'/scim2/Users?filter=userName eq "{name}"').json()
    assert found["totalResults"] == 1


def test_no_update_is_lost(cluster, bob):
    mails = [f"{turn}@example.com" for turn in range(8)]

    def add(client, turn):
        return client.patch(f"/scim2/Users/{bob}", {"emails": [{"value": mails[turn]}]}, op="add")

    answers = cluster.race(cluster.client(), add, len(mails))

    assert statuses(answers) == {200: len(mails)}
    shown = cluster.client().call("GET", f"/scim2/Users/{bob}").json()
    assert sorted(mail["value"] for mail in shown["emails"]) == mails
    assert shown["meta"]["version"] == f'W/"{1 + len(mails)}"'


def test_a_known_version_is_changed_once(cluster, bob):
    path = f"/scim2/Users/{bob}"
    version = cluster.client().call("GET", path).headers["ETag"]

    def put(client, turn):
        body = {"userName": f"known{bob}", "displayName": f"name {turn}"}
        return client.call("PUT", path, body, headers={"If-Match": version})

    answers = cluster.race(cluster.client(), put, 12)

    assert statuses(answers) == {200: 1, 412: 11}
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert cluster.client(number=SECOND).call("GET", path).json() == won
