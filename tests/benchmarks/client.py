"""Our own load generator: raw sockets kept alive, requests made beforehand, in two processes."""

from __future__ import annotations

import multiprocessing
import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from tests.benchmarks.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.calls import Call

_PROCESSES = 2
_PERMILLE = 1000
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CURSOR = re.compile(rb'"nextCursor":"([^"]+)"')


@dataclass(slots=True)
class Sent:
    """What one process has measured."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0


def send(url: str, calls: Sequence[Call], mode: str, seconds: float, connections: int) -> Sample:
    """Send calls over some connections and say how it went."""
    # A walk begins at its one call in each process; other calls are shared, and no process is left without one.
    processes = min(_PROCESSES, connections, _PROCESSES if mode == "walk" else len(calls))
    shares = [tuple(calls) if mode == "walk" else tuple(calls[number::processes]) for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        parts = pool.starmap(_send_share, [(url, share, mode, seconds, connections // processes) for share in shares])
    latencies = sorted(latency for part in parts for latency in part.latencies)
    if not latencies:
        return Sample(0.0, 0, sum(part.errors for part in parts))
    return Sample(
        rate=sum(len(part.latencies) / part.seconds for part in parts),
        count=len(latencies),
        errors=sum(part.errors for part in parts),
        p50=latencies[len(latencies) // 2] * _PERMILLE,
        p99=latencies[len(latencies) * 99 // 100] * _PERMILLE,
    )


@dataclass(slots=True)
class _Feed:
    """What is still to be sent."""

    host: str
    calls: Sequence[Call]
    mode: str
    octets: list[bytes]
    sent: int = 0
    cursors: list[str] = field(default_factory=list)

    def next(self) -> bytes | None:
        if self.mode == "walk":
            if not self.cursors:
                return self.octets[0]
            first = self.calls[0]
            path = first.path + quote(self.cursors.pop(), safe="")
            return type(first)(first.method, path, token=first.token).octets(self.host)
        self.sent += 1
        if self.mode == "once":
            return self.octets[self.sent - 1] if self.sent <= len(self.octets) else None
        return self.octets[(self.sent - 1) % len(self.octets)]


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    began: float = 0.0
    content: bytes = b""

    def send(self, octets: bytes) -> None:
        self.content = b""
        self.began = time.perf_counter()
        self.socket.sendall(octets)

    def is_complete(self) -> bool:
        head, separator, rest = self.content.partition(b"\r\n\r\n")
        if not separator:
            return False
        length = _LENGTH.search(head)
        return len(rest) >= (int(length[1]) if length else 0)


def _send_share(url: str, calls: Sequence[Call], mode: str, seconds: float, connections: int) -> Sent:
    address = urlsplit(url)
    feed = _Feed(address.netloc, calls, mode, [call.octets(address.netloc) for call in calls])
    result = Sent()
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _ in range(connections):
            raw = socket.create_connection((address.hostname or "127.0.0.1", address.port or 80))
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _go_on(_Connection(raw), feed, selector, is_new=True)
        while selector.get_map():
            is_over = mode != "once" and time.perf_counter() - started >= seconds
            for key, _ in selector.select(1):
                _receive(key.data, feed, selector, result, is_over=is_over)
        result.seconds = time.perf_counter() - started
    return result


def _receive(
    connection: _Connection, feed: _Feed, selector: selectors.BaseSelector, result: Sent, *, is_over: bool
) -> None:
    some = connection.socket.recv(262144)
    connection.content += some
    if some and not connection.is_complete():
        return
    result.latencies.append(time.perf_counter() - connection.began)
    status = connection.content[9:10]
    result.errors += status != b"2"
    if feed.mode == "walk" and (cursor := _CURSOR.search(connection.content)):
        feed.cursors.append(cursor[1].decode())
    if is_over or not some:
        _leave(connection, selector)
    else:
        _go_on(connection, feed, selector)


def _go_on(connection: _Connection, feed: _Feed, selector: selectors.BaseSelector, *, is_new: bool = False) -> None:
    octets = feed.next()
    if is_new:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    if octets is None:
        _leave(connection, selector)
    else:
        connection.send(octets)


def _leave(connection: _Connection, selector: selectors.BaseSelector) -> None:
    selector.unregister(connection.socket)
    connection.socket.close()
