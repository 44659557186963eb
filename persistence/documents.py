"""A resource's document as it is stored: two JSON texts, and the keys it is found by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from scim.attributes import AttributeType, UniquenessScope
from scim.errors import InvalidValue
from scim.folding import fold
from scim.resource_types import Resolved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scim.attributes import Attribute
    from scim.resource_types import ResourceType

IndexedValues = tuple[tuple[str, int, str], ...]
"""Attribute, position and key of each value that has an index."""
UniqueKey = tuple[str, str]
"""The path of an attribute, and the key of a value that must be unique."""

# Multi-valued attributes whose values have an index.
INDEXED_VALUES = ("emails", "phoneNumbers")

# What every database takes into an index; PostgreSQL's own limit is some 2,700 bytes for all columns of one.
LONGEST_KEY = 2048

# Computed when a resource is read; never part of the stored document.
_COMPUTED = frozenset({"schemas", "id", "meta"})


class StoredResource(NamedTuple):
    """A resource as it is stored: the JSON texts are handed on as they are wherever possible.

    A tuple, since a page has a hundred of them, and a frozen dataclass takes ten times as long to be made of a row.
    """

    id: str
    resource_type: str
    version: int
    body: bytes
    extensions: str
    created_at: datetime
    last_modified_at: datetime
    has_groups: bool
    """Whether it was in any group when it was read, so that it is worth asking for them."""

    def __repr__(self) -> str:
        """Name the resource, and tell nothing of what is in it."""
        return f"StoredResource({self.resource_type} {self.id}, version {self.version})"

    def document(self) -> dict[str, Any]:
        """Parse the attributes: those of the core and, below their URNs, those of extensions.

        Without `schemas`, `id`, `meta`, and what is kept as rows.
        """
        document: dict[str, Any] = orjson.loads(self.body)
        if self.extensions:
            document.update(orjson.loads(self.extensions))
        return document


@dataclass(frozen=True, slots=True)
class Split:
    """A document taken apart."""

    body: str
    extensions: str
    name_key: str | None
    display_name_key: str | None
    label: str | None
    external_id: str | None
    is_active: bool | None
    values: IndexedValues
    uniques: tuple[UniqueKey, ...]
    """What must be unique beside the name."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the attributes of a resource type are stored."""

    resource_type: ResourceType
    urns: frozenset[str]
    rows: frozenset[str]
    """Attributes whose elements are rows of a table of their own."""
    left_out: frozenset[str]
    name: Attribute | None
    """What names a resource among all of its type: the first attribute that is unique on the server."""
    display_name: Attribute | None
    external_id: Attribute | None
    values: tuple[tuple[str, Attribute], ...]
    """The multi-valued attributes whose values have an index, and their `value`."""
    uniques: tuple[Resolved, ...]
    """The attributes and sub-attributes whose values are unique, but the name."""


_layouts: dict[int, Layout] = {}
_MOST_LAYOUTS = 256


def layout_of(resource_type: ResourceType) -> Layout:
    """Return the layout of a resource type, which is worked out once."""
    found = _layouts.get(id(resource_type))
    if found is None or found.resource_type is not resource_type:
        if len(_layouts) >= _MOST_LAYOUTS:
            _layouts.clear()
        found = _layouts[id(resource_type)] = _lay_out(resource_type)
    return found


def split(document: dict[str, Any], resource_type: ResourceType) -> Split:
    """Take a document apart.

    Raises:
        InvalidValue: A value is too long to be found by, or holds U+0000, which no text of PostgreSQL can.
    """
    layout = layout_of(resource_type)
    body = {name: value for name, value in document.items() if name not in layout.left_out}
    extensions = {urn: value for urn, value in document.items() if urn in layout.urns}
    active = document.get("active")
    return Split(
        body=_text(body),
        extensions=_text(extensions) if extensions else "",
        name_key=_key(layout.name, document),
        display_name_key=_key(layout.display_name, document),
        label=_label(layout, document),
        external_id=_key(layout.external_id, document),
        is_active=active if isinstance(active, bool) else None,
        values=values_of(document, resource_type),
        uniques=uniques_of(document, resource_type),
    )


def values_of(document: dict[str, Any], resource_type: ResourceType) -> IndexedValues:
    """List attribute, position and key of each value that has an index."""
    return tuple(
        (name, position, key)
        for name, attribute in layout_of(resource_type).values
        for position, element in enumerate(document.get(name, ()))
        if (key := _key(attribute, element)) is not None
    )


def uniques_of(document: dict[str, Any], resource_type: ResourceType) -> tuple[UniqueKey, ...]:
    """List each value that must be unique beside the name, once."""
    found = [
        (_path(target), key)
        for target in layout_of(resource_type).uniques
        for value in _values(document, target)
        if (key := _value_key(target.sub or target.attribute, value)) is not None
    ]
    return tuple(dict.fromkeys(found))


def is_storable(text: str) -> bool:
    """Say whether the database can hold a text, so that it is worth looking for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _lay_out(resource_type: ResourceType) -> Layout:
    core = {attribute.name: attribute for home, attribute in resource_type.walk() if home is None}
    urns = frozenset(extension.schema.id for extension in resource_type.extensions)
    # Memberships are rows, seen from either end.
    rows = frozenset({"members"} if resource_type.name == "Group" else {"groups"} if resource_type.has_groups else ())
    values = ((name, core[name].sub("value")) for name in INDEXED_VALUES if name in core and core[name].multi_valued)
    name = next((attribute for attribute in core.values() if _is_name(attribute)), None)
    display_name = core.get("displayName")
    return Layout(
        resource_type=resource_type,
        urns=urns,
        rows=rows,
        left_out=_COMPUTED | rows | urns,
        name=name,
        display_name=display_name if display_name is not None and _is_text(display_name) else None,
        external_id=core.get("externalId"),
        values=tuple((name, value) for name, value in values if value is not None and _is_text(value)),
        uniques=tuple(
            target
            for target in _all_of(resource_type)
            if (target.sub or target.attribute).uniqueness is not UniquenessScope.NONE
            and not (target.extension is None and target.sub is None and target.attribute in {name, core.get("id")})
            and not (target.extension is None and target.attribute.name in rows)
        ),
    )


def _all_of(resource_type: ResourceType) -> Iterator[Resolved]:
    """List the attributes and sub-attributes of a type."""
    for home, attribute in resource_type.walk():
        yield Resolved(home, attribute)
        yield from (Resolved(home, attribute, sub) for sub in attribute.sub_attributes)


def _is_name(attribute: Attribute) -> bool:
    is_unique = attribute.uniqueness is not UniquenessScope.NONE and attribute.name != "id"
    return is_unique and _is_text(attribute)


def _is_text(attribute: Attribute) -> bool:
    return attribute.type is AttributeType.STRING and not attribute.multi_valued


def _path(target: Resolved) -> str:
    prefix = f"{target.extension}:" if target.extension else ""
    return f"{prefix}{target.attribute.name}" + (f".{target.sub.name}" if target.sub else "")


def _values(document: dict[str, Any], target: Resolved) -> Iterator[object]:
    home = document if target.extension is None else document.get(target.extension, {})
    for element in _listed(home.get(target.attribute.name)):
        yield from _listed(element.get(target.sub.name) if target.sub and isinstance(element, dict) else element)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _key(attribute: Attribute | None, holder: dict[str, Any]) -> str | None:
    return None if attribute is None else _value_key(attribute, holder.get(attribute.name))


def _value_key(attribute: Attribute, value: object) -> str | None:
    if isinstance(value, int) and attribute.type is AttributeType.INTEGER:
        value = str(value)
    if not isinstance(value, str):
        return None
    # RFC 7643 §2.3.7: references are case exact, whatever the schema forgot to say.
    key = value if attribute.case_exact or attribute.type is not AttributeType.STRING else fold(value)
    if len(key.encode()) > LONGEST_KEY:
        raise InvalidValue(f"A value of {attribute.name} may be {LONGEST_KEY} bytes long at most.")
    return key


def _label(layout: Layout, document: dict[str, Any]) -> str | None:
    """Return what a resource is called: its display name. A userName is to sign in with, not to be called by."""
    value = None if layout.display_name is None else document.get(layout.display_name.name)
    return value if isinstance(value, str) and value else None


def _text(value: dict[str, Any]) -> str:
    text = orjson.dumps(value).decode()
    if "\\u0000" in text and _has_null(value):
        raise InvalidValue("A text must not hold the character U+0000.")
    return text


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(item) for pair in value.items() for item in pair)
    if isinstance(value, list):
        return any(_has_null(item) for item in value)
    return isinstance(value, str) and "\0" in value
