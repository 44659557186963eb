"""SCIM schema data as JSON Schema: each attribute as /Schemas declares it, once for requests and once for answers.

What clients cannot write is left out of requests, and what is never returned out of answers. Everything a client
may ask to be left out of an answer is optional there.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from scim.attributes import Attribute, AttributeType, Mutability, Returned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scim.resource_types import Registry, ResourceType
    from scim.schemas import Schema

Document = dict[str, Any]

_TYPES: Mapping[AttributeType, Document] = {
    AttributeType.STRING: {"type": "string"},
    AttributeType.BOOLEAN: {"type": "boolean"},
    AttributeType.DECIMAL: {"type": "number"},
    AttributeType.INTEGER: {"type": "integer", "format": "int64"},
    AttributeType.DATE_TIME: {"type": "string", "format": "date-time"},
    # RFC 7643 §2.3.7: a reference may be relative, or a URN.
    AttributeType.REFERENCE: {"type": "string"},
    AttributeType.BINARY: {"type": "string", "contentEncoding": "base64"},
}


class Side(StrEnum):
    """Who writes a message."""

    REQUEST = auto()
    ANSWER = auto()


def served_schemas(registry: Registry, served: Iterable[Document]) -> dict[str, Schema]:
    """Return every schema that /Schemas serves, by its URN, with what it serves of it."""
    documents = {item["id"]: item["attributes"] for item in served}
    known = (schema for schema in registry.schemas if schema.id in documents)
    return {schema.id: _as_served(schema, documents[schema.id]) for schema in known}


def resource_schema(resource_type: ResourceType, names: Mapping[str, str], schema: Schema, side: Side) -> Document:
    """Describe a resource; `names` are the components of its extensions, by their URNs."""
    properties = _properties(_attributes_of(resource_type, schema), side)
    for extension in resource_type.extensions:
        if extension.schema.id in names:
            properties[extension.schema.id] = {"$ref": f"#/components/schemas/{names[extension.schema.id]}"}
    if side is Side.ANSWER:
        # It stands last in every answer.
        properties["meta"] = properties.pop("meta")
        return _object(resource_type.description, properties, ["schemas", "id"])
    # A request without it says by its endpoint what it is about.
    properties = {"schemas": _schemas_of_request(resource_type), **properties}
    required = [attribute.name for attribute in schema.attributes if attribute.required]
    required += [extension.schema.id for extension in resource_type.extensions if extension.required]
    return _object(resource_type.description, properties, [name for name in required if name in properties])


def extension_schema(schema: Schema, side: Side) -> Document:
    """Describe the attributes that an extension adds."""
    required = [item.name for item in schema.attributes if item.required] if side is Side.REQUEST else []
    return _object(schema.description, _properties(schema.attributes, side), required)


def discovery_schema(schema: Schema, common: Iterable[Attribute]) -> Document:
    """Describe a document of /ServiceProviderConfig, /ResourceTypes or /Schemas: those always come whole."""
    shared = {attribute.name: attribute for attribute in common}
    own = [attribute for attribute in schema.attributes if attribute.name not in shared]
    properties = _properties((shared["schemas"], *schema.attributes, shared["meta"]), Side.ANSWER)
    return _object(schema.description, properties, ["schemas", *(item.name for item in own if item.required), "meta"])


def _as_served(schema: Schema, documents: Iterable[Document]) -> Schema:
    # A deployment may leave attributes out, and show a list as one text; lengths and separators are not served.
    lists = {document["name"]: document["multiValued"] for document in documents}
    kept = (item for item in schema.attributes if item.name in lists)
    return replace(schema, attributes=tuple(replace(item, multi_valued=lists[item.name]) for item in kept))


def _attributes_of(resource_type: ResourceType, schema: Schema) -> tuple[Attribute, ...]:
    common = {attribute.name for attribute in resource_type.common}
    return (*resource_type.common, *(item for item in schema.attributes if item.name not in common))


def _object(description: str, properties: Document, required: list[str]) -> Document:
    return {
        **({"description": description} if description else {}),
        "type": "object",
        **({"required": required} if required else {}),
        "properties": properties,
    }


def _schemas_of_request(resource_type: ResourceType) -> Document:
    return {
        "description": "The URNs of the schemas the resource holds attributes of; it may be left out.",
        "type": "array",
        "items": {"type": "string"},
        "contains": {"const": resource_type.schema.id},
    }


def _properties(attributes: Iterable[Attribute], side: Side) -> Document:
    return {item.name: _attribute(item, side) for item in attributes if _is_part(item, side)}


def _is_part(attribute: Attribute, side: Side) -> bool:
    if side is Side.ANSWER:
        return attribute.returned is not Returned.NEVER
    return attribute.mutability is not Mutability.READ_ONLY


def _attribute(attribute: Attribute, side: Side) -> Document:
    described = {"description": _description(attribute)} if attribute.description else {}
    return {**described, **_value(attribute, side), **_direction(attribute, side)}


def _value(attribute: Attribute, side: Side) -> Document:
    element = _complex(attribute, side) if attribute.is_complex else _simple(attribute, side)
    if side is Side.REQUEST and attribute.separator is not None:
        return {"anyOf": [element, {"type": "array", "items": element}]}
    return {"type": "array", "items": element} if attribute.multi_valued else element


def _simple(attribute: Attribute, side: Side) -> Document:
    # What is required is more than a blank.
    is_needed = attribute.required and side is Side.REQUEST and attribute.type is AttributeType.STRING
    return {
        **_TYPES[attribute.type],
        **({"minLength": 1} if is_needed else {}),
        **({"maxLength": attribute.max_length} if attribute.max_length else {}),
        # RFC 7643 §7: canonical values are suggestions, so they are no enum.
        **({"examples": list(attribute.canonical_values)} if attribute.canonical_values else {}),
    }


def _complex(attribute: Attribute, side: Side) -> Document:
    required = [sub.name for sub in attribute.sub_attributes if sub.required] if side is Side.REQUEST else []
    return _object("", _properties(attribute.sub_attributes, side), required)


def _description(attribute: Attribute) -> str:
    if attribute.mutability is Mutability.IMMUTABLE:
        return f"{attribute.description} Cannot be changed once it is set."
    return attribute.description


def _direction(attribute: Attribute, side: Side) -> Document:
    if side is Side.ANSWER and attribute.mutability is Mutability.READ_ONLY:
        return {"readOnly": True}
    if side is Side.REQUEST and attribute.mutability is Mutability.WRITE_ONLY:
        return {"writeOnly": True}
    return {}
