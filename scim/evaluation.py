"""Evaluate a bound filter in memory: over a whole document, or over one element of an attribute.

`scim.filter_binding` says what the nodes mean.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from scim.attributes import AttributeType
from scim.filter_binding import (
    BoundAnd,
    BoundComparison,
    BoundElement,
    BoundLiteral,
    BoundNode,
    BoundNot,
    BoundOr,
    BoundPresent,
)
from scim.filter_nodes import Operator
from scim.folding import fold
from scim.moments import read_moment
from scim.resource_types import Resolved

__all__ = ["element_matches", "fold", "is_present", "matches"]

_Values = Callable[[Resolved], Iterator[Any]]

_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.CO: operator.contains,
    Operator.SW: str.startswith,
    Operator.EW: str.endswith,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
}


def matches(node: BoundNode, document: dict[str, Any]) -> bool:
    """Say whether a canonical document satisfies a filter."""
    return _holds(node, lambda target: _document_values(document, target))


def element_matches(node: BoundNode, element: object) -> bool:
    """Say whether one element satisfies the filter in brackets after its attribute."""
    return _holds(node, lambda target: _element_values(element, target))


def is_present(value: object) -> bool:
    """Say whether a value counts for `pr`: RFC 7644 §3.4.2.2 wants it non-empty, or an object with a value in it."""
    if isinstance(value, dict):
        return any(is_present(item) for item in value.values())
    if isinstance(value, list):
        return any(is_present(item) for item in value)
    return value is not None and value != ""


def _holds(node: BoundNode, values: _Values) -> bool:
    match node:
        case BoundAnd(terms):
            return all(_holds(term, values) for term in terms)
        case BoundOr(terms):
            return any(_holds(term, values) for term in terms)
        case BoundNot(term):
            return not _holds(term, values)
        case BoundElement(target, term):
            return any(element_matches(term, element) for element in values(target))
        case BoundPresent(target):
            return any(is_present(value) for value in values(target))
    return any(_compares(node, value) for value in values(node.target))


def _document_values(document: dict[str, Any], target: Resolved) -> Iterator[Any]:
    home = document if target.extension is None else document.get(target.extension, {})
    value = home.get(target.attribute.name)
    for element in value if isinstance(value, list) else [value]:
        yield from _element_values(element, target)


def _element_values(element: object, target: Resolved) -> Iterator[Any]:
    if target.sub is not None:
        element = element.get(target.sub.name) if isinstance(element, dict) else None
    # A sub-attribute may be multi-valued.
    if isinstance(element, list):
        yield from element
    elif element is not None:
        yield element


def _compares(node: BoundComparison, stored: object) -> bool:
    value = _comparable(node, stored)
    return value is not None and _COMPARE[node.operator](value, node.literal)


def _comparable(node: BoundComparison, stored: object) -> BoundLiteral | None:
    """Give a stored value the form of the literal; None where it is not of the attribute's type."""
    if node.type is AttributeType.BOOLEAN:
        return stored if isinstance(stored, bool) else None
    if node.type in (AttributeType.INTEGER, AttributeType.DECIMAL):
        return stored if isinstance(stored, int | float) and not isinstance(stored, bool) else None
    if not isinstance(stored, str):
        return None
    if node.type is AttributeType.DATE_TIME:
        return read_moment(stored)
    return stored if node.case_exact else fold(stored)
