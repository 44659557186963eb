"""Clients that go on changing what is theirs while the service is killed, and remember what was acknowledged."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

import requests

from tests.factories.servers import PATCH_SCHEMA, WSO2, Client, code_in, mobile_of

if TYPE_CHECKING:
    from tests.factories.http_gateway import Received

_PATIENCE = 120.0
_PAUSE = 0.02
_BETWEEN_POSTS = 0.05
"""Seconds between two users, so that codes are not asked for faster than one worker sends them."""
_numbers = count(1)


class Stopped(Exception):
    """The load is to end."""


class Actor(Protocol):
    """Somebody who does one thing after the other."""

    turns: int

    @property
    def changes(self) -> int:
        """Return how many changes were acknowledged."""

    def turn(self) -> None:
        """Do one thing."""

    def lost(self, client: Client) -> list[str]:
        """Return what was acknowledged and is not there."""


@dataclass
class Inbox:
    """The first message to each number."""

    texts: dict[str, str] = field(default_factory=dict)

    def take(self, received: Received) -> None:
        """Keep a message."""
        self.texts.setdefault(received.body["to"], received.body["content"])


@dataclass
class Load:
    """The clients, and where their codes come to."""

    client: Client
    inbox: Inbox
    stopping: threading.Event = field(default_factory=threading.Event)
    cut_off: int = 0
    """Requests whose answer was never seen."""

    def run(self, actor: Actor) -> None:
        """Let somebody take one turn after the other."""
        with suppress(Stopped):
            while True:
                actor.turn()
                actor.turns += 1

    def ask(self, method: str, path: str, body: object) -> requests.Response | None:
        """Send a request; None where nobody knows whether it was done."""
        if self.stopping.is_set():
            raise Stopped
        try:
            answer = self.client.call(method, path, body)
        except requests.RequestException:
            self.cut_off += 1
            time.sleep(_PAUSE)
            return None
        if answer.status_code == requests.codes.service_unavailable:
            time.sleep(_PAUSE)
            return None
        return answer

    def code_for(self, number: str, seconds: float = _PATIENCE) -> str:
        """Wait for the message to a number."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if number in self.inbox.texts:
                return code_in(self.inbox.texts[number])
            if self.stopping.is_set():
                raise Stopped
            time.sleep(_PAUSE)
        raise AssertionError(f"no code came to {number} within {seconds:.0f} seconds")


def new_number() -> str:
    """Return a number that nobody else has."""
    return f"+9471{next(_numbers):07d}"


@dataclass
class Mover:
    """Changes the number of one user and proves it: what was acknowledged last is the number, or the one after it."""

    load: Load
    user_id: str
    user_name: str
    turns: int = 0
    acknowledged: str | None = None
    attempted: str | None = None

    @property
    def changes(self) -> int:
        """Return how many changes were acknowledged: of each number the request and the check."""
        return 2 * self.turns

    def turn(self) -> None:
        """Ask for a number and submit its code, both until the service says that it is done."""
        number = new_number()
        self.attempted = number
        path, value = f"/scim2/Users/{self.user_id}", {"phoneNumbers": [{"type": "mobile", "value": number}]}
        body = {"schemas": [PATCH_SCHEMA], "Operations": [{"op": "replace", "value": value}]}
        while (answer := self.load.ask("PATCH", path, body)) is None:
            pass
        _expect(answer, 200)
        body = {"code": self.load.code_for(number), "user": {"username": self.user_name}}
        is_repeated = False
        while (answer := self.load.ask("POST", "/api/identity/user/v1.0/validate-code", body)) is None:
            is_repeated = True
        # A check that was cut off may have been done: then the code is used, and the number shows it.
        if not (is_repeated and answer.status_code == 400):
            _expect(answer, 200)
        self.acknowledged = number

    def lost(self, client: Client) -> list[str]:
        """Return the acknowledged number where it is not there."""
        shown = mobile_of(client.call("GET", f"/scim2/Users/{self.user_id}").json())
        return [] if shown in {self.acknowledged, self.attempted} else [f"{self.user_name}: {self.acknowledged}"]


@dataclass
class Poster:
    """Adds users to whose numbers codes go."""

    load: Load
    name: str
    turns: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """Return how many users were acknowledged."""
        return len(self.acknowledged)

    def turn(self) -> None:
        """Add a user."""
        time.sleep(_BETWEEN_POSTS)
        user_name = f"{self.name}-{self.turns}"
        phones = {"phoneNumbers": [{"type": "mobile", "value": new_number()}], WSO2: {"verifyMobile": True}}
        answer = self.load.ask("POST", "/scim2/Users", {"userName": user_name, **phones})
        if answer is not None:
            _expect(answer, 201)
            self.acknowledged[answer.json()["id"]] = user_name

    def lost(self, client: Client) -> list[str]:
        """Return the users who are not there."""
        found = {user_id: client.call("GET", f"/scim2/Users/{user_id}") for user_id in self.acknowledged}
        return [self.acknowledged[user_id] for user_id, answer in found.items() if not answer.ok]


def _expect(answer: requests.Response, status: int) -> None:
    if answer.status_code != status:
        raise AssertionError(f"answered {answer.status_code} instead of {status}: {answer.text}")
