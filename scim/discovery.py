"""The bodies of /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 §4).

*base_url* is the address of the SCIM endpoints, without a slash at its end: locations are built on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim.resource_types import RESOURCE_TYPE_SCHEMA

if TYPE_CHECKING:
    from scim.resource_types import Registry, ResourceType
    from scim.schemas import Schema

SERVICE_PROVIDER_CONFIG_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuthenticationScheme:
    """A way clients prove who they are (RFC 7643 §5)."""

    type: str
    name: str
    description: str
    spec_uri: str

    def to_document(self, *, is_primary: bool) -> Document:
        """Build the element that describes the scheme."""
        return {
            "type": self.type,
            "name": self.name,
            "description": self.description,
            "specUri": self.spec_uri,
            "primary": is_primary,
        }


BEARER_TOKEN = AuthenticationScheme(
    type="oauthbearertoken",
    name="OAuth Bearer Token",
    description="An access token in the Authorization header.",
    spec_uri="https://www.rfc-editor.org/info/rfc6750",
)


@dataclass(frozen=True, slots=True)
class BulkLimits:
    """What one bulk request may hold: operations, and bytes."""

    max_operations: int
    max_payload_size: int


@dataclass(frozen=True, slots=True)
class Features:
    """What a server offers of the protocol; what is None is not offered. The first scheme is the preferred one."""

    default_page_size: int
    max_results: int
    bulk: BulkLimits | None = None
    cursor_timeout: int | None = None
    """Seconds a cursor can be used for at least."""
    has_patch: bool = True
    has_sort: bool = True
    has_etag: bool = True
    may_change_password: bool = False
    documentation_uri: str | None = None
    authentication_schemes: tuple[AuthenticationScheme, ...] = (BEARER_TOKEN,)


def service_provider_config(features: Features, base_url: str) -> Document:
    """Build the body of /ServiceProviderConfig (RFC 7643 §5)."""
    schemes = [item.to_document(is_primary=not index) for index, item in enumerate(features.authentication_schemes)]
    return {
        "schemas": [SERVICE_PROVIDER_CONFIG_SCHEMA],
        **({"documentationUri": features.documentation_uri} if features.documentation_uri else {}),
        "patch": {"supported": features.has_patch},
        "bulk": _bulk(features.bulk),
        "filter": {"supported": True, "maxResults": features.max_results},
        "changePassword": {"supported": features.may_change_password},
        "sort": {"supported": features.has_sort},
        "etag": {"supported": features.has_etag},
        "pagination": _pagination(features),
        "authenticationSchemes": schemes,
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base_url}/ServiceProviderConfig"},
    }


def resource_type_documents(registry: Registry, base_url: str) -> list[Document]:
    """Build the documents of all resource types, for the list at /ResourceTypes."""
    return [_resource_type(item, base_url) for item in registry.resource_types]


def resource_type_document(registry: Registry, name: str, base_url: str) -> Document | None:
    """Build the body of /ResourceTypes/{name}; None where there is none of that name."""
    found = next((item for item in registry.resource_types if item.id == name), None)
    return None if found is None else _resource_type(found, base_url)


def schema_documents(registry: Registry, base_url: str) -> list[Document]:
    """Build the documents of all schemas, for the list at /Schemas."""
    return [_schema(item, base_url) for item in registry.schemas]


def schema_document(registry: Registry, urn: str, base_url: str) -> Document | None:
    """Build the body of /Schemas/{urn}; None where there is no such schema."""
    found = registry.schema(urn)
    return None if found is None else _schema(found, base_url)


def _bulk(limits: BulkLimits | None) -> Document:
    # RFC 7643 §5: both numbers are required, whether bulk is supported or not.
    return {
        "supported": limits is not None,
        "maxOperations": limits.max_operations if limits else 0,
        "maxPayloadSize": limits.max_payload_size if limits else 0,
    }


def _pagination(features: Features) -> Document:
    # RFC 9865 §4
    paging: Document = {
        "cursor": features.cursor_timeout is not None,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": features.default_page_size,
        "maxPageSize": features.max_results,
    }
    return paging if features.cursor_timeout is None else {**paging, "cursorTimeout": features.cursor_timeout}


def _resource_type(item: ResourceType, base_url: str) -> Document:
    return {
        "schemas": [RESOURCE_TYPE_SCHEMA],
        "id": item.id,
        "name": item.name,
        "endpoint": item.endpoint,
        "description": item.description,
        "schema": item.schema.id,
        "schemaExtensions": [{"schema": part.schema.id, "required": part.required} for part in item.extensions],
        "meta": {"resourceType": "ResourceType", "location": f"{base_url}/ResourceTypes/{item.id}"},
    }


def _schema(schema: Schema, base_url: str) -> Document:
    location = f"{base_url}/Schemas/{schema.id}"
    return {**schema.to_document(), "meta": {"resourceType": "Schema", "location": location}}
