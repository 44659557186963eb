"""What one operation of a PATCH makes of the value of one attribute (RFC 7644 §3.5.2.1 to §3.5.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim import errors
from scim.coercion import coerce_element, coerce_value
from scim.elements import settle_primary
from scim.evaluation import element_matches
from scim.patch_elements import is_canonical, selected_element, selections, united, without_listed
from scim.patch_request import OperationKind
from scim.patch_values import merged, require_unchanged, unwrapped, with_sub, without_sub
from scim.validation import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scim.attributes import Attribute
    from scim.filter_binding import BoundNode
    from scim.filter_nodes import Node
    from scim.patch_elements import ElementRules, Selection
    from scim.patch_request import Operation
    from scim.resource_types import Resolved


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an operation goes: an attribute, or a sub-attribute, of all elements or of those selected."""

    resolved: Resolved
    selector: Node | None = None
    bound_selector: BoundNode | None = None

    @property
    def attribute(self) -> Attribute:
        """The attribute."""
        return self.resolved.attribute

    @property
    def sub(self) -> Attribute | None:
        """The sub-attribute, where it is one."""
        return self.resolved.sub

    @property
    def path(self) -> str:
        """The path for error details: names only, as a filter may hold a phone number."""
        return path_of(self.resolved.extension, self.attribute)

    @property
    def is_of_elements(self) -> bool:
        """Say whether single elements are meant, not the attribute as a whole."""
        return self.attribute.multi_valued and (self.sub is not None or self.bound_selector is not None)

    def selects(self, element: object) -> bool:
        """Say whether the operation means this element."""
        return self.bound_selector is None or element_matches(self.bound_selector, element)


def changed(before: Any, operation: Operation, spot: Spot, rules: ElementRules) -> Any:  # noqa: ANN401 - JSON values
    """Return the value after an operation; None where it is unassigned. The value before is not changed."""
    if operation.kind is OperationKind.REMOVE:
        return _removed(before, operation.value, spot, rules) or None
    # RFC 7643 §2.5: null and an empty list are no value.
    if operation.value is None or operation.value == []:
        is_whole = spot.attribute.multi_valued and not spot.is_of_elements
        adds_nothing = operation.kind is OperationKind.ADD and is_whole
        return before if adds_nothing else _removed(before, None, spot, rules) or None
    return _written(before, operation, spot, rules)


def _written(before: Any, operation: Operation, spot: Spot, rules: ElementRules) -> Any:  # noqa: ANN401 - JSON values
    attribute, is_add = spot.attribute, operation.kind is OperationKind.ADD
    if not attribute.multi_valued:
        return _single(before, operation.value, spot)
    elements = before or []
    # To add to a list of plain values, it does not matter which of them a filter selects.
    if spot.is_of_elements and (attribute.is_complex or not is_add):
        return _in_elements(elements, operation, spot, rules)
    given = coerce_value(attribute, operation.value, spot.path) or []
    if not is_add:
        return united(attribute, [], given, rules, spot.path) or None
    return settle_primary(elements, united(attribute, elements, given, rules, spot.path)) or None


def _single(before: Any, raw: object, spot: Spot) -> Any:  # noqa: ANN401 - JSON values
    attribute = spot.attribute
    if spot.sub is not None:
        return with_sub(attribute, before or {}, spot.sub, raw, path=spot.path, given={spot.sub.name})
    value = unwrapped(attribute, raw)
    if attribute.is_complex:
        return merged(attribute, before or {}, value, spot.path)
    return coerce_value(attribute, value, spot.path)


def _in_elements(elements: Sequence[Any], operation: Operation, spot: Spot, rules: ElementRules) -> list[Any] | None:
    if any(map(spot.selects, elements)):
        rewritten = [
            _rewritten(element, operation.value, spot) if spot.selects(element) else element for element in elements
        ]
        result = [element for element in rewritten if element is not None]
    else:
        result = united(spot.attribute, elements, [_made(operation, spot)], rules, spot.path)
    return settle_primary(elements, result) or None


def _rewritten(element: Any, raw: object, spot: Spot) -> Any:  # noqa: ANN401 - JSON values
    attribute = spot.attribute
    if not attribute.is_complex:
        after = coerce_element(attribute, unwrapped(attribute, raw), spot.path)
    elif spot.sub is not None:
        after = with_sub(attribute, element, spot.sub, raw, path=spot.path, given={spot.sub.name})
    else:
        after = merged(attribute, element, unwrapped(attribute, raw), spot.path)
    return _allowed(element, after, spot)


def _made(operation: Operation, spot: Spot) -> dict[str, Any]:
    chosen = () if spot.selector is None else selections(spot.selector)
    if chosen is None or not _may_be_made(operation, spot, chosen):
        # RFC 7644 §3.5.2.3
        raise errors.NoTarget(f"The filter of {spot.path} selects nothing.")
    raw = unwrapped(spot.attribute, operation.value) if spot.sub is None else {spot.sub.name: operation.value}
    return selected_element(spot.attribute, chosen, spot.bound_selector, raw, spot.path)


def _may_be_made(operation: Operation, spot: Spot, chosen: Sequence[Selection]) -> bool:
    if operation.kind is OperationKind.ADD or spot.selector is None:
        return True
    return any(is_canonical(spot.attribute, selection) for selection in chosen)


def _removed(before: Any, raw: object, spot: Spot, rules: ElementRules) -> Any:  # noqa: ANN401 - JSON values
    attribute, sub = spot.attribute, spot.sub
    if before is None:
        return None
    if not attribute.multi_valued:
        return None if sub is None else without_sub(before, sub)
    if sub is not None:
        left = [_allowed(item, without_sub(item, sub), spot) if spot.selects(item) else item for item in before]
        return [element for element in left if element is not None]
    if spot.bound_selector is not None:
        return [element for element in before if not spot.selects(element)]
    if raw is None:
        return None
    return without_listed(attribute, before, coerce_value(attribute, raw, spot.path) or [], rules)


def _allowed(element: Any, after: Any, spot: Spot) -> Any:  # noqa: ANN401 - JSON values
    # An element may go, but what is immutable in one that stays does not change.
    if after is not None:
        require_unchanged(spot.attribute, element, after, spot.path)
    return after
