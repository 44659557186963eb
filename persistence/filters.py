"""Filters as SQL: a bound filter compiled to a condition over the table of resources.

It holds for the same resources as `scim.evaluation.matches`; a test of random filters and documents compares
the two. What has a column or rows is compared there, so that an index serves it; the rest is read out of the
JSON text.

Where they could differ: letters that the Unicode of either PostgreSQL or Python does not know yet are not
folded by the other; and a number that no 64-bit float holds exactly is compared as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Double, and_, bindparam, false, func, not_, or_

from persistence.filter_scopes import ResourceScope
from persistence.filter_shapes import after_prefix, comparisons
from persistence.types import Key, Moment
from scim.attributes import AttributeType
from scim.filter_binding import BoundAnd, BoundComparison, BoundElement, BoundNot, BoundOr, BoundPresent
from scim.filter_nodes import Operator

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Dialect

    from persistence.filter_scopes import Scope, Value
    from scim.filter_binding import BoundNode
    from scim.resource_types import ResourceType

    Condition = ColumnElement[bool]

Sql = Any

_COMPARE: dict[Operator, Callable[[Sql, Sql], Condition]] = {
    Operator.EQ: lambda value, literal: value == literal,
    Operator.GT: lambda value, literal: value > literal,
    Operator.GE: lambda value, literal: value >= literal,
    Operator.LT: lambda value, literal: value < literal,
    Operator.LE: lambda value, literal: value <= literal,
}


def compiled_filter(node: BoundNode, resource_type: ResourceType, dialect: Dialect, prefix: str) -> Condition:
    """Build the condition of a filter; its literals are the parameters of `filter_shapes.parameters_of`.

    Raises:
        InvalidFilter: It asks for what is worked out only when a resource is shown, such as its location.
    """
    names = {id(comparison): f"{prefix}{number}" for number, comparison in enumerate(comparisons(node))}
    return _Compiler(names, dialect.name).condition(node, ResourceScope(resource_type, dialect), is_negated=False)


class _Compiler:
    """Walks a bound tree once."""

    def __init__(self, names: dict[int, str], dialect: str) -> None:
        self._names = names
        self._is_sqlite = dialect == "sqlite"

    def condition(self, node: BoundNode, scope: Scope, *, is_negated: bool) -> Condition:
        """Build the condition of a node; below a negation it must be false where it would be NULL."""
        match node:
            case BoundAnd(terms):
                return and_(*(self.condition(term, scope, is_negated=is_negated) for term in terms))
            case BoundOr(terms):
                return or_(*(self.condition(term, scope, is_negated=is_negated) for term in terms))
            case BoundNot(term):
                return not_(self.condition(term, scope, is_negated=True))
            case BoundPresent(target):
                return scope.any(target, lambda value: value.is_present())
            case BoundComparison():
                return scope.any(node.target, lambda value: _settled(self._compare(node, value), is_negated=is_negated))
            case BoundElement():
                return self._element(node, scope, is_negated=is_negated)

    def _element(self, node: BoundElement, scope: Scope, *, is_negated: bool) -> Condition:
        if not isinstance(scope, ResourceScope):
            raise TypeError("elements are selected from a resource")
        selected = scope.element(node.target, lambda inner: self.condition(node.term, inner, is_negated=is_negated))
        # What all of the term needs is found by index first; then that same element is looked at as a whole.
        terms = node.term.terms if isinstance(node.term, BoundAnd) else (node.term,)
        narrowed = [
            self.condition(term, scope, is_negated=is_negated)
            for term in terms
            if isinstance(term, BoundComparison) and scope.has_value_rows(term.target)
        ]
        return and_(*narrowed, selected)

    def _compare(self, node: BoundComparison, value: Value) -> Condition:
        name = self._names[id(node)]
        match node.type:
            case AttributeType.BOOLEAN:
                return _COMPARE[node.operator](value.truth(), bindparam(name, type_=Boolean))
            case AttributeType.INTEGER | AttributeType.DECIMAL:
                number = BigInteger if isinstance(node.literal, int) else Double
                return _COMPARE[node.operator](value.number(), bindparam(name, type_=number))
            case AttributeType.DATE_TIME:
                return _COMPARE[node.operator](value.moment(), bindparam(name, type_=Moment))
        text = value.text(case_exact=node.case_exact)
        literal = bindparam(name, type_=Key)
        if node.operator in _COMPARE:
            return _COMPARE[node.operator](text, literal)
        if node.operator is Operator.SW and after_prefix(str(node.literal)) is not None:
            # A range, which an index serves.
            return and_(text >= literal, text < bindparam(f"{name}_end", type_=Key))
        return self._part(node, text, literal)

    def _part(self, node: BoundComparison, text: Sql, literal: Sql) -> Condition:
        """Look for a part by functions that know no wildcards."""
        if node.operator is Operator.CO:
            found = func.instr(text, literal) if self._is_sqlite else func.strpos(text, literal)
            condition: Condition = found > 0
            return condition
        if node.literal == "":
            return and_(text.is_not(None))
        length = func.length(literal)
        if node.operator is Operator.SW:
            return and_(func.substr(text, 1, length) == literal)
        return and_((func.substr(text, -length) if self._is_sqlite else func.right(text, length)) == literal)


def _settled(condition: Condition, *, is_negated: bool) -> Condition:
    return func.coalesce(condition, false()) if is_negated else condition
