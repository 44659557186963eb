"""What every operation of the description has: who may call it, and what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.auth.scopes import AccessKind
from api.openapi.failures import Form, component_of
from api.openapi.parameters import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.auth.scopes import Access
    from api.openapi.failures import Failure

Document = dict[str, Any]

BEARER = "bearer"
OF_BODIES = ("PayloadTooLarge", "UnsupportedMediaType")
"""What can be wrong with any JSON body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `answers` are those of success, by status. `failures` are the names of its own failures, `body_failures` of those
    that its body adds; those that follow from its access come by themselves.
    """

    id: str
    tag: str
    summary: str
    answers: Mapping[str, Document]
    form: Form = Form.JSON
    description: str = ""
    parameters: tuple[str, ...] = ()
    body: str | None = None
    body_failures: tuple[str, ...] = OF_BODIES
    failures: tuple[str, ...] = ()


def operation_document(operation: Operation, access: Access, failures: Mapping[str, Failure]) -> Document:
    """Describe an operation."""
    of_body = () if operation.body is None else operation.body_failures
    names = failures_of((*operation.failures, *of_body), access)
    return {
        "tags": [operation.tag],
        "summary": operation.summary,
        **described(operation.description, access),
        "operationId": operation.id,
        **({"parameters": references(operation.parameters)} if operation.parameters else {}),
        **({"requestBody": {"$ref": f"#/components/requestBodies/{operation.body}"}} if operation.body else {}),
        "responses": {**operation.answers, **failure_responses(names, operation.form, failures)},
        "security": security_of(access),
    }


def failures_of(own: Iterable[str], access: Access) -> tuple[str, ...]:
    """Return the names of all failures of an operation: its own, and those of its access."""
    names = [*own]
    if access.kind is not AccessKind.PUBLIC:
        names.append("Unauthorized")
    if access.kind is AccessKind.SCOPED:
        names.append("Forbidden")
    names.append("InternalError")
    if access.kind is not AccessKind.PUBLIC:
        # What is public asks neither the database nor an issuer.
        names.append("ServiceUnavailable")
    return tuple(names)


def failure_responses(names: Iterable[str], form: Form, failures: Mapping[str, Failure]) -> Document:
    """Refer to failures, in the order of their statuses; of two with one status, the first one named counts."""
    found: Document = {}
    for component in (component_of(name, form) for name in names):
        found.setdefault(failures[component].status, {"$ref": f"#/components/responses/{component}"})
    return dict(sorted(found.items()))


def security_of(access: Access) -> list[Document]:
    """Say which tokens open an operation."""
    return [] if access.kind is AccessKind.PUBLIC else [{BEARER: sorted(access.scopes)}]


def described(text: str, access: Access) -> Document:
    """Describe an operation in words, with what its token needs."""
    words = " ".join(filter(None, (text, _need(access))))
    return {"description": words} if words else {}


def _need(access: Access) -> str:
    if access.kind is AccessKind.SCOPED:
        return f"Scope: {', '.join(f'`{scope}`' for scope in sorted(access.scopes))}."
    return "Any valid token." if access.kind is AccessKind.AUTHENTICATED else ""
