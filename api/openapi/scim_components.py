"""The components of SCIM: schemas, bodies and examples of every resource type, of discovery and of the messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.errors import JSON_TYPE, SCIM_TYPE
from api.openapi import messages
from api.openapi.messages import reference
from api.openapi.names import component_names
from api.openapi.parameters import search_members
from api.openapi.samples import Samples, page
from api.openapi.scim_schemas import Side, discovery_schema, extension_schema, resource_schema, served_schemas
from api.resources.scim_bulk import BULK_RESPONSE_SCHEMA
from scim.bulk import BULK_REQUEST_SCHEMA
from scim.discovery import SERVICE_PROVIDER_CONFIG_SCHEMA
from scim.messages import SEARCH_REQUEST_SCHEMA
from scim.resource_types import RESOURCE_TYPE_SCHEMA
from scim.schemas import SCHEMA_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from api.openapi.served import Served
    from scim.discovery import Features
    from scim.resource_types import Registry, ResourceType
    from scim.schemas import Schema

Document = dict[str, Any]

_DISCOVERY = {
    "ServiceProviderConfig": SERVICE_PROVIDER_CONFIG_SCHEMA,
    "ResourceType": RESOURCE_TYPE_SCHEMA,
    "Schema": SCHEMA_SCHEMA,
}
_LISTED = ("ResourceType", "Schema")


@dataclass(frozen=True, slots=True)
class ScimComponents:
    """What the operations of SCIM refer to.

    `names` are the components of resource types, by their names, and of extensions, by their URNs; `shown` are the
    schemas as they are served.
    """

    registry: Registry
    served: Served
    features: Features
    names: Mapping[str, str]
    shown: Mapping[str, Schema]

    @classmethod
    def build(cls, registry: Registry, served: Served, taken: Collection[str]) -> ScimComponents:
        """Name all components, other than those that are taken."""
        features = served.features()
        fixed = {*_messages(features), *_DISCOVERY, *(f"{name}List" for name in _LISTED), "ResourceList"}
        return cls(
            registry=registry,
            served=served,
            features=features,
            names=component_names(registry, {*taken, *fixed}),
            shown=served_schemas(registry, served.schemas),
        )

    def schemas(self) -> Document:
        """Describe every body."""
        types = self.registry.resource_types
        described: Document = {}
        for item in types:
            described.update(self._of_type(item))
        for urn in self._extensions():
            described.update(self._of_extension(urn))
        described["ResourceList"] = messages.list_schema([self.names[item.name] for item in types], self.features)
        common = types[0].common
        for name, urn in _DISCOVERY.items():
            described[name] = discovery_schema(self.shown[urn], common)
        for name in _LISTED:
            described[f"{name}List"] = messages.list_schema([name], self.features)
        return {**described, **_messages(self.features)}

    def bodies(self) -> Document:
        """Describe every body of a request, with its examples."""
        bodies = {"Search": _body("SearchRequest", ["SearchRequest"]), "Bulk": _body("BulkRequest", ["BulkRequest"])}
        for item in self.registry.resource_types:
            name = self.names[item.name]
            bodies[name] = _body(f"{name}Request", [f"{name}Request"])
            patches = Samples(self.served.url, self.shown).patches(item)
            bodies[f"{name}Patch"] = _body("PatchRequest", [f"{name}.{key}" for key in patches])
        return bodies

    def examples(self) -> Document:
        """Write every example, under the name of its schema."""
        samples = Samples(self.served.url, self.shown)
        values = {**self._discovered(), **self._protocol(samples)}
        for item in self.registry.resource_types:
            name = self.names[item.name]
            values[name] = samples.answer(item)
            values[f"{name}List"] = page([values[name]])
            values[f"{name}Request"] = samples.request(item)
            values.update({f"{name}.{key}": value for key, value in samples.patches(item).items()})
        return {name: {"value": value} for name, value in values.items()}

    def _discovered(self) -> Document:
        # The documents themselves, but of the schemas only the shortest.
        schema = min(self.served.schemas, key=lambda item: len(str(item)))
        return {
            "ServiceProviderConfig": self.served.config,
            "ResourceType": self.served.resource_types[0],
            "ResourceTypeList": page(list(self.served.resource_types)),
            "Schema": schema,
            "SchemaList": page([schema]),
        }

    def _protocol(self, samples: Samples) -> Document:
        types = self.registry.resource_types
        body, endpoint = samples.request(types[0]), types[0].endpoint
        return {
            "ResourceList": page([samples.answer(item) for item in types]),
            "SearchRequest": {"schemas": [SEARCH_REQUEST_SCHEMA], "filter": "id pr", "count": 10},
            "BulkRequest": {
                "schemas": [BULK_REQUEST_SCHEMA],
                "Operations": [{"method": "POST", "path": endpoint, "bulkId": "one", "data": body}],
            },
            "BulkResponse": {
                "schemas": [BULK_RESPONSE_SCHEMA],
                "Operations": [samples.bulk_outcome(types[0])],
            },
        }

    def _of_type(self, item: ResourceType) -> Document:
        name, schema = self.names[item.name], self.shown[item.schema.id]
        requested = {urn: f"{component}Request" for urn, component in self._extensions().items()}
        return {
            name: resource_schema(item, self._extensions(), schema, Side.ANSWER),
            f"{name}Request": resource_schema(item, requested, schema, Side.REQUEST),
            f"{name}List": messages.list_schema([name], self.features),
        }

    def _of_extension(self, urn: str) -> Document:
        name, schema = self.names[urn], self.shown[urn]
        return {
            name: extension_schema(schema, Side.ANSWER),
            f"{name}Request": extension_schema(schema, Side.REQUEST),
        }

    def _extensions(self) -> dict[str, str]:
        # A dialect may leave nothing of an extension.
        return {urn: name for urn, name in self.names.items() if urn in self.shown and self.shown[urn].attributes}


def _messages(features: Features) -> Document:
    return {
        "PatchRequest": messages.patch_request(),
        "PatchOperation": messages.patch_operation(),
        "SearchRequest": messages.search_request(search_members(features)),
        "BulkRequest": messages.bulk_request(features),
        "BulkOperation": messages.bulk_operation(),
        "BulkResponse": messages.bulk_response(),
        "ScimError": messages.error_schema(),
    }


def _body(schema: str, examples: Iterable[str]) -> Document:
    shown = {name.rpartition(".")[2]: {"$ref": f"#/components/examples/{name}"} for name in examples}
    media = {"schema": reference(schema), "examples": shown}
    return {"required": True, "content": {SCIM_TYPE: media, JSON_TYPE: media}}
