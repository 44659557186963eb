"""Faults as Microsoft Graph and its token endpoint write them (facts C.2); `api.errors` alone knows which is when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

CODES: Mapping[str, str] = {"USER_NOT_FOUND": "Request_ResourceNotFound", "USER_AMBIGUOUS": "conflict"}
"""Codes of Graph by ours, where the status alone does not tell."""
CODES_BY_STATUS: Mapping[int, str] = {
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "resourceNotFound",
    405: "methodNotAllowed",
    409: "conflict",
    413: "requestEntityTooLarge",
    415: "unsupportedMediaType",
    429: "TooManyRequests",
    500: "generalException",
    503: "serviceNotAvailable",
}
BAD_REQUEST = "badRequest"

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def client_request_id(sent: str | None, request_id: str) -> str:
    """Return the caller's own name for a request where it is a plain one, else ours."""
    return sent if sent and _ACCEPTABLE_ID.fullmatch(sent) else request_id


def graph_fault(status: int, code: str, message: str, *, ids: tuple[str, str], at: datetime) -> dict[str, Any]:
    """Return the body of an error of Graph; `ids` are ours and the caller's."""
    return {
        "error": {
            "code": CODES.get(code) or CODES_BY_STATUS.get(status, BAD_REQUEST),
            "message": message,
            "innerError": {
                "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
                "request-id": ids[0],
                "client-request-id": ids[1],
            },
        }
    }


LOGIN_CODES: Mapping[str, tuple[int, str]] = {
    "invalid_client": (7000215, "Invalid client secret provided."),
    "invalid_request": (900144, "The request body must contain the parameters of a client credentials grant."),
    "unsupported_grant_type": (70003, "The app requested an unsupported grant type."),
    "unauthorized_client": (700016, "The application may not ask for tokens in this way."),
    "invalid_scope": (
        1002012,
        "The scope must be a resource with /.default behind, and the application must have permissions.",
    ),
    "temporarily_unavailable": (90033, "A transient error has occurred. Please try again."),
    "server_error": (90033, "A transient error has occurred. Please try again."),
}
"""The numbers and texts of the token endpoint, by the errors of RFC 6749."""


def login_fault(error: str, *, ids: tuple[str, str], at: datetime) -> dict[str, Any]:
    """Return the body of an error of the token endpoint."""
    number, text = LOGIN_CODES.get(error, LOGIN_CODES["invalid_request"])
    timestamp = at.strftime("%Y-%m-%d %H:%M:%SZ")
    return {
        "error": error,
        "error_description": f"AADSTS{number}: {text} Trace ID: {ids[0]} Correlation ID: {ids[1]} "
        f"Timestamp: {timestamp}",
        "error_codes": [number],
        "timestamp": timestamp,
        "trace_id": ids[0],
        "correlation_id": ids[1],
    }
