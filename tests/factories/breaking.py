"""A way to PostgreSQL that breaks at the worst moment: when a transaction is being committed."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Self

from sqlalchemy import make_url

if TYPE_CHECKING:
    from tests.factories.postgresql import Server

_READ_SIZE = 1 << 16
_BEGIN = b"BEGIN\0"
_ENDS = (b"COMMIT\0", b"ROLLBACK\0")
# Outside of a transaction the one statement of all deferred writes is one by itself (`persistence.links`).
_WHOLE = b"WITH w0 AS"
# ReadyForQuery is the last message of every answer.
_READY = b"Z\0\0\0\5"


class Moment(Enum):
    """Where the way breaks."""

    BEFORE = "before"  # the commit does not reach the server
    AFTER = "after"  # the server has committed, and nobody hears of it


class BreakingWay:
    """A proxy on loopback that hands everything on, until it is told to break."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._breaks: list[Moment] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.broken = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let nobody through any more who is not on the way already."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, url: str) -> str:
        """Return the URL of a database of the server, by this way."""
        port: int = self._listener.getsockname()[1]
        return make_url(url).set(port=port).render_as_string(hide_password=False)

    def break_at_commit(self, *moments: Moment) -> None:
        """Break the connection of each of the next commits, whoever makes them."""
        self._breaks.extend(moments)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self._server.port)) as server:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            has_begun = False
            while True:
                ready, _, _ = select.select([client, server], [], [])
                if server in ready:
                    client.sendall(_received(server))
                if client not in ready:
                    continue
                sent = _received(client)
                if self._breaks and _commits(sent, has_begun=has_begun):
                    self._break(sent, server)
                    return
                has_begun = _BEGIN in sent or (has_begun and not any(end in sent for end in _ENDS))
                server.sendall(sent)

    def _break(self, sent: bytes, server: socket.socket) -> None:
        moment = self._breaks.pop(0)
        if moment is Moment.AFTER:
            server.sendall(sent)
            answer = b""
            while _READY not in answer:
                answer += _received(server)
        self.broken += 1


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(_READ_SIZE)
    if not data:
        raise ConnectionResetError
    return data


def _commits(sent: bytes, *, has_begun: bool) -> bool:
    return _ENDS[0] in sent if has_begun else _WHOLE in sent
