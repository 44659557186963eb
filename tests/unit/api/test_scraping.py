"""The scrapers' token opens /metrics, and nothing else."""

from __future__ import annotations

import pytest

from api.request_facts import route_of
from api.scraping import ScrapersDoor

TOKEN = "scrapers-token"


def door():
    return ScrapersDoor(lambda *_: [b"application"], lambda *_: [b"metrics"], TOKEN)


def opened(path, **headers):
    return b"".join(door()({"PATH_INFO": path, "REQUEST_METHOD": "GET", **headers}, None))


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
def test_the_token_opens_the_metrics(header):
    assert opened("/metrics", HTTP_AUTHORIZATION=header) == b"metrics"


@pytest.mark.parametrize("header", [TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ", "Bearer naïve", ""])
def test_whoever_has_another_goes_on_to_the_application(header):
    assert opened("/metrics", HTTP_AUTHORIZATION=header) == b"application"


def test_whoever_has_none_goes_on_to_the_application():
    assert opened("/metrics") == b"application"


@pytest.mark.parametrize("path", ["/scim2/Users", "/metrics/", "/"])
def test_the_token_opens_nothing_else(path):
    assert opened(path, HTTP_AUTHORIZATION=f"Bearer {TOKEN}") == b"application"


def test_the_route_is_known_to_who_watches():
    environ = {"PATH_INFO": "/metrics", "REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}

    door()(environ, None)

    assert route_of(environ) == "/metrics"
