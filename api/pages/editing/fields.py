"""Fields of a form: each with its attribute, and what another value asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from scim.patch_request import Operation, OperationKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services.changes import Document


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Of the form's field; the key of its label ends with it.
        path: How faults name the attribute.
        read: Reads its value off a stored document.
        asked: Writes what another value asks for, given the stored document.
        type: Of the form's field.
        is_contact: Whether another value may have to be proved first.
        is_required: Whether it may not be left empty.
    """

    name: str
    path: str
    read: Callable[[Document], str]
    asked: Callable[[Document, str], Operation]
    type: str = "text"
    is_contact: bool = False
    is_required: bool = False


Fields = tuple[Field, ...]


def values_of(document: Document, fields: Fields) -> dict[str, str]:
    """Read the values of all fields off a stored document."""
    return {field.name: field.read(document) for field in fields}


def operations_for(document: Document, values: Mapping[str, str], fields: Fields) -> tuple[Operation, ...]:
    """Write other values of some fields as the operations of a PATCH."""
    return tuple(field.asked(document, values[field.name]) for field in fields if field.name in values)


def plain(name: str, path: str, *, is_required: bool = False) -> Field:
    """Return the field of an attribute, or of a sub-attribute, that is written as it is."""
    attribute, _, sub = path.partition(".")

    def read(document: Document) -> str:
        value = document.get(attribute)
        return str((value or {}).get(sub) or "") if sub else str(value or "")

    return Field(name, path, read, partial(_written, path), is_required=is_required)


def _written(path: str, document: Document, value: str) -> Operation:
    del document
    return Operation(OperationKind.REPLACE, path, value) if value else Operation(OperationKind.REMOVE, path)
