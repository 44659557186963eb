"""What stands around the HTTP server: where it is reached, and with how many threads it answers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from api.serving import _reachable
from api.settings import Settings
from api.wsgi import EMBEDDED_THREADS, NETWORK_THREADS, threads_of


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("db.local", "db.local")],
)
def test_every_bind_address_is_reached_over_one_that_can_be(host, expected):
    assert _reachable(host) == expected


def test_an_embedded_database_is_served_by_one_thread_and_a_distant_one_by_several():
    embedded = Settings.from_environment({})
    distant = SimpleNamespace(has_embedded_database=False)

    assert threads_of(embedded) == EMBEDDED_THREADS == 1
    assert threads_of(distant) == NETWORK_THREADS > 1
