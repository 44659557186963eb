"""Schemas: documents in the form of RFC 7643 §7 in, attributes out, and back for /Schemas."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from scim.attributes import Attribute, AttributeType, Mutability, Returned, UniquenessScope, is_attribute_name

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
WSO2_SCHEMA = "urn:scim:wso2:schema"

# RFC 7643 §7: these three have a case to compare; for the other types caseExact says nothing.
_TEXTUAL = frozenset({AttributeType.STRING, AttributeType.REFERENCE, AttributeType.BINARY})
# Values that are equal only where they are written alike, so that a key tells whether one is taken.
_KEYED = frozenset({AttributeType.STRING, AttributeType.REFERENCE, AttributeType.INTEGER})

_Choice = TypeVar("_Choice", bound=StrEnum)


class SchemaFault(ValueError):
    """A schema or resource type document cannot be used."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: its URN and the attributes it defines."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]
    _by_name: Mapping[str, Attribute] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the attributes, as names are compared without case."""
        object.__setattr__(self, "_by_name", {attribute.name.lower(): attribute for attribute in self.attributes})

    def attribute(self, name: str) -> Attribute | None:
        """Find an attribute by its name, without case (RFC 7643 §2.1)."""
        return self._by_name.get(name.lower())

    def urn_of(self, attribute: Attribute) -> str:
        """Write the full name of one of the schema's attributes."""
        return f"{self.id}:{attribute.name}"

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Schema:
        """Read a schema document; raise SchemaFault where it cannot be used."""
        urn = _text(document, "id", "a schema")
        if ":" not in urn:
            raise SchemaFault(f'the id "{urn}" of a schema is not a URN')
        return cls(
            id=urn,
            name=_text(document, "name", urn, default=urn),
            description=_text(document, "description", urn, default=""),
            attributes=read_attributes(document.get("attributes"), urn),
        )

    def to_document(self) -> dict[str, Any]:
        """Build the document that /Schemas serves: without hidden attributes and our own members."""
        return {
            "schemas": [SCHEMA_SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": [_attribute_document(item) for item in self.attributes if not item.is_hidden],
        }


def read_attributes(documents: object, where: str) -> tuple[Attribute, ...]:
    """Read the `attributes` or `subAttributes` of a document; *where* names it in faults."""
    if not isinstance(documents, list) or not documents:
        raise SchemaFault(f"{where} needs a list of attributes")
    attributes = tuple(_read_attribute(document, where) for document in documents)
    names = [attribute.name.lower() for attribute in attributes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaFault(f"{where} defines {twice[0]} twice")
    return attributes


def _read_attribute(document: object, where: str) -> Attribute:
    if not isinstance(document, dict):
        raise SchemaFault(f"{where} holds an attribute that is not an object")
    name = _text(document, "name", f"an attribute of {where}")
    if not is_attribute_name(name):
        raise SchemaFault(f'"{name}" in {where} cannot be the name of an attribute')
    here = f"{where}:{name}"
    kind = _choice(document, "type", AttributeType.STRING, here)
    is_complex = kind is AttributeType.COMPLEX
    alias = _text(document, "x-aliasOf", here, default="") or None
    # An alias takes everything but its name from its target, so it need not repeat the sub-attributes.
    has_subs = is_complex and (alias is None or "subAttributes" in document)
    attribute = Attribute(
        name=name,
        type=kind,
        multi_valued=_flag(document, "multiValued", here),
        description=_text(document, "description", here, default=""),
        required=_flag(document, "required", here),
        canonical_values=_texts(document, "canonicalValues", here),
        case_exact=_flag(document, "caseExact", here),
        mutability=_choice(document, "mutability", Mutability.READ_WRITE, here),
        returned=_choice(document, "returned", Returned.DEFAULT, here),
        uniqueness=_choice(document, "uniqueness", UniquenessScope.NONE, here),
        reference_types=_texts(document, "referenceTypes", here),
        sub_attributes=read_attributes(document.get("subAttributes"), here) if has_subs else (),
        alias_of=alias,
        separator=_text(document, "x-separator", here, default="") or None,
        max_length=_length(document, here),
        is_hidden=_flag(document, "x-hidden", here),
    )
    _require_tenable(attribute, here)
    return attribute


def _require_tenable(attribute: Attribute, here: str) -> None:
    """Refuse characteristics that nobody could keep."""
    if attribute.mutability is Mutability.WRITE_ONLY and attribute.returned is not Returned.NEVER:
        # RFC 7643 §7: values of such an attribute are not returned.
        raise SchemaFault(f"{here} is writeOnly, and so its returned must be never")
    if attribute.uniqueness is not UniquenessScope.NONE and attribute.type not in _KEYED:
        raise SchemaFault(f"{here} is a {attribute.type}, which cannot be unique: give it uniqueness none")


def _text(document: Mapping[str, Any], member: str, where: str, *, default: str | None = None) -> str:
    value = document.get(member, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise SchemaFault(f"{where} needs a text as its {member}")
    return value


def _flag(document: Mapping[str, Any], member: str, where: str) -> bool:
    value = document.get(member, False)
    if not isinstance(value, bool):
        raise SchemaFault(f"{where} needs true or false as its {member}")
    return value


def _length(document: Mapping[str, Any], where: str) -> int | None:
    value = document.get("x-maxLength")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise SchemaFault(f"{where} needs a whole number above 0 as its x-maxLength")
    return value


def _texts(document: Mapping[str, Any], member: str, where: str) -> tuple[str, ...]:
    value = document.get(member, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SchemaFault(f"{where} needs a list of texts as its {member}")
    return tuple(value)


def _choice(document: Mapping[str, Any], member: str, default: _Choice, where: str) -> _Choice:
    value = document.get(member, default.value)
    for choice in type(default):
        if isinstance(value, str) and choice.value.lower() == value.lower():
            return choice
    allowed = ", ".join(choice.value for choice in type(default))
    raise SchemaFault(f"{where} needs one of {allowed} as its {member}")


def _attribute_document(attribute: Attribute) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": attribute.name,
        "type": attribute.type.value,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
    }
    if attribute.canonical_values:
        document["canonicalValues"] = list(attribute.canonical_values)
    if attribute.type in _TEXTUAL:
        document["caseExact"] = attribute.case_exact
    document["mutability"] = attribute.mutability.value
    document["returned"] = attribute.returned.value
    document["uniqueness"] = attribute.uniqueness.value
    if attribute.reference_types:
        document["referenceTypes"] = list(attribute.reference_types)
    if attribute.sub_attributes:
        document["subAttributes"] = [_attribute_document(sub) for sub in attribute.sub_attributes if not sub.is_hidden]
    return document
