"""What a PATCH does to the elements of a multi-valued attribute (RFC 7644 §3.5.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scim import errors
from scim.attributes import AttributeType
from scim.coercion import coerce_element
from scim.elements import comparable, joined
from scim.evaluation import element_matches
from scim.filter_nodes import And, Comparison, Operator
from scim.folding import fold
from scim.patch_values import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from scim.attributes import Attribute
    from scim.filter_binding import BoundNode
    from scim.filter_nodes import Literal, Node

Selection = tuple[str, "Literal"]


@dataclass(frozen=True, slots=True)
class ElementRules:
    """How the elements of some attributes, by their names, differ from the usual.

    *single_types*: of such a type there is one element at most, and adding another replaces its value.
    *keys*: how a text becomes what it is compared by, where that is not the text itself.
    """

    single_types: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keys: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    def key(self, attribute: Attribute, element: Any) -> Hashable:  # noqa: ANN401 - a JSON value
        """Make what two elements of the same value have in common; None where an element has no value."""
        of = attribute.sub("value") if attribute.is_complex else attribute
        value = element.get("value") if isinstance(element, dict) else element
        if of is None or value is None:
            return None
        reader = self.keys.get(attribute.name)
        return reader(value) if reader is not None and isinstance(value, str) else comparable(of, value)

    def single_type(self, attribute: Attribute, element: Any) -> str | None:  # noqa: ANN401 - a JSON value
        """Name the type of an element, where there is to be one element of that type at most."""
        kind = _type_of(element)
        singles = {fold(text) for text in self.single_types.get(attribute.name, ())}
        return kind if kind in singles else None

    def require_single_types(self, attribute: Attribute, elements: Sequence[Any], path: str) -> None:
        """Refuse two elements of a type of which there is to be one."""
        found = [kind for element in elements if (kind := self.single_type(attribute, element)) is not None]
        twice = sorted({kind for kind in found if found.count(kind) > 1})
        if twice:
            raise errors.InvalidValue(f"{path} may have one element of type {twice[0]} only.")


def united(
    attribute: Attribute, elements: Sequence[Any], added: Sequence[Any], rules: ElementRules, path: str
) -> list[Any]:
    """Add elements to others; those of the same value and type are not there twice.

    What is there keeps its spelling and its sub-attributes, and gains those it lacks.
    """
    rules.require_single_types(attribute, added, path)
    result = list(elements)
    places: dict[Hashable, list[int]] = {}
    for place, element in enumerate(result):
        places.setdefault(_place_key(attribute, element, rules), []).append(place)
    for element in added:
        key = _place_key(attribute, element, rules)
        kind = rules.single_type(attribute, element)
        of_type = [at for at, other in enumerate(result) if _type_of(other) == kind] if kind is not None else []
        of_value = [at for at in places.get(key, ()) if _types_agree(result[at], element)]
        if of_type:
            at = of_type[0]
            places[_place_key(attribute, result[at], rules)].remove(at)
            result[at] = merged(attribute, result[at], element, path)
        elif of_value:
            result[of_value[0]] = joined(result[of_value[0]], element)
            continue
        else:
            at = len(result)
            result.append(element)
        places.setdefault(key, []).append(at)
    return result


def without_listed(
    attribute: Attribute, elements: Sequence[Any], listed: Sequence[Any], rules: ElementRules
) -> list[Any]:
    """Remove the elements that a list names: by their value, or without one by all that is given."""
    by_value: dict[Hashable, list[Any]] = {}
    by_content: list[dict[str, Any]] = []
    for item in listed:
        key = rules.key(attribute, item)
        if key is None:
            by_content.append(item)
        else:
            by_value.setdefault(key, []).append(item)

    def is_listed(element: Any) -> bool:  # noqa: ANN401 - a JSON value
        named = by_value.get(rules.key(attribute, element), ())
        return any(_types_agree(element, item) for item in named) or any(
            _holds_all(attribute, element, item) for item in by_content
        )

    return [element for element in elements if not is_listed(element)]


def selections(selector: Node) -> tuple[Selection, ...] | None:
    """List the values a selector asks for, where it is only `eq` joined by `and`; None for any other."""
    if isinstance(selector, Comparison):
        is_plain = selector.operator is Operator.EQ and selector.value is not None
        return ((selector.path.name, selector.value),) if is_plain else None
    if not isinstance(selector, And):
        return None
    parts = [selections(term) for term in selector.terms]
    return None if None in parts else tuple(selection for part in parts if part is not None for selection in part)


def is_canonical(attribute: Attribute, selection: Selection) -> bool:
    """Say whether a selection asks for what the schema itself provides for: a canonical value, or a flag that is set.

    Only such an element may be made by a replace that finds none: Entra's `phoneNumbers[type eq "mobile"]` and
    `roles[primary eq "True"]`, while RFC 7644 §3.5.2.3 wants noTarget for any other.
    """
    name, literal = selection
    sub = attribute.sub(name)
    if sub is None:
        return False
    if sub.type is AttributeType.BOOLEAN:
        return str(literal).lower() == "true"
    return fold(str(literal)) in {fold(text) for text in sub.canonical_values}


def selected_element(
    attribute: Attribute, chosen: Sequence[Selection], bound: BoundNode | None, raw: object, path: str
) -> dict[str, Any]:
    """Make the element that a selector looked for in vain, with the values it asks for and those given.

    It must be what the selector selects, so that later operations find it.
    """
    started = coerce_element(attribute, dict(chosen), path) or {}
    element = merged(attribute, started, raw, path)
    if element is None or (bound is not None and not element_matches(bound, element)):
        raise errors.InvalidValue(f"The value contradicts the filter of {path}.")
    return element


def _type_of(element: object) -> str | None:
    kind = element.get("type") if isinstance(element, dict) else None
    return fold(kind) if isinstance(kind, str) else None


def _types_agree(one: object, other: object) -> bool:
    types = {_type_of(one), _type_of(other)} - {None}
    return len(types) <= 1


def _place_key(attribute: Attribute, element: Any, rules: ElementRules) -> Hashable:  # noqa: ANN401 - a JSON value
    key = rules.key(attribute, element)
    # An element without a value, such as an address, is the same only where everything is.
    return ("whole", comparable(attribute, element)) if key is None else ("value", key)


def _holds_all(attribute: Attribute, element: dict[str, Any], item: dict[str, Any]) -> bool:
    return all(sub in _pairs(attribute, element) for sub in _pairs(attribute, item))


def _pairs(attribute: Attribute, element: dict[str, Any]) -> Iterator[tuple[str, Hashable]]:
    for sub in attribute.sub_attributes:
        if sub.name in element:
            yield sub.name, comparable(sub, element[sub.name])
