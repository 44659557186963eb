"""Routes as the description names them."""

from __future__ import annotations

import pytest
from flask import Flask

from api.auth.scopes import AccessKind, Scope, public, requires
from api.openapi.routes import path_of, routes_of


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("/scim2/Users", "/scim2/Users"),
        ("/scim2/Users/<resource_id>", "/scim2/Users/{resource_id}"),
        ("/a/<uuid:one>/b/<path:two>", "/a/{one}/b/{two}"),
    ],
)
def test_parameters_are_in_braces(rule: str, expected: str):
    assert path_of(rule) == expected


def test_every_route_is_told_with_what_it_needs():
    app = Flask("test", static_folder=None)
    app.add_url_rule("/one/<part>", "one", public(lambda part: part), methods=["GET"])
    app.add_url_rule("/two", "two", requires(Scope.LOGIN)(lambda: ""), methods=["PUT", "DELETE"])

    told = [(route.path, route.method, route.parameters, route.access.kind) for route in routes_of(app)]

    assert told == [
        ("/one/{part}", "get", ("part",), AccessKind.PUBLIC),
        ("/two", "delete", (), AccessKind.SCOPED),
        ("/two", "put", (), AccessKind.SCOPED),
    ]
