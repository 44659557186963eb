"""Metrics at an address of their own."""

from __future__ import annotations

import socket
import time
from types import SimpleNamespace

import pytest
import requests

from api.exposition import CONTENT_TYPE
from api.listening import AddressInUse, require_free
from api.metrics_server import MetricsApplication, serve_metrics
from api.setting_readers import Address
from tests.factories.servers import free_port

BODY = b"lineproof_up 1\n"
APPLICATION = MetricsApplication(SimpleNamespace(text=lambda: BODY))
SOON = 10.0


def ask(url, method="GET"):
    """Ask until somebody listens."""
    deadline = time.monotonic() + SOON
    while True:
        try:
            return requests.request(method, url, timeout=SOON)
        except requests.ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_metrics_are_served_to_everybody(host, capfd):
    port = free_port()
    serve_metrics(Address(host, port), APPLICATION)

    answer = ask(f"http://{'[::1]' if host == '::1' else host}:{port}/metrics")

    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, BODY, CONTENT_TYPE)
    assert capfd.readouterr().err == ""


@pytest.fixture(scope="module")
def url():
    port = free_port()
    serve_metrics(Address("127.0.0.1", port), APPLICATION)
    return f"http://127.0.0.1:{port}"


def test_a_head_has_no_body(url):
    answer = ask(f"{url}/metrics", "HEAD")

    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(BODY)))


@pytest.mark.parametrize(("method", "path"), [("POST", "/metrics"), ("GET", "/"), ("GET", "/scim2/Users")])
def test_there_is_nothing_else(url, method, path):
    assert ask(url + path, method).status_code == 404


def test_the_address_is_taken_over_when_a_sibling_ends():
    with socket.create_server(("127.0.0.1", 0)) as sibling:
        address = Address("127.0.0.1", sibling.getsockname()[1])
        serve_metrics(address, APPLICATION)

    assert ask(f"http://127.0.0.1:{address.port}/metrics").content == BODY


def test_an_address_that_somebody_has_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(AddressInUse, match=f"cannot listen on 127.0.0.1:{port}: "):
            require_free("127.0.0.1", port)

    assert require_free("127.0.0.1", port) is None
