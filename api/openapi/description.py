"""The description of the whole service (OpenAPI 3.1): every route of the application, and what it refers to.

Nothing is listed twice. The routes and who may call them are the application's own, the resources are those of its
discovery, and the errors are those that it answers with; here are only the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from api.auth.scopes import ALL_SCOPES
from api.openapi.b2c_details import b2c_schemas
from api.openapi.change_details import CHANGE_ID
from api.openapi.code_details import VERIFICATION_ID
from api.openapi.failures import failures
from api.openapi.graph_login import graph_login_bodies, graph_login_operations
from api.openapi.graph_operations import graph_bodies, graph_operations, graph_parameters
from api.openapi.graph_schemas import graph_headers, graph_schemas
from api.openapi.guard_details import BLOCK_ID
from api.openapi.json_operations import details, operation_of, smorest_document
from api.openapi.openid_operations import openid_bodies, openid_operations, openid_schemas
from api.openapi.operations import BEARER, operation_document
from api.openapi.parameters import headers, parameters, path_parameters
from api.openapi.plain_operations import plain_bodies, plain_operations
from api.openapi.references import only_used
from api.openapi.routes import routes_of
from api.openapi.samples import GROUP_ID, USER_ID
from api.openapi.scim_components import ScimComponents
from api.openapi.scim_operations import scim_operations
from api.openapi.served import SCIM_PREFIX, Served
from scim.schemas import USER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask

    from api.openapi.details import Details
    from api.openapi.failures import Failure
    from api.openapi.operations import Operation
    from api.openapi.routes import Route
    from scim.resource_types import Registry

Document = dict[str, Any]

_ABOUT = """\
A SCIM 2.0 identity service that changes a phone number only when its owner has proved it: the number of a PATCH
or PUT is kept as `pendingMobileNumber`, a code is sent to it, and only the right code promotes it.

Under `/scim2` bodies are `application/scim+json`, and an error is the message of RFC 7644 §3.12. Under `/oauth2`
requests are forms, and an error is `{error, error_description}` (RFC 6749 §5.2). Under `/v1.0` and at the token
endpoint of a tenant everything has the form of Microsoft Graph. Everywhere else bodies are `application/json`, and an
error is `{code, message, description, traceId}`.
"""
_PATH_PARAMETERS: Mapping[str, tuple[str, str]] = {
    "sender_name": ("The name of a sender.", "SMSPublisher"),
    "category_id": ("The id of a category of rules.", "T3RoZXIgU2V0dGluZ3M"),
    "connector_id": ("The id of a connector.", "dXNlci1jbGFpbS11cGRhdGU"),
    "user_id": ("The SCIM id of the user; under `/v1.0` the user name or an address will do.", USER_ID),
    "client_id": ("The id of the client.", "shop"),
    "/scim2/ResourceTypes/{resource_id}": ("The name of the resource type.", "User"),
    "/scim2/Schemas/{resource_id}": ("The URN of the schema.", USER_SCHEMA),
    "/scim2/Groups/{resource_id}": ("The id of the group.", GROUP_ID),
    "resource_id": ("The id of the resource.", USER_ID),
    "change_id": ("The id of the change.", CHANGE_ID),
    "verification_id": ("The id of the verification.", VERIFICATION_ID),
    "block_id": ("The id of the block.", BLOCK_ID),
    "kind": ("The type of the method.", "fido2"),
    "method_id": ("The id of the method.", "3179e48a-750b-4051-897c-87b9720928f7"),
    "tenant": ("The name or the id of the tenant.", "contoso.onmicrosoft.com"),
    "asset": ("The name of the file.", "docs.js"),
    "provider": ("The name of the gateway.", "twilio"),
}
"""What each parameter of a path is, and an example of it: by the path where the name alone does not tell."""


class UndescribedRoute(LookupError):
    """A route was added that the description has no words for."""


def describe(app: Flask, registry: Registry) -> Document:
    """Describe the application; `registry` has what /Schemas does not tell.

    Raises:
        UndescribedRoute: a route is neither SCIM nor flask-smorest's, and not in `plain_operations` either.
    """
    material = _Material.of(app, registry)
    paths: Document = {}
    for route in routes_of(app):
        operation = material.operation(route)
        paths.setdefault(route.path, material.path_parameters(route))[route.method] = operation
    components = only_used(material.components(), paths)
    document = {
        "openapi": app.config["OPENAPI_VERSION"],
        "info": {
            "title": app.config["API_TITLE"],
            "version": app.config["API_VERSION"],
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        # Relative to where the description is read: right behind any proxy.
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(_tags(paths))],
        "paths": paths,
        "components": {**components, "securitySchemes": {BEARER: _bearer()}},
    }
    # Plain values of JSON, none of them in two places.
    described: Document = orjson.loads(orjson.dumps(document))
    return described


@dataclass(frozen=True, slots=True)
class _Material:
    """What operations and components are made of."""

    scim: ScimComponents
    smorest: Document
    failures: Mapping[str, Failure]
    operations: Mapping[tuple[str, str], Operation]
    details: Mapping[tuple[str, str], Details]

    @classmethod
    def of(cls, app: Flask, registry: Registry) -> _Material:
        smorest = smorest_document(app)
        scim = ScimComponents.build(registry, Served.by(app), smorest["components"]["schemas"])
        return cls(
            scim=scim,
            smorest=smorest,
            failures=failures(app),
            operations={
                **scim_operations(registry, scim.names, scim.features),
                **plain_operations(),
                **graph_operations(),
                **graph_login_operations(),
                **openid_operations(scim.served.url.removesuffix(SCIM_PREFIX)),
            },
            details=details(),
        )

    def operation(self, route: Route) -> Document:
        if route.key in self.operations:
            return operation_document(self.operations[route.key], route.access, self.failures)
        try:
            said = self.details[route.key]
            document = self.smorest["paths"][route.path][route.method]
        except KeyError as error:
            raise UndescribedRoute(f"{route.method.upper()} {route.path} has no words in api/openapi") from error
        return operation_of(document, route, said, self.failures)

    def path_parameters(self, route: Route) -> Document:
        found = path_parameters((name, *_words_for(name, route.path)) for name in route.parameters)
        return {"parameters": found} if found else {}

    def components(self) -> Document:
        return {
            "schemas": {
                **self.scim.schemas(),
                **self.smorest["components"]["schemas"],
                **openid_schemas(),
                **b2c_schemas(),
                **graph_schemas(),
            },
            "parameters": {**parameters(self.scim.features), **graph_parameters()},
            "headers": {**headers(self.scim.served.url), **graph_headers()},
            "requestBodies": {
                **self.scim.bodies(),
                **plain_bodies(),
                **openid_bodies(),
                **graph_bodies(),
                **graph_login_bodies(),
            },
            "responses": {name: failure.response for name, failure in self.failures.items()},
            "examples": self.scim.examples(),
        }


def _words_for(parameter: str, path: str) -> tuple[str, str]:
    words = _PATH_PARAMETERS.get(path) or _PATH_PARAMETERS.get(parameter)
    if words is None:
        raise UndescribedRoute(f"{path} has a parameter without words in api/openapi")
    return words


def _tags(paths: Document) -> Iterator[str]:
    for methods in paths.values():
        for name, operation in methods.items():
            if name != "parameters":
                yield from operation["tags"]


def _bearer() -> Document:
    scopes = ", ".join(f"`{scope}`" for scope in sorted(ALL_SCOPES))
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token (RFC 6750) of the service itself, by `/oauth2/token` or `lineproof token`, or "
        f"of an issuer that it trusts. Its scopes are `openid` and its like, and {scopes}.",
    }
