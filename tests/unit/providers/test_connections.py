"""The reader that knows how much time is left; the rest is tested with real gateways."""

from __future__ import annotations

import socket

import pytest

from providers.connections import DeadlineConnection


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def answering(connection, ours):
    """Return the answer as http.client would read it."""
    return connection.response_class(ours, method="POST")


def test_an_answer_in_time_is_read(pair):
    ours, theirs = pair
    connection = DeadlineConnection("gateway.example", timeout=5)
    theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    connection._restart()

    with answering(connection, ours) as response:
        response.begin()
        assert response.read() == b"hi"


def test_after_the_time_nothing_is_read_though_it_is_there(pair):
    ours, theirs = pair
    connection = DeadlineConnection("gateway.example", timeout=0)
    theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    connection._restart()

    with answering(connection, ours) as response, pytest.raises(TimeoutError):
        response.begin()


def test_each_wait_gets_no_more_than_what_is_left(pair):
    ours, theirs = pair
    connection = DeadlineConnection("gateway.example", timeout=5)
    theirs.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    connection._restart()

    with answering(connection, ours) as response:
        response.begin()

    assert 0 < ours.gettimeout() <= 5
