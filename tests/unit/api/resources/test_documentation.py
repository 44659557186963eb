"""The description, and the page that shows it."""

from __future__ import annotations

import gzip
import re
from importlib import resources

import pytest

from api.app import create_app
from api.openapi.description import describe
from api.resources.documentation import ASSETS, PAGE
from api.settings import Settings
from api.wiring import build_services

STATIC = resources.files("api") / "static"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    """Make the use cases of a service; nothing here asks its database."""
    settings = Settings.from_environment({"LINEPROOF_DATA_DIR": str(tmp_path_factory.mktemp("docs"))})
    made = build_services(settings, pool_size=1)
    yield made
    made.core.database.close()


@pytest.fixture(scope="module")
def client(services):
    """Return somebody without a token."""
    return create_app(services).test_client()


def test_description_of_this_deployment_is_open_to_everybody(client, services):
    answer = client.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.get_json() == describe(create_app(services), services.core.registry)


def test_description_is_made_once(client):
    assert client.get("/openapi.json").get_data() == client.get("/openapi.json").get_data()


def test_page_is_open_to_everybody(client):
    answer = client.get("/docs")

    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/docs", *(f"/docs/{name}" for name in ASSETS)])
def test_nothing_inline_and_nothing_from_elsewhere_may_run(path: str, client):
    policy = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_page_asks_only_for_what_is_here():
    page = STATIC.joinpath(PAGE).read_text()
    asked = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert {path.removeprefix("/docs/") for path in asked if path.startswith("/docs/")} == set(ASSETS)
    assert [path for path in asked if not path.startswith(("/docs/", "/openapi.json", "data:,"))] == []
    assert re.findall(r"<script(?![^>]* src=)|<style| on\w+=| style=", page) == []


@pytest.mark.parametrize("name", ASSETS)
def test_files_of_the_page_have_their_media_type(name: str, client):
    answer = client.get(f"/docs/{name}")

    assert answer.status_code == 200
    assert answer.content_type == f"{ASSETS[name][1]}; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_packed_file_is_sent_packed_to_those_who_take_it(client):
    plain = client.get("/docs/swagger-ui.css")
    packed = client.get("/docs/swagger-ui.css", headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data()


@pytest.mark.parametrize("name", ["LICENSE", "index.html", "..%2Fvendor", "swagger-ui.css.gz"])
def test_other_files_are_not_there(name: str, client):
    assert client.get(f"/docs/{name}").status_code == 404
