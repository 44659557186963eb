"""Attributes: their characteristics (RFC 7643 §2.2, §7) and how a request names one (RFC 7644 §3.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from scim.errors import InvalidPath

if TYPE_CHECKING:
    from collections.abc import Mapping

# RFC 7643 §2.1 ATTRNAME, and "$ref", which the RFC itself uses against its own rule.
_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_$-]*")
_LAST_PART = re.compile(rf"(?P<name>{_NAME.pattern})(?:\.(?P<sub>{_NAME.pattern}))?")
# A path longer than this names nothing; the bound keeps error messages and work small.
_LONGEST_PATH = 512


class AttributeType(StrEnum):
    """The data types of RFC 7643 §2.3."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    REFERENCE = "reference"
    BINARY = "binary"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """When a client may set an attribute."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When an answer holds an attribute."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class UniquenessScope(StrEnum):
    """Among what a value must be unique."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a schema, or one sub-attribute of a complex attribute.

    The last four come from our own `x-` members of the schema documents: another attribute this one is only
    another name for, the separator of a list that may also come as one string, the most characters of a text,
    and whether /Schemas keeps silent about it.
    """

    name: str
    type: AttributeType = AttributeType.STRING
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    canonical_values: tuple[str, ...] = ()
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: UniquenessScope = UniquenessScope.NONE
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()
    alias_of: str | None = None
    separator: str | None = None
    max_length: int | None = None
    is_hidden: bool = False
    _subs: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the sub-attributes, as names are compared without case."""
        object.__setattr__(self, "_subs", {sub.name.lower(): sub for sub in self.sub_attributes})

    @property
    def is_complex(self) -> bool:
        """Say whether the value is an object of sub-attributes."""
        return self.type is AttributeType.COMPLEX

    def sub(self, name: str) -> Attribute | None:
        """Find a sub-attribute by its name, without case (RFC 7643 §2.1)."""
        return self._subs.get(name.lower())


@dataclass(frozen=True, slots=True)
class AttributePath:
    """The name of an attribute as a request writes it: `urn:name.sub`, of which only the name is needed."""

    urn: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        """Write the path as it is written in a request."""
        prefix = f"{self.urn}:" if self.urn else ""
        suffix = f".{self.sub}" if self.sub else ""
        return f"{prefix}{self.name}{suffix}"


def parse_attribute_path(text: str) -> AttributePath:
    """Read `name`, `name.sub`, `urn:name` or `urn:name.sub`; raise InvalidPath for anything else.

    A URN ends at the last colon, as attribute names hold none. So the URN of a schema alone also reads as a
    path (its last part being the name): ask the resource type for a schema of that name first.
    """
    urn, colon, last = text.rpartition(":")
    match = _LAST_PART.fullmatch(last) if len(text) <= _LONGEST_PATH else None
    if match is None or (colon and not _is_urn(urn)):
        raise InvalidPath(f"{_shown(text)} is not the name of an attribute.")
    return AttributePath(urn or None, match["name"], match["sub"])


def is_attribute_name(text: str) -> bool:
    """Say whether a text may be the name of an attribute."""
    return _NAME.fullmatch(text) is not None


def _is_urn(text: str) -> bool:
    # RFC 7643 §3.3 asks for URNs; http URIs occur in the field as well (Entra's group schema).
    return ":" in text and text.isprintable() and not any(c in ' []"()' for c in text)


def _shown(text: str) -> str:
    return f'"{text[:80]}"'
