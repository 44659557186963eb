"""The real service as a process of its own: started with its command, called over HTTP, killed at will."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from api.auth.issuer import TokenIssuer
from api.auth.scopes import ALL_SCOPES, Scope
from api.clock import SystemClock
from api.commands.databases import user_id_of
from api.keys import load_keys
from api.settings import Settings

COMMAND = Path(sys.executable).parent / "lineproof"
PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WSO2 = "urn:scim:wso2:schema"
READY_WITHIN = 30.0
CALL_TIMEOUT = 20.0
LIFETIME = timedelta(hours=1)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data_dir: Path, port: int, **settings: str) -> dict[str, str]:
    """Return the environment of a service: this process's, without any setting but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LINEPROOF_")}
    ours = {"data_dir": str(data_dir), "port": str(port), **settings}
    return inherited | {f"LINEPROOF_{name.upper()}": value for name, value in ours.items()}


@dataclass
class Process:
    """A process whose standard output is read as it comes."""

    arguments: list[str]
    environ: dict[str, str]
    lines: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start it, in a session of its own."""
        self._process = subprocess.Popen(
            [str(COMMAND), *self.arguments],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors: list[str] = []
        streams = ((self._process.stdout, self.lines), (self._process.stderr, self.errors))
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True) for pair in streams]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: Any, kept: list[str]) -> None:
        with stream:
            for line in stream:
                # One by one, so that who waits for a line sees it at once.
                kept.append(line.rstrip("\n"))  # noqa: PERF401

    def wait_for_line(self, pattern: str, *, after: int = 0, within: float = READY_WITHIN) -> str:
        """Return the first line from a position on that matches; fail with all output where none comes."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for line in self.lines[after:]:
                if re.search(pattern, line):
                    return line
            if self._process.poll() is not None and not self.lines[after:]:
                break
            time.sleep(0.01)
        raise AssertionError(f"no line matches {pattern!r}; output: {self.lines[-20:]} errors: {self.errors[-20:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        self._read_out()

    def _read_out(self) -> None:
        # Children that outlive the process for a moment hold its output open.
        for reader in self._readers:
            reader.join(READY_WITHIN)

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.send(signal.SIGTERM)
        return self.wait()

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait for its end, and return its exit code."""
        try:
            exit_code = self._process.wait(READY_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._read_out()
        return exit_code

    @property
    def complaints(self) -> list[str]:
        """Return what it has written on standard error, but for the line of each request."""
        return [line for line in self.errors if not line.startswith('{"event":"request","level":"info"')]

    def requests(self) -> list[dict[str, Any]]:
        """Return the lines of requests."""
        return [json.loads(line) for line in self.errors if line.startswith('{"event":"request"')]

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid


@dataclass
class Service:
    """A running service and what a client knows of it."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("serve", "--demo", "--workers", "1")

    def start(self, within: float = READY_WITHIN) -> Service:
        """Start it and wait until it says that it is ready."""
        self.process = Process(list(self.arguments), self.environ)
        self.process.start()
        self.process.wait_for_line(r"^lineproof ready on ", within=within)
        return self

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment it runs in."""
        return environment(self.data_dir, self.port, **self.settings)

    @property
    def url(self) -> str:
        """Return its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> str:
        """Run a command of the service beside it and return its output."""
        done = subprocess.run(
            [str(COMMAND), *arguments], env=self.environ, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done.stdout.strip()

    def admin(self) -> Client:
        """Return a client with all scopes."""
        return Client(self.url, self._issuer().mint_for_client("tests", scopes=ALL_SCOPES, lifetime=LIFETIME))

    def user(self, name: str) -> Client:
        """Return a client that acts for a user."""
        user_id = user_id_of(self._settings(), name)
        scopes = frozenset({Scope.LOGIN})
        return Client(
            self.url, self._issuer().mint_for_user(user_id, client_id="tests", scopes=scopes, lifetime=LIFETIME)
        )

    def _issuer(self) -> TokenIssuer:
        """Return what signs tokens as `lineproof token` does; a process for each would take a second each."""
        settings = self._settings()
        return TokenIssuer(issuer=settings.base_url, keys=load_keys(settings).issuer, clock=SystemClock())

    def _settings(self) -> Settings:
        return Settings.from_environment(self.environ)

    def code_for(self, number: str, *, after: int = 0) -> str:
        """Wait for the message to a number on the terminal and return the code in it."""
        line = self.process.wait_for_line(rf"{re.escape(number)}\D.*\b\d{{6}}\b", after=after)
        return code_in(line.split(number, 1)[1])


def code_in(text: str) -> str:
    """Return the one run of 4 to 10 digits in a message."""
    runs = set(re.findall(r"(?<!\d)\d{4,10}(?!\d)", text))
    assert len(runs) == 1, "a message holds one code"
    code: str = runs.pop()
    return code


@dataclass
class Client:
    """A caller with a token."""

    url: str
    token: str = field(repr=False)

    def call(self, method: str, path: str, body: object = None, **options: Any) -> requests.Response:
        """Send a request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=CALL_TIMEOUT, **options)

    def patch(self, path: str, value: object, op: str = "replace", **operation: object) -> requests.Response:
        """PATCH a resource by one operation."""
        body = {"schemas": [PATCH_SCHEMA], "Operations": [{"op": op, "value": value, **operation}]}
        return self.call("PATCH", path, body)

    def set_mobile(self, path: str, number: str) -> requests.Response:
        """PATCH the mobile number in the guide's form."""
        return self.patch(path, {"phoneNumbers": [{"type": "mobile", "value": number}]})

    def me(self) -> dict[str, Any]:
        """Return the caller's own resource."""
        found: dict[str, Any] = self.call("GET", "/scim2/Me").json()
        return found

    def validate(self, code: str) -> requests.Response:
        """Submit a code of one's own."""
        body = {"code": code, "properties": []}
        return self.call("POST", "/api/identity/user/v1.0/me/validate-code", body)


def mobile_of(user: dict[str, Any]) -> str | None:
    """Return the mobile number of a user."""
    numbers = [phone["value"] for phone in user.get("phoneNumbers", []) if phone.get("type") == "mobile"]
    return numbers[0] if numbers else None


def pending_of(user: dict[str, Any]) -> str | None:
    """Return the pending number of a user, where the guide shows it."""
    pending: str | None = user.get(ENTERPRISE, {}).get("pendingMobileNumber")
    return pending
