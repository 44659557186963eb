"""A gateway for tests: real HTTP on loopback, recording what arrives and misbehaving as told."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, BinaryIO, Self
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    import ssl


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came; header names are lower-case, and the body is parsed by its content type."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes
    body: Any


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        status: The status code.
        document: Sent as JSON; bytes are sent as they are.
        headers: More headers, over ours.
        drip: The seconds between single bytes.
        at_once: The bytes that come before the dripping begins.
        raw: Sent in place of a well-formed answer.

    """

    status: int = 200
    document: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float | None = None
    at_once: int = 0
    raw: bytes | None = None

    def octets(self) -> bytes:
        """Write the answer as HTTP."""
        if self.raw is not None:
            return self.raw
        content = self.document if isinstance(self.document, bytes) else b""
        if self.document is not None and not isinstance(self.document, bytes):
            content = json.dumps(self.document).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}", *(f"{name}: {headers[name]}" for name in headers)]
        return "\r\n".join([*lines, "", ""]).encode() + content


class Misbehaviour(Enum):
    """What a gateway does in place of an answer."""

    HANG = "hang"  # says nothing until the gateway is closed
    CLOSE = "close"  # closes the connection after it has taken the message


GARBAGE = Reply(raw=b"\x00\xffthis is not HTTP\r\n\r\n")
Behaviour = Reply | Misbehaviour | Callable[[Received], Reply]


def too_many(retry_after: str) -> Reply:
    """Return the answer of a gateway that asks for a pause."""
    return Reply(429, {"error": "slow down"}, {"Retry-After": retry_after})


class Gateway:
    """A threaded HTTP/1.1 server on loopback that keeps connections alive."""

    def __init__(
        self,
        behaviour: Behaviour = Reply(200, {"id": "gw-1"}),
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        on_receive: Callable[[Received], None] | None = None,
    ) -> None:
        self._behaviour = behaviour
        self._script: deque[Behaviour] = deque()
        self._received: list[Received] = []
        self._arrived = threading.Condition()
        self._closing = threading.Event()
        self._on_receive = on_receive
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def received(self) -> list[Received]:
        """Return what has arrived so far."""
        with self._arrived:
            return list(self._received)

    def then(self, *behaviours: Behaviour) -> Self:
        """Behave so once each, in order, before the usual behaviour."""
        self._script.extend(behaviours)
        return self

    def always(self, behaviour: Behaviour) -> Self:
        """Make this the usual behaviour."""
        self._behaviour = behaviour
        return self

    def wait_for(self, count: int, seconds: float = 10) -> list[Received]:
        """Return what has arrived as soon as it is so many."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._received) >= count, seconds):
                raise TimeoutError(f"{len(self._received)} of {count} messages arrived")
            return list(self._received)

    def close(self) -> None:
        """Stop listening and drop every connection."""
        self._closing.set()
        # close() alone does not wake a thread that waits in accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()

    def drop_connections(self) -> None:
        """End every connection, as a gateway does with those that are idle."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.add(connection)
            with connection, connection.makefile("rb") as stream:
                while (received := _read_request(stream)) is not None and self._answer(connection, received):
                    pass
        self._open.discard(connection)

    def _answer(self, connection: socket.socket, received: Received) -> bool:
        behaviour = self._next(received)
        if callable(behaviour):
            behaviour = behaviour(received)
        if behaviour is Misbehaviour.HANG:
            self._closing.wait()
        if isinstance(behaviour, Misbehaviour):
            return False
        if behaviour.drip is None:
            connection.sendall(behaviour.octets())
        else:
            octets = behaviour.octets()
            connection.sendall(octets[: behaviour.at_once])
            self._drip(connection, octets[behaviour.at_once :], behaviour.drip)
        return received.headers.get("connection", "").lower() != "close" and behaviour.raw is None

    def _next(self, received: Received) -> Behaviour:
        if self._on_receive is not None:
            self._on_receive(received)
        with self._arrived:
            self._received.append(received)
            self._arrived.notify_all()
            return self._script.popleft() if self._script else self._behaviour

    def _drip(self, connection: socket.socket, octets: bytes, seconds: float) -> None:
        for octet in octets:
            connection.sendall(bytes([octet]))
            if self._closing.wait(seconds):
                return


def _read_request(stream: BinaryIO) -> Received | None:
    request_line = stream.readline().decode("latin-1").split()
    if len(request_line) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    content = stream.read(int(headers.get("content-length", "0")))
    return Received(
        request_line[0], request_line[1], headers, content, _parsed(headers.get("content-type", ""), content)
    )


def _parsed(content_type: str, content: bytes) -> Any:
    text = content.decode(errors="replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    with suppress(ValueError):
        return json.loads(text)
    return text


def _phrase(status: int) -> str:
    with suppress(ValueError):
        return HTTPStatus(status).phrase
    return "Unknown"
