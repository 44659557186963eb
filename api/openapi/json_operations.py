"""The operations of flask-smorest: what it says of them, with what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.b2c_paths import is_b2c_path
from api.openapi.audit_details import audit_details
from api.openapi.b2c_details import b2c_details
from api.openapi.change_details import change_details
from api.openapi.code_details import code_details
from api.openapi.factor_details import factor_details
from api.openapi.failures import Form
from api.openapi.governance_details import governance_details
from api.openapi.guard_details import guard_details
from api.openapi.invitation_details import invitation_details
from api.openapi.method_details import method_details
from api.openapi.old_number_details import old_number_details
from api.openapi.operations import OF_BODIES, described, failure_responses, failures_of, security_of
from api.openapi.parameters import header_references
from api.openapi.reset_details import reset_details
from api.openapi.restore_details import restore_details
from api.openapi.sender_details import sender_details
from api.openapi.statistics_details import statistics_details

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from api.openapi.details import Details, Operation
    from api.openapi.failures import Failure
    from api.openapi.routes import Route

Document = dict[str, Any]


DETAILS = (
    code_details,
    factor_details,
    method_details,
    reset_details,
    audit_details,
    governance_details,
    sender_details,
    guard_details,
    statistics_details,
    restore_details,
    old_number_details,
    b2c_details,
    change_details,
    invitation_details,
)
"""What is said of operations, by the part of the API: each part has a module of its own."""


def details() -> Mapping[Operation, Details]:
    """Return the details of every operation, by its path and method."""
    return {operation: said for part in DETAILS for operation, said in part().items()}


def smorest_document(app: Flask) -> Document:
    """Return what flask-smorest says of its blueprints."""
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    document: Document = api["ext_obj"].document()
    return document


def operation_of(document: Document, route: Route, said: Details, failures: Mapping[str, Failure]) -> Document:
    """Describe an operation, given what flask-smorest says of it."""
    has_body = "requestBody" in document
    form = Form.B2C if is_b2c_path(route.path) else Form.JSON
    names = failures_of((*said.failures, *(OF_BODIES if has_body else ())), route.access)
    answers = {status: _answer(item, said) for status, item in document["responses"].items() if _is_success(status)}
    return {
        "tags": [tag.capitalize() for tag in document["tags"]],
        "summary": document["summary"].removesuffix("."),
        **described(document.get("description", ""), route.access),
        "operationId": said.id,
        **({"parameters": list(map(_parameter, parameters))} if (parameters := document.get("parameters")) else {}),
        **({"requestBody": _body(document["requestBody"], said)} if has_body else {}),
        "responses": {**answers, **failure_responses(names, form, failures)},
        "security": security_of(route.access),
    }


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _answer(document: Document, said: Details) -> Document:
    content = {
        media_type: {**media, **({} if said.answer is None else {"example": said.answer})}
        for media_type, media in document.get("content", {}).items()
    }
    content |= {name: {"schema": {"type": "string"}, "example": text} for name, text in said.files.items()}
    return {
        "description": document["description"],
        "headers": header_references(said.headers),
        **({"content": content} if content else {}),
    }


def _parameter(document: Document) -> Document:
    """Put the example where the examples of all parameters are."""
    schema = dict(document["schema"])
    example = schema.pop("example")
    return {**document, "schema": schema, "example": example}


def _body(document: Document, said: Details) -> Document:
    examples = {name: {"value": value} for name, value in said.requests.items()}
    content = {media_type: {**media, "examples": examples} for media_type, media in document["content"].items()}
    return {**document, "content": content}
