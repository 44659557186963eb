"""The operations of flask-smorest: what it says of them, with what it does not know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.openapi.failures import Form
from api.openapi.operations import OF_BODIES, described, failure_responses, failures_of, security_of
from api.openapi.parameters import header_references
from api.openapi.samples import USER_ID
from api.resources.codes import PREFIX as CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from api.openapi.failures import Failure
    from api.openapi.routes import Route

Document = dict[str, Any]

VERIFICATION_ID = "3f0c0c3e-7c54-4a83-9d0f-6d1f2f7b1c11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is said of an operation here: its id, its failures, and examples of its body and of its answer."""

    id: str
    failures: tuple[str, ...] = ()
    requests: Mapping[str, Document] = field(default_factory=dict)
    answer: Document | None = None


def details() -> Mapping[tuple[str, str], Details]:
    """Return the details of every operation, by its path and method."""
    code = {"code": "492731", "properties": []}
    user = {"username": "bob", "realm": "PRIMARY"}
    scenario = {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_UPDATE"}]}
    return {
        (f"{CODES}/me/validate-code", "post"): Details(
            id="checkOwnCode",
            failures=("InvalidCheck", "NoSuchUser", "NumberChanged", "TooManyChecks"),
            requests={"code": code},
        ),
        (f"{CODES}/validate-code", "post"): Details(
            id="checkCode",
            failures=("InvalidPrivilegedCheck", "Undecided", "TooManyPrivilegedChecks"),
            requests={"code": code, "codeOfANamedUser": {**code, "user": user}},
            answer={"username": "bob", "realm": "PRIMARY", "tenant-domain": "carbon.super", "userId": USER_ID},
        ),
        (f"{CODES}/me/resend-code", "post"): Details(
            id="resendOwnCode",
            failures=("InvalidResend", "NoSuchUser", "TooManyResends"),
            requests={"scenario": scenario},
        ),
        (f"{CODES}/resend-code", "post"): Details(
            id="resendCode",
            failures=("InvalidPrivilegedResend", "TooManyResends"),
            requests={"scenario": {"user": user, **scenario}},
        ),
        (f"{CODES}/me/verifications", "get"): Details(
            id="listOwnVerifications", failures=("NoSuchUser",), answer={"verifications": [_PENDING]}
        ),
        (f"{CODES}/me/verifications/{{verification_id}}", "delete"): Details(
            id="cancelOwnVerification", failures=("NoSuchVerification",)
        ),
    }


_PENDING: Document = {
    "id": VERIFICATION_ID,
    "scenario": "MOBILE_VERIFICATION_ON_UPDATE",
    "target": "********89",
    "expiresAt": "2026-01-31T12:05:00.000Z",
    "attemptsLeft": 5,
    "sendsLeft": 4,
    "resendAfter": 30,
    "delivery": "sent",
}


def smorest_document(app: Flask) -> Document:
    """Return what flask-smorest says of its blueprints."""
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    document: Document = api["ext_obj"].spec.to_dict()
    return document


def operation_of(document: Document, route: Route, said: Details, failures: Mapping[str, Failure]) -> Document:
    """Describe an operation, given what flask-smorest says of it."""
    has_body = "requestBody" in document
    names = failures_of((*said.failures, *(OF_BODIES if has_body else ())), route.access)
    answers = {status: _answer(item, said) for status, item in document["responses"].items() if _is_success(status)}
    return {
        "tags": [tag.capitalize() for tag in document["tags"]],
        "summary": document["summary"].removesuffix("."),
        **described(document.get("description", ""), route.access),
        "operationId": said.id,
        **({"requestBody": _body(document["requestBody"], said)} if has_body else {}),
        "responses": {**answers, **failure_responses(names, Form.JSON, failures)},
        "security": security_of(route.access),
    }


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _answer(document: Document, said: Details) -> Document:
    content = {
        media_type: {**media, **({} if said.answer is None else {"example": said.answer})}
        for media_type, media in document.get("content", {}).items()
    }
    return {
        "description": document["description"],
        "headers": header_references(()),
        **({"content": content} if content else {}),
    }


def _body(document: Document, said: Details) -> Document:
    examples = {name: {"value": value} for name, value in said.requests.items()}
    content = {media_type: {**media, "examples": examples} for media_type, media in document["content"].items()}
    return {**document, "content": content}
