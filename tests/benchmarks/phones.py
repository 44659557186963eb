"""A phone number's whole way: a PATCH asks for it, the message is carried, the code in it comes back.

Each user takes each step once a slot, so every PATCH finds a user with nothing pending, starts a verification and
writes a delivery and audit events, and every code is the first one tried.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.calls import Call, compact
from tests.benchmarks.gateway import received
from tests.benchmarks.load import Mode
from tests.benchmarks.measures import USERS, patched
from tests.benchmarks.people import mobile, user_id
from tests.benchmarks.samples import Sample

if TYPE_CHECKING:
    from tests.benchmarks.gateway import Received
    from tests.benchmarks.load import Generator
    from tests.benchmarks.sites import Site

PATCH = "PATCH of a phone"
DELIVERY = "delivery of a code"
CHECK = "validate-code"
STEPS = (PATCH, DELIVERY, CHECK)
BARE_LOOP = "bare loop"
VALIDATE_PATH = "/api/identity/user/v1.0/me/validate-code"
_ARRIVED_WITHIN = 60.0
_POLL = 0.05
_LAST_WAVE = 49
_LONGEST = 1.0
"""Seconds that a step may take on a busy machine."""
_FEWEST = 100


def new_mobile(site: Site, number: int, wave: int) -> Call:
    """PATCH the mobile number of a user, in the guide's form."""
    value = {"phoneNumbers": [{"type": "mobile", "value": mobile(number, wave)}]}
    return patched(site, f"{USERS}/{user_id(number)}", {"op": "replace", "value": value})


@dataclass(slots=True)
class Cycle:
    """The three steps on one site, with the same users in each slot."""

    site: Site
    load: Generator
    gateway_url: str
    users: int
    """How many of them, at most."""
    tokens: dict[int, str] = field(default_factory=dict, repr=False)
    wave: int = 0

    def __post_init__(self) -> None:
        picked = range(0, self.site.plan.users, max(1, self.site.plan.users // self.users))[: self.users]
        self.tokens = {number: self.site.user_token(user_id(number)) for number in picked}

    def run(self) -> dict[str, Sample]:
        """Take all users through the three steps; fewer from the second turn on where that takes long."""
        self.wave += 1
        if self.wave > _LAST_WAVE:
            raise ValueError("the numbers of this many rounds are not made up yet")
        calls = [new_mobile(self.site, number, self.wave) for number in self.tokens]
        changed = self._send(calls)
        if self.wave == 1:
            kept = max(_FEWEST, int(changed.rate * _LONGEST))
            self.tokens = dict(list(self.tokens.items())[:kept])
        messages, delivered = self._deliver(len(calls))
        codes = {message.number: message.code for message in messages}
        checks = [
            Call("POST", VALIDATE_PATH, compact({"code": codes[phone], "properties": []}), token)
            for number, token in self.tokens.items()
            if (phone := mobile(number, self.wave)) in codes
        ]
        return {PATCH: changed, DELIVERY: delivered, CHECK: self._send(checks)}

    def _send(self, calls: list[Call]) -> Sample:
        return self.site.metered(lambda: self.load.send(self.site.url, calls, Mode.ONCE, 0))

    def _deliver(self, expected: int) -> tuple[list[Received], Sample]:
        messages: list[Received] = []
        with self.site.delivering():
            deadline = time.monotonic() + _ARRIVED_WITHIN
            while len(messages) < expected and time.monotonic() < deadline:
                time.sleep(_POLL)
                messages += received(self.gateway_url)
        # It has settled what it had carried, so a message that comes twice has come by now.
        messages += received(self.gateway_url)
        times = Counter(message.number for message in messages)
        span = messages[-1].at - messages[0].at if len(messages) > 1 else 0.0
        faults = sum(count - 1 for count in times.values()) + expected - len(times)
        return messages, Sample((len(messages) - 1) / span if span else 0.0, len(messages), faults)


def bare_posts(gateway_url: str, count: int) -> Sample:
    """Send as many messages by a bare loop of `requests`, on as many threads as the worker has."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.posting", f"{gateway_url}/messages", str(count)],
        capture_output=True,
        text=True,
        check=True,
        timeout=_ARRIVED_WITHIN,
    )
    received(gateway_url)
    return Sample(json.loads(done.stdout)["rate"], count)
