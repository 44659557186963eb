"""Resource types (RFC 7643 §6): which schemas a resource is made of, and what a name in a request means for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from scim.attributes import Mutability
from scim.documents import Document, common_attributes_document, extra_documents, packaged_documents
from scim.schemas import Schema, SchemaFault, read_attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scim.attributes import Attribute, AttributePath

RESOURCE_TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

# One plain path segment: it becomes a route.
_ENDPOINT = re.compile(r"/[A-Za-z][A-Za-z0-9_-]*")
# RFC 7644 §3.2 gives these a meaning of their own.
_RESERVED = frozenset({"/me", "/bulk", "/schemas", "/resourcetypes", "/serviceproviderconfig"})


@dataclass(frozen=True, slots=True)
class Extension:
    """A schema that adds attributes to a resource type, under its own URN."""

    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a path means: the attribute, where it lives (None: in the core schema), and the sub-attribute named."""

    extension: str | None
    attribute: Attribute
    sub: Attribute | None = None


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A type of resource, its endpoint and its schemas.

    *common* are the attributes every resource has (RFC 7643 §3.1 and `schemas`).
    """

    id: str
    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Extension, ...] = ()
    common: tuple[Attribute, ...] = ()
    _targets: Mapping[tuple[str, str], Resolved] = field(init=False, repr=False, compare=False)
    _schemas: Mapping[str, Schema] = field(init=False, repr=False, compare=False)
    _written: tuple[tuple[str | None, Attribute], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index every name a request may use, aliases followed."""
        schemas = {schema.id.lower(): schema for schema in (self.schema, *(item.schema for item in self.extensions))}
        object.__setattr__(self, "_schemas", schemas)
        object.__setattr__(self, "_targets", self._index())
        written = tuple((home, attribute) for home, attribute in self._all() if attribute.alias_of is None)
        object.__setattr__(self, "_written", written)

    @property
    def has_groups(self) -> bool:
        """Say whether its resources show the groups they are in: whether `groups` is a list that nobody writes."""
        return any(
            item.name == "groups" and item.is_complex and item.multi_valued and item.mutability is Mutability.READ_ONLY
            for item in self.schema.attributes
        )

    def resolve(self, path: AttributePath) -> Resolved | None:
        """Find the attribute a path names, without case and with aliases followed; None where there is none.

        A name without a URN is looked for in the core schema and among the common attributes only: RFC 7644
        §3.10 wants the attributes of an extension to carry its URN.
        """
        found = self.find(path.urn, path.name)
        if found is None or path.sub is None:
            return found
        sub = found.attribute.sub(path.sub)
        return None if sub is None else Resolved(found.extension, found.attribute, sub)

    def find(self, urn: str | None, name: str) -> Resolved | None:
        """Find an attribute as `resolve` does, by the URN of its schema (None: the core schema) and its name."""
        return self._targets.get(((urn or self.schema.id).lower(), name.lower()))

    def schema_named(self, urn: str) -> Schema | None:
        """Find the core schema or an extension by its URN, without case."""
        return self._schemas.get(urn.lower())

    def walk(self) -> tuple[tuple[str | None, Attribute], ...]:
        """List each attribute that is not an alias with its extension, in the order a resource is written."""
        return self._written

    def _all(self) -> Iterator[tuple[str | None, Attribute]]:
        # A core schema that repeats a common attribute (RFC 7643 §3.1 says it need not) does not change it.
        common = {attribute.name.lower() for attribute in self.common}
        own = (attribute for attribute in self.schema.attributes if attribute.name.lower() not in common)
        for attribute in (*self.common, *own):
            yield None, attribute
        for extension in self.extensions:
            for attribute in extension.schema.attributes:
                yield extension.schema.id, attribute

    def _index(self) -> dict[tuple[str, str], Resolved]:
        targets: dict[tuple[str, str], Resolved] = {}
        aliases: list[tuple[tuple[str, str], str]] = []
        for home, attribute in self._all():
            key = ((home or self.schema.id).lower(), attribute.name.lower())
            if attribute.alias_of is None:
                targets[key] = Resolved(home, attribute)
            else:
                aliases.append((key, attribute.alias_of))
        # Aliases go by the attributes proper only: an alias of an alias would need a bound on the walk.
        return targets | {key: self._target(targets, key, text) for key, text in aliases}

    def _target(self, targets: Mapping[tuple[str, str], Resolved], key: tuple[str, str], text: str) -> Resolved:
        urn, _, name = text.rpartition(":")
        found = targets.get((urn.lower(), name.lower()))
        if found is None:
            raise SchemaFault(f"{':'.join(key)} is an alias of {text}, which the resource type {self.name} has not")
        return found


@dataclass(frozen=True, slots=True)
class Registry:
    """All schemas and resource types of a server."""

    schemas: tuple[Schema, ...]
    resource_types: tuple[ResourceType, ...]

    def schema(self, urn: str) -> Schema | None:
        """Find a schema by its URN, without case."""
        return next((schema for schema in self.schemas if schema.id.lower() == urn.lower()), None)

    def resource_type(self, name: str) -> ResourceType | None:
        """Find a resource type by its name, without case."""
        return next((item for item in self.resource_types if item.name.lower() == name.lower()), None)

    def without(self, names: frozenset[str]) -> Registry:
        """Make a registry that lacks some attributes, given by their full names, and every alias of them."""
        gone = {name.lower() for name in names}
        kept = {schema.id.lower(): _without(schema, gone) for schema in self.schemas}
        return Registry(tuple(kept.values()), tuple(_relinked(item, kept) for item in self.resource_types))


def load_registry(extra_directory: Path | None = None) -> Registry:
    """Read the schemas and resource types of the package, and those a deployer adds in a directory.

    Each `*.json` file there holds one document or a list of them: schemas, resource types, or extensions to a
    resource type that exists (a resource type document of its name). Raises SchemaFault naming file and fault.
    """
    if extra_directory is None:
        return _packaged_registry()
    return _registry_of(packaged_documents() + extra_documents(extra_directory))


@cache
def _packaged_registry() -> Registry:
    return _registry_of(packaged_documents())


def _registry_of(documents: tuple[Document, ...]) -> Registry:
    schemas = _read_schemas(documents)
    common = read_attributes(common_attributes_document().content["attributes"], "common attributes")
    types: dict[str, ResourceType] = {}
    for document in documents:
        if not document.is_schema:
            with document.faults():
                _add_resource_type(types, document.content, schemas, common)
    return Registry(tuple(schemas.values()), tuple(types.values()))


def _read_schemas(documents: tuple[Document, ...]) -> dict[str, Schema]:
    schemas: dict[str, Schema] = {}
    for document in documents:
        if document.is_schema:
            with document.faults():
                schema = Schema.from_document(document.content)
                if schema.id.lower() in schemas:
                    raise SchemaFault(f"the schema {schema.id} is already defined")
                schemas[schema.id.lower()] = schema
    return schemas


def _add_resource_type(
    types: dict[str, ResourceType],
    document: Mapping[str, Any],
    schemas: Mapping[str, Schema],
    common: tuple[Attribute, ...],
) -> None:
    name = document.get("name")
    if not isinstance(name, str) or not name:
        raise SchemaFault("a resource type needs a text as its name")
    extensions = _read_extensions(document, schemas, name)
    known = types.get(name.lower())
    if known is None:
        types[name.lower()] = _read_resource_type(document, name, schemas, extensions, common)
        for member in ("endpoint", "id"):
            if len({getattr(item, member).lower() for item in types.values()}) < len(types):
                raise SchemaFault(f"the {member} of the resource type {name} is already that of another")
    else:
        types[name.lower()] = _extended(known, document, extensions)


def _read_resource_type(
    document: Mapping[str, Any],
    name: str,
    schemas: Mapping[str, Schema],
    extensions: tuple[Extension, ...],
    common: tuple[Attribute, ...],
) -> ResourceType:
    endpoint = document.get("endpoint")
    if not isinstance(endpoint, str) or _ENDPOINT.fullmatch(endpoint) is None:
        raise SchemaFault(f'the endpoint of the resource type {name} must be of the form "/Name"')
    if endpoint.lower() in _RESERVED:
        raise SchemaFault(f"the endpoint {endpoint} of the resource type {name} is taken by the protocol")
    return ResourceType(
        id=str(document.get("id") or name),
        name=name,
        endpoint=endpoint,
        description=str(document.get("description") or ""),
        schema=_known(document.get("schema"), schemas, name),
        extensions=extensions,
        common=common,
    )


def _read_extensions(document: Mapping[str, Any], schemas: Mapping[str, Schema], name: str) -> tuple[Extension, ...]:
    listed = document.get("schemaExtensions", [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise SchemaFault(f"the resource type {name} needs a list of objects as its schemaExtensions")
    return tuple(Extension(_known(item.get("schema"), schemas, name), item.get("required") is True) for item in listed)


def _extended(known: ResourceType, document: Mapping[str, Any], extensions: tuple[Extension, ...]) -> ResourceType:
    for member, present in (("endpoint", known.endpoint), ("schema", known.schema.id)):
        if document.get(member, present) != present:
            raise SchemaFault(f"the resource type {known.name} is already defined with another {member}")
    added = tuple(item for item in extensions if known.schema_named(item.schema.id) is None)
    return replace(known, extensions=(*known.extensions, *added))


def _known(urn: object, schemas: Mapping[str, Schema], name: str) -> Schema:
    schema = schemas.get(urn.lower()) if isinstance(urn, str) else None
    if schema is None:
        raise SchemaFault(f"the resource type {name} names the schema {urn}, which is not defined")
    # RFC 7643 §2.3.8: a complex attribute of a resource has no complex sub-attributes.
    for attribute in schema.attributes:
        if any(sub.is_complex for sub in attribute.sub_attributes):
            raise SchemaFault(f"{schema.urn_of(attribute)} is complex and holds a complex sub-attribute")
    return schema


def _without(schema: Schema, gone: set[str]) -> Schema:
    def is_kept(attribute: Attribute) -> bool:
        return schema.urn_of(attribute).lower() not in gone and (attribute.alias_of or "").lower() not in gone

    return replace(schema, attributes=tuple(filter(is_kept, schema.attributes)))


def _relinked(resource_type: ResourceType, schemas: Mapping[str, Schema]) -> ResourceType:
    extensions = tuple(replace(item, schema=schemas[item.schema.id.lower()]) for item in resource_type.extensions)
    return replace(resource_type, schema=schemas[resource_type.schema.id.lower()], extensions=extensions)
