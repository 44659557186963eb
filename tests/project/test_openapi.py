"""openapi.yaml is what the code says, valid, whole, and right by its own words."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from api.app import create_app
from api.openapi.routes import routes_of
from api.settings import Settings
from api.wiring import build_services
from tests.factories.descriptions import (
    description,
    description_text,
    examples_of,
    exemplified,
    faults,
    operations,
    resolved,
)
from tests.factories.tree import ROOT

DEPLOYMENTS = (
    pytest.param({}, id="as it comes"),
    pytest.param({"dialect": "current"}, id="current"),
    pytest.param({"multiple_mobile_numbers": "false", "mobile_verification": "false"}, id="without numbers"),
    pytest.param({"email_verification": "true", "dialect": "current"}, id="with addresses"),
    pytest.param({"schema_dir": str(ROOT / "tests" / "unit" / "api" / "openapi" / "schemas")}, id="own schemas"),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Build the application as it comes; nothing of it is asked that needs a database."""
    folder = tmp_path_factory.mktemp("openapi")
    settings = Settings.from_environment({"LINEPROOF_DATA_DIR": str(folder)})
    services = build_services(settings, pool_size=1)
    yield create_app(services)
    services.core.database.close()


def test_file_says_what_the_code_says():
    """`make openapi` brings it up to date."""
    assert (ROOT / "openapi.yaml").read_text() == description_text()


@pytest.mark.parametrize("settings", DEPLOYMENTS)
def test_description_is_valid(settings: dict[str, str]):
    assert validate(description(**settings)) is None


def test_routes_and_operations_are_the_same(app):
    described = {(path, method) for path, method, _ in operations(description())}

    assert described == {route.key for route in routes_of(app)}


def test_operations_have_an_id_of_their_own():
    ids = [operation["operationId"] for _, _, operation in operations(description())]

    assert len(set(ids)) == len(ids)


def test_operations_need_the_scopes_that_their_routes_declare(app):
    document = description()
    needed = {route.key: sorted(route.access.scopes) for route in routes_of(app) if route.access.scopes}
    described = {
        (path, method): operation["security"][0]["bearer"]
        for path, method, operation in operations(document)
        if operation["security"] and operation["security"][0]["bearer"]
    }

    assert described == needed


@pytest.mark.parametrize("settings", DEPLOYMENTS)
def test_everything_with_a_schema_has_an_example(settings: dict[str, str]):
    document = description(**settings)

    assert [place for place, described in exemplified(document) if not examples_of(document, described)] == []


@pytest.mark.parametrize("settings", DEPLOYMENTS)
def test_examples_obey_their_schemas(settings: dict[str, str]):
    document = description(**settings)
    wrong = {
        place: found
        for place, described in exemplified(document)
        for value in examples_of(document, described)
        if (found := faults(document, described["schema"], value))
    }

    assert wrong == {}


def test_answers_with_a_retry_carry_when():
    document = description()
    waiting = [
        resolved(document, answer)
        for path, _, operation in operations(document)
        for status, answer in operation["responses"].items()
        if status in {"429", "503"} and path != "/readyz"
    ]

    assert waiting
    assert [answer for answer in waiting if "Retry-After" not in answer["headers"]] == []


def test_components_are_referred_to():
    text, document = description_text(), description()
    idle = [
        f"{kind}/{name}"
        for kind, named in document["components"].items()
        for name in named
        if kind != "securitySchemes" and f"#/components/{kind}/{name}" not in text
    ]

    assert idle == []
