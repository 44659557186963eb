"""Filter trees for tests: random ones, and the text that stands for a tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from scim.attributes import AttributePath
from scim.filter_nodes import And, Comparison, Node, Not, Operator, Or, Present, ValueFilter

if TYPE_CHECKING:
    from scim.filter_nodes import Literal

NAMES = st.from_regex(r"[A-Za-z$][A-Za-z0-9_$-]{0,8}", fullmatch=True)
URNS = st.sampled_from([None, "urn:scim:wso2:schema", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LITERALS: st.SearchStrategy[Literal] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
PATHS = st.builds(AttributePath, URNS, NAMES, st.none() | NAMES)


def nodes() -> st.SearchStrategy[Node]:
    """Generate filter trees that a text can stand for."""
    return st.recursive(_leaves(PATHS) | _value_filters(), _joined, max_leaves=8)


def render(node: Node) -> str:
    """Write the text of a filter."""
    match node:
        case And(terms):
            return " and ".join(map(_enclosed, terms))
        case Or(terms):
            return " or ".join(map(_enclosed, terms))
        case Not(term):
            return f"not ({render(term)})"
        case ValueFilter(path, term, tail):
            return f"{path}[{render(term)}]" + (f".{render(tail)}" if tail is not None else "")
        case Present(path):
            return f"{path} pr"
        case Comparison(path, operator, value):
            return f"{path} {operator} {json.dumps(value)}"


def _enclosed(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, And | Or) else render(node)


def _leaves(paths: st.SearchStrategy[AttributePath]) -> st.SearchStrategy[Node]:
    return st.builds(Comparison, paths, st.sampled_from(Operator), LITERALS) | st.builds(Present, paths)


def _value_filters() -> st.SearchStrategy[Node]:
    subs = st.builds(AttributePath, st.none(), NAMES)
    terms = st.recursive(_leaves(subs), _joined, max_leaves=3)
    return st.builds(ValueFilter, st.builds(AttributePath, URNS, NAMES), terms, st.none() | _leaves(subs))


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, inner))
