"""Read the body of a PATCH request (RFC 7644 §3.5.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scim.errors import InvalidSyntax, InvalidValue, NoTarget, PayloadTooLarge

PATCH_OP_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# Each operation walks the document once. No client known sends more than some hundred in one request.
MAX_OPERATIONS = 1000


class OperationKind(StrEnum):
    """What an operation does."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. A value of None is no value; an empty path is none. Paths may hold values too: not in the repr."""

    kind: OperationKind
    path: str | None = field(default=None, repr=False)
    value: Any = field(default=None, repr=False)


def read_patch(body: object) -> tuple[Operation, ...]:
    """Read a PatchOp message; what is in it is not yet held against any schema.

    As clients differ: names of members and operations are compared without case, unknown members are
    ignored, `schemas` may be missing.
    """
    members = _members(body, "The body of a PATCH request")
    _check_schemas(members.get("schemas"))
    operations = members.get("operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntax("A PATCH request needs a list of Operations that is not empty.")
    if len(operations) > MAX_OPERATIONS:
        raise PayloadTooLarge(f"A PATCH request may have {MAX_OPERATIONS} operations at most.")
    return tuple(_operation(item, number) for number, item in enumerate(operations, start=1))


def _check_schemas(schemas: object) -> None:
    if schemas is None:
        return
    texts = [schemas] if isinstance(schemas, str) else schemas
    if not isinstance(texts, list) or PATCH_OP_SCHEMA.lower() not in [str(text).lower() for text in texts]:
        raise InvalidSyntax(f"The schemas of a PATCH request must hold {PATCH_OP_SCHEMA}.")


def _operation(item: object, number: int) -> Operation:
    members = _members(item, f"Operation {number}")
    op, path, value = members.get("op"), members.get("path"), members.get("value")
    kinds = {kind.value: kind for kind in OperationKind}
    kind = kinds.get(op.lower()) if isinstance(op, str) else None
    if kind is None:
        raise InvalidSyntax(f"Operation {number} needs add, remove or replace as its op.")
    if path is not None and not isinstance(path, str):
        raise InvalidSyntax(f"The path of operation {number} is not a string.")
    if kind is OperationKind.REMOVE and not path:
        # RFC 7644 §3.5.2.2
        raise NoTarget(f"Operation {number} removes, and so needs a path.")
    if kind is not OperationKind.REMOVE and "value" not in members:
        # RFC 7644 §3.5.2.1
        raise InvalidValue(f"Operation {number} needs a value.")
    return Operation(kind, path or None, value)


def _members(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidSyntax(f"{what} must be an object.")
    return {str(name).lower(): item for name, item in value.items()}
