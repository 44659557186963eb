"""Authorization servers are asked within bounds, and their failures have one name."""

from __future__ import annotations

import base64
import time

import pytest

from providers.oauth import CALL_TIMEOUT, HttpAuthorizationServers, OAuthUnavailable
from tests.factories.http_gateway import GARBAGE, Gateway, Misbehaviour, Reply


@pytest.fixture
def server():
    with Gateway(Reply(200, {"keys": []})) as gateway:
        yield gateway


def test_document_is_got(server):
    assert HttpAuthorizationServers().get_json(f"{server.url}/jwks?a=b") == {"keys": []}

    received = server.received[0]
    assert (received.method, received.path, received.headers["accept"]) == ("GET", "/jwks?a=b", "application/json")


def test_form_is_posted_as_a_client(server):
    answer = HttpAuthorizationServers().post_form(
        f"{server.url}/introspect", {"token": "a&b c"}, client_id="li:ne", client_secret="pr%oof ä"
    )

    received = server.received[0]
    assert answer == {"keys": []}
    assert (received.method, received.path, received.body) == ("POST", "/introspect", {"token": "a&b c"})
    credentials = base64.b64decode(received.headers["authorization"].removeprefix("Basic "))
    assert credentials == b"li%3Ane:pr%25oof+%C3%A4"


def test_connection_is_kept(server):
    servers = HttpAuthorizationServers()
    for _ in range(3):
        servers.get_json(server.url)

    assert server.connections == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(Reply(404, {"error": "no"}), id="not found"),
        pytest.param(Reply(500), id="broken"),
        pytest.param(Reply(204), id="no content"),
        pytest.param(Reply(302, headers={"Location": "http://127.0.0.1:1/"}), id="redirect"),
        pytest.param(Reply(200, b"<html>"), id="no JSON"),
        pytest.param(Reply(200, b'"' + b"x" * 70_000 + b'"'), id="too long"),
        pytest.param(Reply(200, b"[]", headers={"Content-Length": "5"}), id="cut off"),
        pytest.param(Misbehaviour.CLOSE, id="closed"),
        pytest.param(GARBAGE, id="no HTTP"),
    ],
)
def test_unusable_answer_is_unavailable(server, behaviour):
    server.always(behaviour)

    with pytest.raises(OAuthUnavailable):
        HttpAuthorizationServers().get_json(server.url)


@pytest.mark.slow
@pytest.mark.parametrize(
    "behaviour", [Misbehaviour.HANG, Reply(200, {"a": "b" * 99}, drip=0.05)], ids=["hangs", "drips"]
)
def test_slow_answer_is_unavailable_in_time(server, behaviour):
    server.always(behaviour)
    started = time.monotonic()

    with pytest.raises(OAuthUnavailable):
        HttpAuthorizationServers().get_json(server.url)

    assert time.monotonic() - started < CALL_TIMEOUT.total_seconds() + 1


def test_server_that_is_not_there_is_unavailable(server):
    server.close()

    with pytest.raises(OAuthUnavailable) as away:
        HttpAuthorizationServers().get_json(f"{server.url}/a-secret-path")

    assert "secret" not in str(away.value)
