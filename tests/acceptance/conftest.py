"""Services as processes of their own, which no failing test leaves behind."""

from __future__ import annotations

import pytest

from tests.factories.gateways import Gateway
from tests.factories.servers import Service


@pytest.fixture
def gateway():
    """Run a gateway that takes everything."""
    with Gateway() as running:
        yield running


@pytest.fixture
def begin(tmp_path):
    """Start a service with one HTTP worker and the demonstration's user; whatever still runs at the end is killed."""
    begun = []

    def start(*arguments, port=None, **settings):
        service = Service(tmp_path, settings=settings, arguments=("serve", "--demo", "--workers", "1", *arguments))
        service.port = port or service.port
        begun.append(service)
        return service.start()

    yield start
    for service in begun:
        service.process.kill()
