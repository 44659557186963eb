"""What a filter says: the tree that the parser builds (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim.attributes import AttributePath


class Operator(StrEnum):
    """The operators that compare an attribute with a literal; `pr` is a node of its own."""

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


Literal = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path operator literal`. The literal is no part of the repr, as it may be a phone number."""

    path: AttributePath
    operator: Operator
    value: Literal = field(repr=False)
    position: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`."""

    path: AttributePath
    position: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """`path[term]`: one element satisfies the term.

    With a tail it is Entra's `path[term].sub operator literal` or `path[term].sub pr`; the path of the tail
    is the bare sub-attribute.
    """

    path: AttributePath
    term: Node
    tail: Comparison | Present | None = None
    position: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more terms."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a term."""

    term: Node


Node = Comparison | Present | ValueFilter | And | Or | Not
