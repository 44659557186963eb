"""Faults as answers: the one place where an exception gets its HTTP status and body.

SCIM paths answer with the Error message of RFC 7644 §3.12, pages for people with a page, clients of the OpenID provider
with the error of RFC 6749 §5.2, everything else with `{code, message, description, traceId}`, the form of the guide's
product.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api.auth import errors as access_errors
from api.auth.errors import REALM, AccessError, IssuerUnavailable
from api.b2c_paths import is_b2c_path
from api.clock import SystemClock
from api.graph.faults import client_request_id, graph_fault, login_fault
from api.graph.paths import is_graph_path, is_login_path
from api.pages import errors as page_errors
from api.pages.errors import PageError
from api.pages.routes import pages_for_people
from api.request_state import request_id
from api.services import errors as use_case_errors
from api.services.errors import StaleAuthentication, UseCaseError
from api.services.registered_methods import MethodExists, TooManyMethods
from api.services.senders import NoSuchSender, SenderChanged, SenderExists, TooManySenders
from persistence.errors import DatabaseUnavailable
from scim import errors as scim_errors
from scim.errors import ScimError
from verification import errors as verification_errors
from verification.errors import LimitReached, VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCIM_TYPE = "application/scim+json"
JSON_TYPE = "application/json"

STATUS: Mapping[type[Exception], int] = {
    access_errors.NotAuthenticated: 401,
    access_errors.InvalidToken: 401,
    access_errors.InsufficientScope: 403,
    access_errors.IssuerUnavailable: 503,
    use_case_errors.NoSuchUser: 404,
    use_case_errors.NoSuchVerification: 404,
    use_case_errors.NoSuchBlock: 404,
    use_case_errors.NoSuchChange: 404,
    use_case_errors.NoSuchInvitation: 404,
    use_case_errors.NotInvitable: 409,
    use_case_errors.ReceiptNotSigned: 403,
    page_errors.ForgedForm: 403,
    use_case_errors.SignInRefused: 401,
    use_case_errors.NoSuchFlow: 404,
    use_case_errors.NoSuchFactor: 404,
    use_case_errors.ProofRefused: 403,
    use_case_errors.StaleAuthentication: 401,
    MethodExists: 409,
    TooManyMethods: 409,
    use_case_errors.ResetUnderWay: 409,
    use_case_errors.KeyUsedOtherwise: 422,
    use_case_errors.ConfirmationRequired: 409,
    use_case_errors.ConfirmationRefused: 409,
    NoSuchSender: 404,
    SenderExists: 409,
    SenderChanged: 409,
    TooManySenders: 409,
    use_case_errors.UnknownCategory: 404,
    use_case_errors.UnknownConnector: 404,
    use_case_errors.NoPages: 501,
    use_case_errors.NoFilter: 501,
    use_case_errors.NoOrder: 501,
    verification_errors.NumberChanged: 409,
    verification_errors.AmbiguousCode: 409,
    verification_errors.ChangesBlocked: 409,
    verification_errors.LimitReached: 429,
    verification_errors.UserNotFound: 404,
    verification_errors.MethodGone: 404,
    verification_errors.UserAmbiguous: 409,
    verification_errors.DirectoryUnavailable: 502,
}
"""Status of each fault of access, pages, engine and use cases; 400 where none is named."""

SCIM_BY_STATUS: Mapping[int, type[ScimError]] = {
    400: scim_errors.InvalidSyntax,
    404: scim_errors.NotFound,
    405: scim_errors.MethodNotAllowed,
    413: scim_errors.PayloadTooLarge,
    415: scim_errors.UnsupportedMediaType,
}

OAUTH_BY_STATUS: Mapping[int, str] = {401: "invalid_token", 403: "insufficient_scope", 503: "temporarily_unavailable"}
"""The errors of RFC 6749 §4.1.2.1 and RFC 6750 §3.1; else `invalid_request` or `server_error`."""

_NO_CONFLICT = frozenset({401, 403, 405})

_CLOCK = SystemClock()
_log = structlog.get_logger()


def register(app: Flask) -> None:
    """Make every fault of the application answer in the form of its path."""
    app.register_error_handler(ScimError, _scim_error)
    app.register_error_handler(VerificationError, _verification_error)
    app.register_error_handler(AccessError, _access_error)
    app.register_error_handler(UseCaseError, _use_case_error)
    app.register_error_handler(PageError, _page_error)
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unknown_error)


def is_scim_path(path: str) -> bool:
    """Tell whether a path speaks SCIM."""
    return path == "/scim2" or path.startswith("/scim2/")


def is_oauth_path(path: str) -> bool:
    """Tell whether a path speaks OAuth."""
    return path.startswith("/oauth2/")


def answer(
    status: int, code: str, description: str, headers: Mapping[str, str] | None = None, scim_type: str | None = None
) -> Response:
    """Build the error answer of the path being served."""
    if is_scim_path(request.path):
        body: dict[str, Any] = {"schemas": [scim_errors.ERROR_SCHEMA], "status": str(status)}
        if scim_type is not None:
            body["scimType"] = scim_type
        body["detail"] = description
        return _respond(status, body, SCIM_TYPE, headers)
    if pages := pages_for_people():
        return pages.fault(status, code, headers or {})
    if is_oauth_path(request.path):
        error = OAUTH_BY_STATUS.get(status, "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "")
        return oauth_answer(status, error or "invalid_request", description, headers)
    if is_login_path(request.path):
        return login_failure(status, OAUTH_BY_STATUS.get(status, "invalid_request"), headers)
    phrase = HTTPStatus(status).phrase
    if is_b2c_path(request.path) and status not in _NO_CONFLICT and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        # What a RESTful technical profile shows to its user comes as 409, and as nothing else.
        return _respond(HTTPStatus.CONFLICT, _conflict(code, description), JSON_TYPE, headers)
    body = {"code": code, "message": phrase, "description": description, "traceId": request_id()}
    if is_graph_path(request.path):
        body = graph_fault(status, code, description, ids=request_ids(), at=_CLOCK.now())
    return _respond(status, body, JSON_TYPE, headers)


def oauth_answer(
    status: int, error: str, description: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Build an error answer of the OpenID provider (RFC 6749 §5.2)."""
    body = {"error": error, **({"error_description": description} if description else {})}
    return _respond(status, body, JSON_TYPE, headers)


def _conflict(code: str, description: str) -> dict[str, Any]:
    return {
        "version": "1.0.0",
        "status": HTTPStatus.CONFLICT.value,
        "code": code,
        "userMessage": description,
        "requestId": request_id(),
    }


def login_failure(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """Build an error answer of a tenant's token endpoint, given the error of RFC 6749."""
    return _respond(status, login_fault(error, ids=request_ids(), at=_CLOCK.now()), JSON_TYPE, headers)


def request_ids() -> tuple[str, str]:
    """Return our id of a request, and the one that a client of Graph gave it."""
    return request_id(), client_request_id(request.headers.get("client-request-id"), request_id())


def unavailable() -> Response:
    """Build the answer where the database is not to be had."""
    return answer(503, "UNAVAILABLE", "The service cannot answer at the moment; try again later.", {"Retry-After": "2"})


def internal_error() -> Response:
    """Build the answer to what nobody has foreseen: it tells nothing of it."""
    return answer(500, "INTERNAL_ERROR", "Something went wrong on our side; quote the trace id.")


def _respond(status: int, body: dict[str, Any], content_type: str, headers: Mapping[str, str] | None) -> Response:
    response = Response(orjson.dumps(body), status=status, headers=dict(headers or {}))
    response.headers["Content-Type"] = content_type
    return response


def _scim_error(error: ScimError) -> Response:
    code = (error.scim_type or HTTPStatus(error.status).phrase.replace(" ", "")).upper()
    return answer(error.status, code, error.detail, error.headers, error.scim_type)


def _verification_error(error: VerificationError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, LimitReached) else {}
    return answer(_status(error), error.code or "INVALID_VALUE", str(error), headers)


def _use_case_error(error: UseCaseError) -> Response:
    headers = {}
    if isinstance(error, StaleAuthentication):
        # RFC 9470 §3: the client is to have the user sign in again.
        headers["WWW-Authenticate"] = f'{REALM}, error="insufficient_user_authentication", max_age="{error.max_age}"'
    return answer(_status(error), error.code, str(error), headers)


def _page_error(error: PageError) -> Response:
    return answer(_status(error), error.code, str(error))


def _access_error(error: AccessError) -> Response:
    status = _status(error)
    if isinstance(error, IssuerUnavailable):
        return answer(status, "UNAVAILABLE", str(error), {"Retry-After": str(int(error.retry_after.total_seconds()))})
    # RFC 6750 §3: the challenge goes with every 401 and 403.
    code = HTTPStatus(status).phrase.upper()
    return answer(status, code, str(error), {"WWW-Authenticate": error.challenge})


def _status(error: Exception) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def _unavailable(error: DatabaseUnavailable) -> Response:
    _log.warning("database unavailable", request_id=request_id(), reason=type(error).__name__)
    return unavailable()


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    kind = SCIM_BY_STATUS.get(status)
    description = (kind.__doc__ if kind else None) or HTTPStatus(status).phrase
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    scim_type = kind.scim_type if kind else None
    return answer(status, HTTPStatus(status).phrase.upper().replace(" ", "_"), description, headers, scim_type)


def _unknown_error(error: Exception) -> Response:
    # The traceback may hold numbers and codes: the log gets the place, the caller gets nothing.
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "unknown"
    _log.error("unexpected error", request_id=request_id(), kind=type(error).__name__, place=place)
    return internal_error()
