"""Bind a filter to a resource type: names become attributes, literals become values that can be compared.

The bound tree is what is evaluated in memory (`scim.evaluation`) and what is compiled to SQL, so both mean
the same:

* It is two-valued: a comparison with an attribute that has no value is false, and BoundNot turns just that round.
* BoundComparison and BoundPresent on a multi-valued attribute hold if *any* element satisfies them.
* `ne` never occurs: RFC 7644 leaves open what it means for several values, so `a ne x` is `not (a eq x)`: no
  value equals x, and none at all will do. `eq null` is `not (a pr)`, `ne null` is `a pr`.
* `path[term].sub op x` is `path[term and sub op x]`, one element satisfying both; negated as above for `ne`.
* A complex attribute compared as a whole means its `value` (`emails co "x"`, `manager eq "id"`).
* Text is folded already where the attribute is not caseExact; fold the stored text in the same way. The order
  of text is that of code points; a dateTime is a moment in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from scim.attributes import Attribute, AttributePath, AttributeType, Mutability, Returned
from scim.filter_lexer import fault
from scim.filter_nodes import And, Comparison, Node, Not, Operator, Or, Present, ValueFilter
from scim.folding import fold
from scim.moments import read_moment
from scim.resource_types import Resolved, ResourceType

BoundLiteral = str | bool | int | float | datetime

_EQUALITY = frozenset({Operator.EQ})
_ORDER = frozenset({Operator.EQ, Operator.GT, Operator.GE, Operator.LT, Operator.LE})
_TEXT = _ORDER | {Operator.CO, Operator.SW, Operator.EW}
# RFC 7644 §3.4.2.2: no order of booleans and binaries. Parts of dates, numbers and base64 say nothing.
_OPERATORS = {
    AttributeType.STRING: _TEXT,
    AttributeType.REFERENCE: _TEXT,
    AttributeType.BINARY: _EQUALITY,
    AttributeType.BOOLEAN: _EQUALITY,
    AttributeType.DATE_TIME: _ORDER,
    AttributeType.INTEGER: _ORDER,
    AttributeType.DECIMAL: _ORDER,
}


@dataclass(frozen=True, slots=True)
class BoundComparison:
    """A value compares with the literal; never with `ne`.

    Inside BoundElement the value is of the element: its sub-attribute `target.sub`, or the element itself
    where that is None. The literal is as the type says: str (folded unless case_exact), bool, int or float,
    or a datetime in UTC.
    """

    target: Resolved
    operator: Operator
    type: AttributeType
    case_exact: bool
    literal: BoundLiteral = field(repr=False)


@dataclass(frozen=True, slots=True)
class BoundPresent:
    """There is a value that is not empty; inside BoundElement one of the element."""

    target: Resolved


@dataclass(frozen=True, slots=True)
class BoundElement:
    """One element of the attribute satisfies the term; `target.sub` is None, and the term holds no BoundElement.

    A complex attribute that is not multi-valued counts as having one element.
    """

    target: Resolved
    term: BoundNode


@dataclass(frozen=True, slots=True)
class BoundAnd:
    """All of two or more terms."""

    terms: tuple[BoundNode, ...]


@dataclass(frozen=True, slots=True)
class BoundOr:
    """Any of two or more terms."""

    terms: tuple[BoundNode, ...]


@dataclass(frozen=True, slots=True)
class BoundNot:
    """The opposite of a term."""

    term: BoundNode


BoundNode = BoundComparison | BoundPresent | BoundElement | BoundAnd | BoundOr | BoundNot

_Lookup = Callable[[AttributePath], Resolved | None]


def bind(node: Node, resource_type: ResourceType) -> BoundNode:
    """Bind a filter over resources of a type.

    Raises InvalidFilter for an unknown attribute, an operator that its type does not have, a literal of
    another type, and for attributes whose values are secret: a filter must not tell what is never returned.
    """
    return _bind(node, resource_type.resolve)


def bind_element(node: Node, owner: Resolved) -> BoundNode:
    """Bind the filter in brackets after an attribute, whose names are its sub-attributes.

    The elements of an attribute that is not complex have themselves as their `value`.
    """

    def lookup(path: AttributePath) -> Resolved | None:
        if path.urn is not None or path.sub is not None:
            return None
        if not owner.attribute.is_complex:
            return owner if path.name.lower() == "value" else None
        sub = owner.attribute.sub(path.name)
        return None if sub is None else replace(owner, sub=sub)

    return _bind(node, lookup)


def _bind(node: Node, lookup: _Lookup) -> BoundNode:
    match node:
        case And(terms):
            return BoundAnd(tuple(_bind(term, lookup) for term in terms))
        case Or(terms):
            return BoundOr(tuple(_bind(term, lookup) for term in terms))
        case Not(term):
            return BoundNot(_bind(term, lookup))
        case ValueFilter():
            return _bind_value_filter(node, lookup)
        case Present(path, position):
            return BoundPresent(_target(path, position, lookup))
    return _bind_comparison(node, lookup)


def _bind_value_filter(node: ValueFilter, lookup: _Lookup) -> BoundNode:
    owner = _target(node.path, node.position, lookup)
    if owner.sub is not None or not (owner.attribute.is_complex or owner.attribute.multi_valued):
        raise fault(node.position - 1, f"{node.path} has no elements to select")
    term = bind_element(node.term, owner)
    if node.tail is None:
        return BoundElement(owner, term)
    tail = bind_element(node.tail, owner)
    # The negation that ne and null bring is one of the whole: no selected element has that value.
    if isinstance(tail, BoundNot):
        return BoundNot(BoundElement(owner, BoundAnd((term, tail.term))))
    return BoundElement(owner, BoundAnd((term, tail)))


def _bind_comparison(node: Comparison, lookup: _Lookup) -> BoundNode:
    target = _target(node.path, node.position, lookup)
    if node.value is None:
        return _bind_null(node, target)
    target, leaf = _leaf(target, node)
    operator = Operator.EQ if node.operator is Operator.NE else node.operator
    if operator not in _OPERATORS[leaf.type]:
        raise fault(node.position - 1, f"{node.path} is a {leaf.type}, to which {operator} does not apply")
    # RFC 7643 §2.3.6, §2.3.7: binaries and references are case exact, whatever the schema forgot to say.
    case_exact = leaf.case_exact or leaf.type is not AttributeType.STRING
    literal = _convert(node.value, leaf.type)
    if literal is None:
        raise fault(node.position - 1, f"{node.path} is a {leaf.type}, and is compared with something else")
    if isinstance(literal, str) and not case_exact:
        literal = fold(literal)
    bound = BoundComparison(target, operator, leaf.type, case_exact, literal)
    return BoundNot(bound) if node.operator is Operator.NE else bound


def _bind_null(node: Comparison, target: Resolved) -> BoundNode:
    if node.operator is Operator.EQ:
        return BoundNot(BoundPresent(target))
    if node.operator is Operator.NE:
        return BoundPresent(target)
    raise fault(node.position - 1, "only eq and ne compare with null")


def _target(path: AttributePath, position: int, lookup: _Lookup) -> Resolved:
    target = lookup(path)
    if target is None:
        raise fault(position - 1, f"there is no attribute {path} here")
    for attribute in (target.attribute, target.sub):
        if attribute is not None and _is_secret(attribute):
            raise fault(position - 1, f"{path} cannot be used in a filter")
    return target


def _is_secret(attribute: Attribute) -> bool:
    return attribute.returned is Returned.NEVER or attribute.mutability is Mutability.WRITE_ONLY


def _leaf(target: Resolved, node: Comparison) -> tuple[Resolved, Attribute]:
    leaf = target.sub or target.attribute
    if not leaf.is_complex:
        return target, leaf
    value = leaf.sub("value")
    if value is None or value.is_complex:
        raise fault(node.position - 1, f"{node.path} is complex; compare one of its sub-attributes")
    return replace(target, sub=value), value


def _convert(value: str | float, kind: AttributeType) -> BoundLiteral | None:
    """Read a literal as a value of the attribute's type; None where it is none."""
    if kind is AttributeType.BOOLEAN:
        # Entra writes booleans as strings.
        return {"true": True, "false": False}.get(str(value).lower()) if isinstance(value, str | bool) else None
    if kind in (AttributeType.INTEGER, AttributeType.DECIMAL):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    return read_moment(value) if kind is AttributeType.DATE_TIME else value
