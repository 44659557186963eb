"""Read the paths of PATCH operations (RFC 7644 §3.5.2) and find what they point at.

A fault in the filter between the brackets is invalidFilter, every other fault of a path invalidPath, as the
rows of RFC 7644 Table 9 say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scim.attributes import AttributePath, parse_attribute_path
from scim.errors import InvalidFilter, InvalidPath
from scim.filter_binding import BoundNode, bind_element
from scim.filters import DEFAULT_LIMITS, FilterLimits, FilterParser
from scim.resource_types import Resolved, ResourceType

if TYPE_CHECKING:
    from scim.filter_nodes import Node


@dataclass(frozen=True, slots=True)
class PatchPath:
    """A path as it is written: `attribute`, `attribute.sub`, `attribute[selector]` or `attribute[selector].sub`.

    The attribute never has a sub-attribute of its own here.
    """

    attribute: AttributePath
    selector: Node | None = None
    sub: str | None = None


@dataclass(frozen=True, slots=True)
class PatchTarget:
    """What a path points at: an attribute, or a whole schema.

    Without *resolved* it is everything of the extension, or of the core schema where that is None too. A
    selector is there both as written, to make an element from, and bound, to find elements with.
    """

    extension: str | None
    resolved: Resolved | None = None
    selector: Node | None = None
    bound_selector: BoundNode | None = None


def parse_path(text: str, *, limits: FilterLimits = DEFAULT_LIMITS) -> PatchPath:
    """Read a path; raise InvalidPath or InvalidFilter with the position of what is wrong."""
    if len(text) > limits.characters:
        raise _fault(limits.characters, f"a path may have {limits.characters} characters at most")
    head, bracket, _ = text.partition("[")
    attribute = _attribute(head)
    bare = AttributePath(attribute.urn, attribute.name)
    if not bracket:
        return PatchPath(bare, None, attribute.sub)
    if attribute.sub is not None:
        raise _fault(len(head), "a filter follows an attribute, not a sub-attribute")
    parser = FilterParser(text, limits, start=len(head))
    selector = parser.bracketed()
    return PatchPath(bare, selector, _tail(parser))


def find_target(text: str, resource_type: ResourceType) -> PatchTarget:
    """Find what a path means for a type of resource, aliases followed.

    Raises InvalidPath for attributes it has not, and InvalidFilter for a selector that does not fit.
    """
    schema = resource_type.schema_named(text)
    if schema is not None:
        return PatchTarget(None if schema is resource_type.schema else schema.id)
    path = parse_path(text)
    owner = resource_type.resolve(path.attribute)
    if owner is None:
        raise InvalidPath(f"{resource_type.name} has no attribute {path.attribute}.")
    resolved = _with_sub(owner, path, resource_type)
    if path.selector is None:
        return PatchTarget(owner.extension, resolved)
    if not owner.attribute.multi_valued:
        raise InvalidPath(f"{path.attribute} has one value only, a filter cannot select from it.")
    return PatchTarget(owner.extension, resolved, path.selector, bind_element(path.selector, owner))


def _with_sub(owner: Resolved, path: PatchPath, resource_type: ResourceType) -> Resolved:
    if path.sub is None:
        return owner
    if not owner.attribute.is_complex and path.selector is not None and path.sub.lower() == "value":
        # The elements of a list of plain values have themselves as their value, as in its filter.
        return owner
    sub = owner.attribute.sub(path.sub)
    if sub is None:
        raise InvalidPath(f"{path.attribute} of {resource_type.name} has no sub-attribute {path.sub}.")
    return Resolved(owner.extension, owner.attribute, sub)


def _attribute(text: str) -> AttributePath:
    try:
        return parse_attribute_path(text)
    except InvalidPath as exc:
        raise _fault(0, "this is not the name of an attribute") from exc


def _tail(parser: FilterParser) -> str | None:
    try:
        token = parser.dotted()
        parser.end()
    except InvalidFilter as exc:
        raise InvalidPath(exc.detail) from exc
    return None if token is None else token.text[1:]


def _fault(start: int, message: str) -> InvalidPath:
    return InvalidPath(f"Character {start + 1}: {message}.")
