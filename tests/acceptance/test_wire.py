"""Bytes on the wire that no client library would send: refused, and nothing is smuggled past."""

from __future__ import annotations

import re
import socket
from contextlib import suppress

import pytest
import requests

from tests.factories.servers import Client, Service

pytestmark = pytest.mark.acceptance

PATCH = b'{"Operations": [{"op": "replace", "value": {"displayName": "x"}}]}'
END = b"\r\n\r\n"


class Wire:
    """A service and raw connections to it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        found = re.findall(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "\n".join(service.process.lines))
        self.bob = Client(service.url, list(dict.fromkeys(found))[1])
        self.head = f"Host: localhost\r\nConnection: close\r\nAuthorization: Bearer {self.bob.token}\r\n".encode()

    def send(self, raw: bytes) -> bytes:
        """Send bytes and return what comes until the server hangs up."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=10) as connection:
            # It may answer and hang up before it has read everything.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(raw)
            while data := _received(connection):
                received += data
        return received

    def status(self, raw: bytes) -> int:
        """Return the status of the one answer."""
        answer = self.send(raw)
        assert answer.count(b"HTTP/1.") == 1, answer
        return int(answer.split(b" ", 2)[1])

    def patch(self, headers: bytes, body: bytes) -> int:
        """PATCH /Me with some more headers."""
        request = b"PATCH /scim2/Me HTTP/1.1\r\n" + self.head + b"Content-Type: application/json\r\n"
        return self.status(request + headers + END + body)


def _received(connection):
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        # It hung up while there was still something to read.
        return b""


def chunked(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    service = Service(tmp_path_factory.mktemp("wire"), arguments=("serve", "--demo", "--workers", "1", "--no-delivery"))
    service.start()
    service.process.wait_for_line(r"^curl .*/scim2/Me --header")
    yield Wire(service)
    assert requests.get(f"{service.url}/readyz", timeout=10).status_code == 200
    assert service.process.stop() == 0
    assert service.process.complaints == []


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nContent-Length: 65",
        b"Content-Length: 5, 65",
        b"Content-Length: -1",
        b"Content-Length: +65",
        b"Content-Length: 0x41",
        b"Content-Length: many",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding : chunked",
        b"Content-Type: application/json\r\n folded",
        b"No Name: x",
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(wire, headers):
    before = wire.bob.me()["meta"]["version"]

    assert wire.patch(headers, PATCH) == 400

    assert wire.bob.me()["meta"]["version"] == before


def test_of_a_length_and_chunks_nothing_is_left_over_to_be_a_second_request(wire):
    """RFC 9112 §6.3: the length does not count, and the connection ends; a request behind the first is not read."""
    smuggled = b"DELETE /scim2/Me HTTP/1.1\r\n" + wire.head + END
    request = b"PATCH /scim2/Me HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    request += f"Authorization: Bearer {wire.bob.token}\r\n".encode()

    for headers in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    ):
        answer = wire.send(request + headers + END + chunked(PATCH) + smuggled)

        assert answer.count(b"HTTP/1.1 ") == 1


def test_a_chunked_body_is_read(wire):
    assert wire.patch(b"Transfer-Encoding: chunked", chunked(PATCH)) == 200
    assert wire.bob.me()["displayName"] == "x"


def test_a_body_that_comes_in_pieces_is_read_whole(wire):
    body = PATCH.replace(b'"x"', b'"in pieces"').ljust(200_000)
    request = (
        b"PATCH /scim2/Me HTTP/1.1\r\n" + wire.head + b"Content-Type: application/json\r\nExpect: 100-continue\r\n"
    )

    with socket.create_connection(("127.0.0.1", wire.service.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request + b"Content-Length: %d" % len(body) + END)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for piece in (body[:10], body[10:60], body[60:70_000], body[70_000:]):
            connection.sendall(piece)
        assert _received(connection).startswith(b"HTTP/1.1 200")

    assert wire.bob.me()["displayName"] == "in pieces"


def test_a_huge_chunked_body_is_refused(wire):
    assert wire.patch(b"Transfer-Encoding: chunked", chunked(b" " * 1_100_000)) == 413


def test_a_huge_length_is_refused_before_the_body(wire):
    assert wire.patch(b"Content-Length: 999999999", b"") == 413


def test_a_body_that_is_cut_off_changes_nothing(wire):
    before = wire.bob.me()
    request = b"PATCH /scim2/Me HTTP/1.1\r\n" + wire.head + b"Content-Type: application/json\r\nContent-Length: 1000"

    with socket.create_connection(("127.0.0.1", wire.service.port), timeout=10) as connection:
        connection.sendall(request + END + PATCH.replace(b'"x"', b'"cut off"'))
        connection.shutdown(socket.SHUT_WR)
        _received(connection)

    assert wire.bob.me() == before


def test_two_tokens_are_none(wire):
    second = f"Authorization: Bearer {wire.bob.token}".encode()

    assert wire.status(b"GET /scim2/Me HTTP/1.1\r\n" + wire.head + second + END) == 401


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"GET /healthz HTTP/1.0", 200),
        (b"GET http://localhost/healthz HTTP/1.1", 200),
        (b"GET /healthz HTTP/9.9", 400),
        (b"GET /healthz", 400),
        (b"GET /scim2/Users/\x00 HTTP/1.1", 400),
        (b"GET /scim2/Users/\xff HTTP/1.1", 400),
        (b"GET /scim2/Schemas/%zz HTTP/1.1", 404),
        (b"GET /scim2/Schemas/%ff%00 HTTP/1.1", 404),
        (b"GET /scim2/Users?filter=" + b"a" * 100_000 + b" HTTP/1.1", 414),
        (b"BREW /scim2/Me HTTP/1.1", 405),
        (b"OPTIONS * HTTP/1.1", 404),
        (b"CONNECT localhost:443 HTTP/1.1", 404),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
    ids=lambda value: repr(value[:32]) if isinstance(value, bytes) else str(value),
)
def test_a_strange_request_line_is_answered(wire, line, expected):
    assert wire.status(line + b"\r\n" + wire.head + END) == expected


@pytest.mark.parametrize(
    "header",
    [b"X-Long: " + b"a" * 1_000_000, b"".join(b"X-%d: a\r\n" % n for n in range(2000)) + b"X: a"],
    ids=["long", "many"],
)
def test_too_many_headers_are_refused(wire, header):
    assert wire.status(b"GET /healthz HTTP/1.1\r\n" + wire.head + header + END) == 431


@pytest.mark.parametrize("value", [b"Bearer \xff\xfe", b"Bearer \x7f", b"Bearer\t"])
def test_a_token_of_strange_bytes_is_none(wire, value):
    request = b"GET /scim2/Me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " + value

    assert wire.status(request + END) in {400, 401}
