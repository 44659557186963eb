"""The description of an application."""

from __future__ import annotations

import re
from copy import copy

import pytest
from werkzeug.routing import Map

from api.app import create_app
from api.auth.scopes import public
from api.openapi.description import UndescribedRoute, describe
from api.settings import Settings
from api.wiring import build_services
from tests.factories.descriptions import description, description_text, operations


@pytest.fixture
def services(tmp_path):
    """Make the use cases of a service; nothing here asks its database."""
    made = build_services(Settings.from_environment({"LINEPROOF_DATA_DIR": str(tmp_path)}), pool_size=1)
    yield made
    made.core.database.close()


def own_app(services):
    """Build an application that takes further routes."""
    app = create_app(services)
    rules = [copy(rule) for rule in app.url_map.iter_rules()]
    for rule in rules:
        rule.map = None
    app.url_map = Map(rules)
    return app


def test_route_without_words_is_refused(services):
    app = own_app(services)
    app.add_url_rule("/new", "new", public(lambda: ""), methods=["GET"])

    with pytest.raises(UndescribedRoute, match="GET /new"):
        describe(app, services.core.registry)


def test_parameter_without_words_is_refused(services):
    app = own_app(services)
    app.add_url_rule("/healthz", "new", public(lambda: ""), methods=["GET"])
    app.add_url_rule("/scim2/Users/<new>", "newer", public(lambda: ""), methods=["GET"])

    with pytest.raises(UndescribedRoute, match=re.escape("/scim2/Users/{new}")):
        describe(app, services.core.registry)


def test_description_tells_where_this_deployment_is(services):
    document = describe(create_app(services), services.core.registry)

    assert document["components"]["examples"]["User"]["value"]["meta"]["location"].startswith("http://127.0.0.1:8080/")


def test_description_is_the_same_each_time():
    assert description_text.__wrapped__() == description_text()


def test_text_does_not_depend_on_where_the_service_is():
    assert description_text(port="9999", base_url="https://other.example.org") == description_text()


def test_right_code_is_answered_as_the_dialect_has_it():
    path = "/api/identity/user/v1.0/me/validate-code"

    assert "200" in description()["paths"][path]["post"]["responses"]
    assert "202" in description(dialect="current")["paths"][path]["post"]["responses"]


@pytest.mark.parametrize(("dialect", "expected"), [("guide", "string"), ("current", "array")])
def test_number_lists_have_the_form_of_the_dialect(dialect: str, expected: str):
    schemas = description(dialect=dialect)["components"]["schemas"]

    assert schemas["MobileNumbers"]["properties"]["mobileNumbers"]["type"] == expected


def test_number_lists_that_do_not_exist_are_not_described():
    assert "mobileNumbers" not in description_text(multiple_mobile_numbers="false")


def test_public_operations_ask_for_no_token():
    public_paths = {path for path, _, operation in operations(description()) if not operation["security"]}

    assert {"/healthz", "/readyz", "/openapi.json", "/docs", "/scim2/Schemas"} <= public_paths
    assert "/scim2/Users" not in public_paths


def test_each_attribute_of_the_served_schemas_is_described():
    schemas = description(dialect="current")["components"]["schemas"]

    assert {"userName", "emails", "groups"} <= set(schemas["User"]["properties"])
    assert "pendingMobileNumber" in schemas["EnterpriseUser"]["properties"]
    assert "password" in schemas["UserRequest"]["properties"]
    assert "password" not in schemas["User"]["properties"]
