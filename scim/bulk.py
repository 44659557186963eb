"""Read a BulkRequest, order its operations and resolve what they say of each other (RFC 7644 §3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scim.errors import InvalidSyntax, InvalidValue, PayloadTooLarge, ScimError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

BULK_REQUEST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
# References are looked for at every depth, by recursion. A PatchOp over an extension is some eight deep.
MAX_DEPTH = 32

_PATH = re.compile(r"/?(?P<endpoint>[^/?#]+)(?:/(?P<target>[^/?#]+))?/?")


class BulkMethod(StrEnum):
    """The HTTP method an operation stands for."""

    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """One operation, with its place in the request counted from 0.

    An operation that cannot be read has a fault and nothing else that counts: it fails alone, the others are
    carried out. *target* is the id in the path, or a reference `bulkId:…`.
    """

    index: int
    method: BulkMethod | None = None
    endpoint: str = ""
    target: str | None = None
    bulk_id: str | None = None
    version: str | None = None
    data: dict[str, Any] = field(default_factory=dict, repr=False)
    fault: ScimError | None = None


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The operations of a request, and how many errors end it (None: it goes on to the end)."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int | None = None


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """How many errors a bulk request may still have."""

    fail_on_errors: int | None
    errors: int = 0

    def failed(self) -> ErrorBudget:
        """Count one operation that failed."""
        return replace(self, errors=self.errors + 1)

    @property
    def is_spent(self) -> bool:
        """Say whether the rest of the request is left undone."""
        return self.fail_on_errors is not None and self.errors >= self.fail_on_errors


def read_bulk(body: object, *, max_operations: int) -> BulkRequest:
    """Read a BulkRequest message; what is in `data` is not looked at."""
    members = _members(body)
    schemas = members.get("schemas", [BULK_REQUEST_SCHEMA])
    if not isinstance(schemas, list) or BULK_REQUEST_SCHEMA.lower() not in [str(text).lower() for text in schemas]:
        raise InvalidSyntax(f"The schemas of a bulk request must hold {BULK_REQUEST_SCHEMA}.")
    operations = members.get("operations")
    if not isinstance(operations, list) or not operations:
        raise InvalidSyntax("A bulk request needs a list of Operations that is not empty.")
    if len(operations) > max_operations:
        raise PayloadTooLarge(f"A bulk request may have {max_operations} operations at most.")
    return BulkRequest(_read_operations(operations), _fail_on_errors(members.get("failonerrors")))


def _members(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidSyntax("A bulk request and each of its operations must be an object.")
    return {str(name).lower(): item for name, item in value.items()}


def _fail_on_errors(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidValue("failOnErrors must be a whole number, not below 0.")
    # No error at all accepted would mean that nothing is ever done; so 0 reads as "not set".
    return value or None


def _read_operations(items: Collection[object]) -> tuple[BulkOperation, ...]:
    operations: list[BulkOperation] = []
    seen: set[str] = set()
    for index, item in enumerate(items):
        try:
            operation = _read_operation(index, _members(item), seen)
        except ScimError as exc:
            operation = BulkOperation(index, fault=exc)
        if operation.bulk_id is not None:
            seen.add(operation.bulk_id)
        operations.append(operation)
    return tuple(operations)


def _read_operation(index: int, members: Mapping[str, Any], seen: Collection[str]) -> BulkOperation:
    method = _method(members.get("method"))
    endpoint, target = _path(members.get("path"))
    if (target is None) is not (method is BulkMethod.POST):
        raise InvalidSyntax("The path of a POST names an endpoint, that of every other method a resource.")
    bulk_id, version, data = members.get("bulkid"), members.get("version"), members.get("data")
    if not isinstance(bulk_id, str | None) or not isinstance(version, str | None):
        raise InvalidSyntax("bulkId and version must be strings.")
    if bulk_id in seen:
        raise InvalidValue("Another operation of this request has the same bulkId.")
    if method is BulkMethod.DELETE:
        data = {}
    if not isinstance(data, dict) or _is_deep(data):
        raise InvalidSyntax(f"A {method} needs an object as its data, at most {MAX_DEPTH} deep.")
    return BulkOperation(index, method, endpoint, target, bulk_id, version, data)


def _is_deep(data: object) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        nested = [item for item in level if isinstance(item, dict | list)]
        level = [part for item in nested for part in (item.values() if isinstance(item, dict) else item)]
    return any(isinstance(item, dict | list) for item in level)


def _method(value: object) -> BulkMethod:
    try:
        return BulkMethod(str(value).upper())
    except ValueError as exc:
        raise InvalidSyntax(f"The method of an operation is one of {', '.join(BulkMethod)}.") from exc


def _path(value: object) -> tuple[str, str | None]:
    match = _PATH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidSyntax("The path of an operation is of the form /Users or /Users/id.")
    return f"/{match['endpoint']}", match["target"]
