"""An SMS gateway in a process of its own that takes every message at once and remembers it.

`python -m tests.benchmarks.gateway PORT` serves `POST /messages`, and `GET /received`, which tells and forgets.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass
from typing import Any

import requests

_ACCEPTED = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"1"}'
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CODE = re.compile(r"(?<!\d)\d{4,10}(?!\d)")

READY = "gateway ready"
_messages: list[tuple[float, bytes]] = []


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived; the moment is the gateway's own clock."""

    at: float
    number: str
    code: str


class _Exchange(asyncio.Protocol):
    def __init__(self) -> None:
        self._content = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._content += data
        while (end := self._content.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._content, 0, end)
            after = end + 4 + (int(length[1]) if length else 0)
            if len(self._content) < after:
                return
            is_message = self._content.startswith(b"POST")
            body, self._content = self._content[end + 4 : after], self._content[after:]
            self._transport.write(self._taken(body) if is_message else _told())

    def _taken(self, body: bytes) -> bytes:
        _messages.append((time.monotonic(), body))
        return _ACCEPTED


def _told() -> bytes:
    content = json.dumps([[at, *json.loads(body).values()] for at, body in _messages]).encode()
    _messages.clear()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content)


def received(url: str) -> list[Received]:
    """Ask the gateway what has arrived since it was asked last."""
    found = requests.get(f"{url}/received", timeout=10).json()
    return [Received(at, number, _CODE.findall(content)[0]) for at, content, number in found]


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Exchange, "127.0.0.1", port)
    print(READY, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
