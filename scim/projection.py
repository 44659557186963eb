"""Which attributes of a resource an answer holds (RFC 7644 §3.9, RFC 7643 §7 `returned`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim.attributes import Attribute, Returned, parse_attribute_path
from scim.errors import InvalidPath, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scim.resource_types import Resolved, ResourceType

Document = dict[str, Any]

# Where an attribute lives (None: in the core schema), and its name.
_Key = tuple[str | None, str]
# The sub-attributes that are meant; None stands for the attribute as a whole.
_Subs = frozenset[str] | None
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """The names of the attributes a request asks for or does without; without any, the default ones."""

    attributes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse both at once: RFC 7644 §3.9 calls them mutually exclusive."""
        if self.attributes and self.excluded:
            raise InvalidValue("attributes and excludedAttributes cannot both be given.")

    @classmethod
    def from_query(cls, attributes: str | None, excluded: str | None) -> Projection:
        """Read the two query parameters, lists with commas; a blank one is as good as none."""
        return cls.from_names((attributes or "").split(","), (excluded or "").split(","))

    @classmethod
    def from_names(cls, attributes: Iterable[str], excluded: Iterable[str]) -> Projection:
        """Take the two lists of a search request."""
        return cls(_stripped(attributes), _stripped(excluded))

    @property
    def is_default(self) -> bool:
        """Say whether nothing special is asked for."""
        return not self.attributes and not self.excluded

    def selection(self, resource_type: ResourceType) -> Selection:
        """Work out what the names mean for a type of resource; names it does not know are ignored."""
        return Selection(
            resource_type,
            _meant(self.attributes, resource_type) if self.attributes else None,
            _meant(self.excluded, resource_type),
        )

    def apply(self, document: Document, resource_type: ResourceType) -> Document:
        """Return what an answer shows of a document; the document itself is left as it is."""
        return self.selection(resource_type).apply(document)


@dataclass(frozen=True, slots=True)
class Selection:
    """A projection worked out for one type of resource, to be applied to many."""

    resource_type: ResourceType
    asked: Mapping[_Key, _Subs] | None
    excluded: Mapping[_Key, _Subs]

    def apply(self, document: Document) -> Document:
        """Return what an answer shows of a document; the document itself is left as it is."""
        shown: Document = {}
        for name, value in document.items():
            schema = self.resource_type.schema_named(name)
            if schema is None:
                kept = self._of(self.resource_type.find(None, name), value)
            else:
                inner = {key: self._of(self.resource_type.find(name, key), part) for key, part in value.items()}
                kept = {key: part for key, part in inner.items() if part is not None} or None
            if kept is not None:
                shown[name] = kept
        return shown

    def shows(self, name: str) -> bool:
        """Say whether an answer may hold any of a core attribute, so that what is costly is computed only then."""
        resolved = self.resource_type.find(None, name)
        if resolved is None or resolved.attribute.returned is Returned.NEVER:
            return False
        key = (resolved.extension, resolved.attribute.name)
        if resolved.attribute.returned is Returned.ALWAYS:
            return True
        if self.asked is not None:
            return key in self.asked
        return resolved.attribute.returned is Returned.DEFAULT and self.excluded.get(key, _NOTHING) is not None

    def _of(self, resolved: Resolved | None, value: Any) -> Any:  # noqa: ANN401 - JSON values
        if resolved is None or resolved.attribute.returned is Returned.NEVER:
            return None
        attribute = resolved.attribute
        key = (resolved.extension, attribute.name)
        excluded = self.excluded.get(key, _NOTHING)
        if attribute.returned is Returned.ALWAYS:
            return _parts(attribute, value, None, excluded or _NOTHING)
        if self.asked is not None:
            return _parts(attribute, value, self.asked[key], _NOTHING) if key in self.asked else None
        if attribute.returned is Returned.REQUEST or excluded is None:
            return None
        return _parts(attribute, value, None, excluded)


def _parts(attribute: Attribute, value: Any, asked: _Subs, excluded: frozenset[str]) -> Any:  # noqa: ANN401 - JSON
    if not attribute.is_complex:
        return value
    names = {sub.name for sub in attribute.sub_attributes if _is_shown(sub, asked, excluded)}
    if len(names) == len(attribute.sub_attributes):
        return value
    if not attribute.multi_valued:
        return _only(value, names) or None
    return [part for part in (_only(element, names) for element in value) if part] or None


def _only(value: Document, names: set[str]) -> Document:
    return {name: part for name, part in value.items() if name in names}


def _is_shown(sub: Attribute, asked: _Subs, excluded: frozenset[str]) -> bool:
    if sub.returned in (Returned.ALWAYS, Returned.NEVER):
        return sub.returned is Returned.ALWAYS
    if asked is not None:
        return sub.name in asked
    return sub.returned is Returned.DEFAULT and sub.name not in excluded


def _stripped(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())


def _meant(names: tuple[str, ...], resource_type: ResourceType) -> dict[_Key, _Subs]:
    meant: dict[_Key, _Subs] = {}
    for name in names:
        for resolved in _named(name, resource_type):
            key = (resolved.extension, resolved.attribute.name)
            before = meant.get(key, _NOTHING)
            # A whole attribute stays whole when one of its parts is named as well.
            meant[key] = None if resolved.sub is None or before is None else before | {resolved.sub.name}
    return meant


def _named(name: str, resource_type: ResourceType) -> list[Resolved]:
    schema = resource_type.schema_named(name)
    if schema is not None:
        # RFC 7644 §3.10 knows no name for a whole schema, but clients use its URN for that.
        inside = (resource_type.find(schema.id, item.name) for item in schema.attributes)
        return [found for found in inside if found is not None and found.attribute.returned is not Returned.REQUEST]
    try:
        found = resource_type.resolve(parse_attribute_path(name))
    except InvalidPath:
        return []
    return [found] if found is not None else []
