"""The primary dies under load and the standby takes over: nothing that was acknowledged is lost."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from persistence.migrations import upgrade
from tests.factories.gateways import Gateway
from tests.factories.postgresql import find_binaries
from tests.factories.processes import wait_until
from tests.factories.servers import PATCH_SCHEMA, WSO2, Client, Service, code_in, mobile_of, pending_of
from tests.factories.standby import running_pair
from tests.factories.verification import key_ring

if TYPE_CHECKING:
    import requests

pytestmark = [pytest.mark.acceptance, pytest.mark.postgresql, pytest.mark.slow]

DATABASE = "lineproof"
OUTAGE = 1.0
# How many acknowledged changes of each client there are before the failure, and after the promotion.
ENOUGH = 10
VALIDATE = "/api/identity/user/v1.0/validate-code"
NO_LIMITS = {
    "otp_resend_cooldown": "0",
    "otp_max_sends_per_hour": "0",
    "otp_max_sends_per_day": "0",
    "otp_max_sends_per_number": "0",
    "otp_max_sends_per_ip": "0",
    "otp_max_sends_per_prefix": "0",
    "privileged_max_wrong": "0",
}


@dataclass(frozen=True)
class Asked:
    """A request and how it was answered."""

    method: str
    path: str
    began: float
    ended: float
    status: int


@dataclass
class Load:
    """Clients that each go on changing something of their own until they are told to stop."""

    client: Client
    gateway: Gateway
    stopping: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """Send a request, and keep how it was answered."""
        began = time.monotonic()
        answer = self.client.call(method, path, body)
        self.asked.append(Asked(method, path, began, time.monotonic(), answer.status_code))
        return answer

    def run(self, client: Renamer | Mover | Poster) -> None:
        """Let a client take one turn after the other."""
        while not self.stopping.is_set():
            client.turn()
            client.turns += 1

    def number(self) -> str:
        """Return a number that nobody else has."""
        return f"07{next(self.numbers):08d}"

    def code_for(self, number: str) -> str:
        """Wait for the message to a number."""
        found = []

        def has_come():
            found[:] = [item.body["content"] for item in self.gateway.received if item.body["to"] == number]
            return bool(found)

        wait_until(has_come, 30)
        return code_in(found[0])


@dataclass
class Renamer:
    """Changes the displayName of one user."""

    load: Load
    user: dict
    turns: int = 0
    acknowledged: str = ""

    def turn(self) -> None:
        name = f"name {self.turns}"
        answer = self.load.ask("PATCH", f"/scim2/Users/{self.user['id']}", _replace({"displayName": name}))
        assert answer.status_code == 200, answer.text
        self.acknowledged = name


@dataclass
class Mover:
    """Changes the phone number of one user, and proves it."""

    load: Load
    user: dict
    turns: int = 0
    acknowledged: str = ""

    def turn(self) -> None:
        number = self.load.number()
        value = {"phoneNumbers": [{"type": "mobile", "value": number}]}
        answer = self.load.ask("PATCH", f"/scim2/Users/{self.user['id']}", _replace(value))
        assert answer.status_code == 200, answer.text
        assert pending_of(answer.json()) == number
        named = {"user": {"username": self.user["userName"]}}
        checked = self.load.ask("POST", VALIDATE, {"code": self.load.code_for(number), **named})
        assert checked.status_code == 200, checked.text
        self.acknowledged = number


@dataclass
class Poster:
    """Adds users whose numbers are to be verified."""

    load: Load
    name: str
    turns: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)

    def turn(self) -> None:
        phones = {"phoneNumbers": [{"type": "mobile", "value": self.load.number()}], WSO2: {"verifyMobile": True}}
        user_name = f"{self.name}-{self.turns}"
        answer = self.load.ask("POST", "/scim2/Users", {"userName": user_name, **phones})
        assert answer.status_code == 201, answer.text
        self.acknowledged[answer.json()["id"]] = user_name


def _replace(value: object) -> dict[str, object]:
    return {"schemas": [PATCH_SCHEMA], "Operations": [{"op": "replace", "value": value}]}


@pytest.fixture
def pair():
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("there is no PostgreSQL: install the development dependencies, or set PGBIN")
    with running_pair(binaries) as running:
        running.primary.execute(f"CREATE DATABASE {DATABASE}")
        upgrade(running.primary.url(DATABASE))
        yield running


@pytest.fixture
def gateway():
    with Gateway() as running:
        yield running


@pytest.fixture
def service(pair, gateway, tmp_path):
    keys = {"master_keys": key_ring("k1").export(), "issuer_keys": generate_issuer_keys()}
    sms = {"sms_providers": "custom", "custom_url": gateway.url}
    # Only codes go to the gateway: they are counted below.
    settings = {"database_url": pair.url(DATABASE), **keys, **sms, **NO_LIMITS, "notices": "none"}
    running = Service(tmp_path, settings=settings, arguments=("serve", "--workers", "2")).start()
    yield running
    running.process.stop()


def test_nothing_acknowledged_is_lost_when_the_standby_takes_over(pair, gateway, service):
    load = Load(service.admin(), gateway)
    users = [load.ask("POST", "/scim2/Users", {"userName": f"user{n}"}).json() for n in range(4)]
    renamers, movers = [Renamer(load, user) for user in users[:2]], [Mover(load, user) for user in users[2:]]
    posters = [Poster(load, name) for name in ("ann", "ben")]
    clients = [*renamers, *movers, *posters]

    def wait_for_turns(running):
        wanted = [client.turns + ENOUGH for client in clients]

        def have_been_taken():
            for ended in (each for each in running if each.done()):
                ended.result()
            return all(client.turns >= enough for client, enough in zip(clients, wanted, strict=True))

        wait_until(have_been_taken, 30)

    with ThreadPoolExecutor(len(clients)) as pool:
        try:
            running = [pool.submit(load.run, client) for client in clients]
            wait_for_turns(running)
            pair.fail()
            time.sleep(OUTAGE)
            pair.promote()
            promoted_at = time.monotonic()
            wait_for_turns(running)
        finally:
            load.stopping.set()
        for each in running:
            each.result(30)

    # What was asked for in the outage was answered late, and nobody has noticed anything else.
    assert [each for each in load.asked if each.status not in {200, 201}] == []
    assert [each for each in load.asked if each.began < promoted_at < each.ended] != []
    assert [line for line in service.process.errors if "unexpected" in line] == []

    # Everything that was acknowledged is there.
    for client in [*renamers, *movers]:
        shown = load.ask("GET", f"/scim2/Users/{client.user['id']}").json()
        assert client.acknowledged == (shown["displayName"] if client in renamers else mobile_of(shown))
        assert pending_of(shown) is None
    stored = dict(pair.standby.execute("SELECT id, name_key FROM resources", DATABASE))
    acknowledged = {user["id"]: user["userName"] for user in users}
    for poster in posters:
        acknowledged |= poster.acknowledged
    assert stored == acknowledged

    # Every code belongs to what is stored, was sent once, and all of them were sent.
    wait_until(lambda: not pair.standby.execute("SELECT 1 FROM deliveries WHERE status = 'queued'", DATABASE))
    rows = "SELECT d.id, v.target_key FROM deliveries d JOIN verifications v ON v.id = d.verification_id"
    sent = sorted((item.headers["idempotency-key"], item.body["to"]) for item in gateway.received)
    assert sent == sorted(pair.standby.execute(f"{rows} WHERE d.status = 'sent'", DATABASE))
    assert len({number for _, number in sent}) == len(sent)
