"""The shape of a bound filter: what its SQL depends on. Filters of one shape are one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scim.filter_binding import BoundAnd, BoundComparison, BoundElement, BoundNot, BoundOr, BoundPresent
from scim.filter_nodes import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from persistence.statements import Parameters
    from scim.attributes import Attribute
    from scim.filter_binding import BoundNode
    from scim.resource_types import Resolved

Shape = tuple[Any, ...]

_LAST_CHARACTER = "\U0010ffff"
_BEFORE_SURROGATES, _AFTER_SURROGATES = "\ud7ff", "\ue000"


def shape_of(node: BoundNode) -> Shape:
    """Return what tells filters apart that are different SQL, the literals' values left out."""
    match node:
        case BoundComparison(target, operator, kind, case_exact, literal):
            return (*target_shape(target), operator, kind, case_exact, type(literal), *_exceptions(operator, literal))
        case BoundPresent(target):
            return ("pr", *target_shape(target))
        case BoundElement(target, term):
            return ("[]", *target_shape(target), shape_of(term))
        case BoundAnd(terms):
            return ("and", *map(shape_of, terms))
        case BoundOr(terms):
            return ("or", *map(shape_of, terms))
        case BoundNot(term):
            return ("not", shape_of(term))


def comparisons(node: BoundNode) -> Iterator[BoundComparison]:
    """Yield the comparisons of a filter in an order that depends on its shape alone."""
    match node:
        case BoundComparison():
            yield node
        case BoundElement(_, term) | BoundNot(term):
            yield from comparisons(term)
        case BoundAnd(terms) | BoundOr(terms):
            for term in terms:
                yield from comparisons(term)
        case BoundPresent():
            return


def parameters_of(node: BoundNode, prefix: str) -> Parameters:
    """Return the literals of a filter as parameters of its statement."""
    parameters: Parameters = {}
    for number, comparison in enumerate(comparisons(node)):
        parameters[f"{prefix}{number}"] = comparison.literal
        if comparison.operator is Operator.SW:
            parameters[f"{prefix}{number}_end"] = after_prefix(str(comparison.literal))
    return parameters


def after_prefix(text: str) -> str | None:
    """Return the least text that comes after all that start with this one; None where there is none."""
    kept = text.rstrip(_LAST_CHARACTER)
    if not kept:
        return None
    last = kept[-1]
    return kept[:-1] + (_AFTER_SURROGATES if last == _BEFORE_SURROGATES else chr(ord(last) + 1))


def target_shape(target: Resolved) -> Shape:
    """Return what tells attributes apart that are different SQL."""
    return (target.extension, *_attribute(target.attribute), *(() if target.sub is None else _attribute(target.sub)))


def _attribute(attribute: Attribute) -> Shape:
    return (attribute.name, attribute.type, attribute.multi_valued, attribute.case_exact, attribute.required)


def _exceptions(operator: Operator, literal: object) -> Shape:
    """Tell apart the few literals that need SQL of their own."""
    if operator not in {Operator.SW, Operator.EW} or not isinstance(literal, str):
        return ()
    return (literal == "", operator is Operator.SW and after_prefix(literal) is None)
