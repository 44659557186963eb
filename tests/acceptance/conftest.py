"""Services as processes of their own, which no failing test leaves behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.factories.chromium import EXECUTABLES, Visitor, executable, launch
from tests.factories.gateways import Gateway
from tests.factories.servers import Client, Service


class DemoService(Service):
    """A service that has printed its tokens, so that nobody need run a command for them."""

    def printed(self) -> tuple[Client, Client]:
        """Return clients with the two tokens on the terminal: the administrator's and bob's."""
        self.process.wait_for_line(r"^curl .*/scim2/Me --header")
        tokens = re.findall(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "\n".join(self.process.lines))
        admin, bob = dict.fromkeys(tokens)
        return Client(self.url, admin), Client(self.url, bob)


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
        service = DemoService(tmp_path, settings=settings, arguments=("serve", "--demo", "--workers", "1", *arguments))
        service.port = port or service.port
        begun.append(service)
        return service.start()

    yield start
    for service in begun:
        service.process.kill()


@pytest.fixture(scope="module")
def chromium():
    """Start the browser of this machine."""
    path = executable()
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(EXECUTABLES)}; apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


@pytest.fixture(params=["scripts", "no scripts"])
def visitor(request, chromium, service):
    """Open a window on the module's `service`, with scripts and without; no complaint of the browser goes unseen."""
    has_scripts = request.param == "scripts"
    context = chromium.new_context(java_script_enabled=has_scripts, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    pictures = request.config.getoption("--pictures")
    found = Visitor(context.new_page(), service.url, has_scripts, Path(pictures) if pictures else None)
    yield found
    context.close()
    assert found.complaints == []
