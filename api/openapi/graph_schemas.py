"""The schemas of the twin of Microsoft Graph, and an example of each kind of method."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.graph.documents import USER_MEMBERS, method_document
from api.openapi.samples import REQUEST_ID, USER_ID
from api.services.user_methods import UserMethod
from verification.graph_ids import AUTHENTICATOR_ID, EMAIL_ID, PASSWORD_ID, PHONE_IDS
from verification.graph_names import SEGMENTS, type_of
from verification.methods import Method, MethodKind, PhoneType

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

METHOD, METHODS, USER, USERS = "GraphMethod", "GraphMethods", "GraphUser", "GraphUsers"
LOGIN_ANSWER = "GraphTokens"

_TEXT: Document = {"type": "string"}
_MAYBE: Document = {"type": ["string", "null"]}
_IDS: Mapping[MethodKind, str] = {
    MethodKind.PHONE: PHONE_IDS[PhoneType.MOBILE],
    MethodKind.EMAIL: EMAIL_ID,
    MethodKind.PASSWORD: PASSWORD_ID,
    MethodKind.SOFTWARE_OATH: AUTHENTICATOR_ID,
}
_MOMENT = datetime(2026, 1, 31, tzinfo=UTC)
_DEVICE = "2cf7b2ae-3f5c-4d55-9e0b-3f5b6a0d1c77"
PHONE: Document = {
    "type": "object",
    "properties": {
        "phoneNumber": {**_TEXT, "description": "`+{country code} {number}`; of an office with `x{extension}`."},
        "phoneType": {"enum": list(PhoneType)},
    },
}
USER_EXAMPLE: Document = {
    **dict.fromkeys(USER_MEMBERS),
    "id": USER_ID,
    "userPrincipalName": "alice",
    "mail": "alice@example.com",
}


def example_of(kind: MethodKind) -> Document:
    """Return an example of a method, as the twin writes it."""
    if kind is MethodKind.PHONE:
        method = Method(kind, _IDS[kind], phone_type=PhoneType.MOBILE)
        return method_document(UserMethod(method, number="+12065555555"), _MOMENT)
    return method_document(UserMethod(Method(kind, _IDS.get(kind, _DEVICE))), _MOMENT)


def graph_schemas() -> Mapping[str, Document]:
    """Describe them."""
    method = {
        "type": "object",
        "required": ["@odata.type", "id", "createdDateTime"],
        "properties": {
            "@odata.type": {"enum": [type_of(kind) for kind in SEGMENTS]},
            "id": _TEXT,
            "createdDateTime": _MAYBE,
        },
        "description": "With the members that Microsoft Graph gives to a method of the type.",
    }
    user = {"type": "object", "properties": dict.fromkeys(USER_MEMBERS, _MAYBE)}
    inner = {"type": "object", "properties": dict.fromkeys(("date", "request-id", "client-request-id"), _TEXT)}
    error = {
        "type": "object",
        "required": ["code", "message", "innerError"],
        "properties": {"code": _TEXT, "message": _TEXT, "innerError": inner},
    }
    return {
        METHOD: method,
        METHODS: _listed(METHOD),
        USER: user,
        USERS: _listed(USER),
        LOGIN_ANSWER: _LOGIN,
        "GraphError": {"type": "object", "required": ["error"], "properties": {"error": error}},
        "LoginError": {
            "type": "object",
            "required": ["error", "error_description", "error_codes"],
            "properties": {
                **dict.fromkeys(("error", "error_description", "timestamp", "trace_id", "correlation_id"), _TEXT),
                "error_codes": {"type": "array", "items": {"type": "integer"}},
            },
        },
    }


def graph_headers() -> Mapping[str, Document]:
    """Describe the headers of an answer among them."""
    ours = {"description": "Ours of the request.", "required": True, "schema": _TEXT, "example": REQUEST_ID}
    theirs = {**ours, "description": "The caller's own id of the request, where there is one."}
    return {"request-id": ours, "client-request-id": theirs}


def _listed(name: str) -> Document:
    return {
        "type": "object",
        "required": ["value"],
        "properties": {
            "@odata.context": _TEXT,
            "@odata.nextLink": {**_TEXT, "description": "Where the next page is; absent on the last one."},
            "value": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
        },
    }


_LOGIN: Document = {
    "type": "object",
    "required": ["token_type", "expires_in", "ext_expires_in", "access_token"],
    "properties": {
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": ["integer", "string"], "description": "Seconds; a text in v1."},
        "ext_expires_in": {"type": ["integer", "string"]},
        "access_token": _TEXT,
    },
}
