"""Clients, and a user whose tokens they want."""

from __future__ import annotations

import pytest

from tests.factories.openid import add_client
from tests.factories.people import ANN, DAN, add_person


@pytest.fixture
def shop(application):
    """Add a client with a secret that may have all that is a user's."""
    return add_client(application)


@pytest.fixture
def app(application):
    """Add a public client."""
    return add_client(application, name="App", is_public=True)


@pytest.fixture
def person(application):
    """Add bob, whose primary number is verified, and who waits for the proof of another."""
    bob = add_person(application, n=(ANN,), v=(ANN,))
    bob.send(p=DAN)
    return bob


@pytest.fixture
def bob_id(person):
    return person.id


@pytest.fixture(scope="module")
def standing_shop(standing):
    """Add a client for all tests of a module, for requests that must change nothing."""
    return add_client(standing.application)
