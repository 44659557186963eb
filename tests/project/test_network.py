"""Tests talk to this machine alone."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1"])
def test_connection_to_another_machine_is_refused(host: str):
    with socket.socket() as client, pytest.raises(BaseException, match="loopback only"):
        client.connect((host, 80))


def test_connection_to_loopback_is_let_through():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())

        assert client.getpeername() == server.getsockname()
