"""/ServiceProviderConfig, /ResourceTypes and /Schemas: what this server is, told from its own data (RFC 7644 §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from api.auth.scopes import public
from api.dialect import idle_names, present_schemas
from api.rendering import list_body
from api.resources.answers import scim_answer
from api.resources.routes import add_route
from scim.discovery import resource_type_documents, schema_documents, service_provider_config
from scim.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint

    from api.dialect import Dialect
    from scim.discovery import Features
    from scim.resource_types import Registry
    from verification.policy import Policy

Documents = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class DiscoveryViews:
    """The views of discovery; their bodies are made once, as they never change while the server runs."""

    config: bytes
    resource_types: Documents
    schemas: Documents

    @classmethod
    def build(
        cls, registry: Registry, features: Features, policy: Policy, *, dialect: Dialect, scim_url: str
    ) -> DiscoveryViews:
        """Make all bodies."""
        presented = present_schemas(
            schema_documents(registry, scim_url),
            dialect,
            idle_names(policy),
        )
        # A schema of which nothing is served says nothing.
        schemas = _by_id([schema for schema in presented if schema["attributes"]])
        resource_types = [_with_known(item, schemas) for item in resource_type_documents(registry, scim_url)]
        return cls(
            config=orjson.dumps(service_provider_config(features, scim_url)),
            resource_types=_by_id(resource_types),
            schemas=schemas,
        )

    def register(self, blueprint: Blueprint) -> None:
        """Add the routes; RFC 7644 §4 lets them be read without a token."""
        add_route(blueprint, "/ServiceProviderConfig", "GET", self.service_provider_config, public)
        add_route(blueprint, "/ResourceTypes", "GET", self._list_of(self.resource_types), public)
        add_route(blueprint, "/ResourceTypes/<resource_id>", "GET", self._one_of(self.resource_types), public)
        add_route(blueprint, "/Schemas", "GET", self._list_of(self.schemas), public)
        add_route(blueprint, "/Schemas/<resource_id>", "GET", self._one_of(self.schemas), public)

    def service_provider_config(self) -> Response:
        """GET what the server can do."""
        _refuse_filter()
        return scim_answer(self.config)

    def _list_of(self, documents: Documents) -> Callable[[], Response]:
        body = list_body(list(documents.values()), total=len(documents), start_index=1)

        def view() -> Response:
            _refuse_filter()
            return scim_answer(body)

        return view

    def _one_of(self, documents: Documents) -> Callable[..., Response]:
        # Schema URNs are compared without case (RFC 8141 §3.1).
        folded = {name.lower(): body for name, body in documents.items()}

        def view(resource_id: str) -> Response:
            body = folded.get(resource_id.lower())
            if body is None:
                raise NotFound
            return scim_answer(body)

        return view


def _refuse_filter() -> None:
    # RFC 7644 §4: a filter SHALL be refused with 403.
    if "filter" in request.args:
        raise Forbidden("Discovery cannot be filtered.")


def _with_known(resource_type: dict[str, Any], schemas: Documents) -> dict[str, Any]:
    extensions = [item for item in resource_type["schemaExtensions"] if item["schema"] in schemas]
    return {**resource_type, "schemaExtensions": extensions}


def _by_id(documents: list[dict[str, Any]]) -> Documents:
    return {document["id"]: orjson.dumps(document) for document in documents}
