"""Every answer that tells of a failure, with examples made by the very code that answers.

Each is named once; which form it has, and under which component it is found, depends on the path: SCIM or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from api import errors
from api.auth.errors import InsufficientScope, InvalidToken, IssuerUnavailable, NotAuthenticated
from api.openapi.change_details import CHANGE_FAILURES
from api.openapi.code_failures import CODE_FAILURES
from api.openapi.factor_failures import FACTOR_FAILURES
from api.openapi.governance_details import GOVERNANCE_FAILURES
from api.openapi.graph_failures import GRAPH_FAILURES
from api.openapi.invitation_details import INVITATION_FAILURES
from api.openapi.messages import reference
from api.openapi.method_details import METHOD_FAILURES
from api.openapi.openid_failures import OPENID_FAILURES
from api.openapi.parameters import header_references
from api.openapi.reset_details import RESET_FAILURES
from api.openapi.samples import REQUEST_ID
from api.openapi.sender_details import SENDER_FAILURES
from api.services.errors import InvalidRequest, NoSuchUser, ReceiptNotSigned
from scim import errors as scim
from verification import errors as verification
from verification.errors import Limit, LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask, Response

    Cause = Callable[[], Exception | Response]

Document = dict[str, Any]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}:\d{2}")
_SHOWN_HEADERS = ("Retry-After", "WWW-Authenticate")


class Form(StrEnum):
    """The forms of an error, by the path that is served; the value is such a path."""

    SCIM = "/scim2/Users"
    JSON = "/healthz"
    OAUTH = "/oauth2/token"
    B2C = "/api/identity/b2c/v1.0/send-code"
    GRAPH = "/v1.0/me"
    LOGIN = "/contoso/oauth2/token"


_PREFIXES = {
    Form.SCIM: "Scim",
    Form.JSON: "",
    Form.OAUTH: "OAuth",
    Form.B2C: "B2c",
    Form.GRAPH: "Graph",
    Form.LOGIN: "Login",
}
"""What the names of components begin with."""


def _too_many(limit: Limit) -> Exception:
    return scim.TooManyRequests(f"{limit}: {LimitReached(limit, 1800)}", retry_after=1800)


_BODY: Mapping[str, Cause] = {"invalidSyntax": scim.InvalidSyntax, "invalidValue": scim.InvalidValue}
_NUMBERS: Mapping[str, Cause] = {
    "notANumber": lambda: scim.InvalidValue(str(verification.InvalidPhoneNumber())),
    "refusedTarget": lambda: scim.InvalidValue(f"TARGET_REFUSED: {verification.TargetRefused()}"),
    "twoNewNumbers": lambda: scim.InvalidValue(str(verification.MultipleNewNumbers())),
}
_MUTABILITY: Mapping[str, Cause] = {"mutability": scim.Mutability}
_PATCH: Mapping[str, Cause] = {
    **_BODY,
    "invalidPath": scim.InvalidPath,
    "noTarget": scim.NoTarget,
    "invalidFilter": scim.InvalidFilter,
    **_MUTABILITY,
}
_QUERY: Mapping[str, Cause] = {"invalidFilter": scim.InvalidFilter, "invalidValue": scim.InvalidValue}
_CURSOR: Mapping[str, Cause] = {
    "invalidCursor": scim.InvalidCursor,
    "expiredCursor": scim.ExpiredCursor,
    "invalidCount": scim.InvalidCount,
}
FAILURES: Mapping[str, Mapping[str, Cause]] = {
    **CODE_FAILURES,
    **OPENID_FAILURES,
    **FACTOR_FAILURES,
    **RESET_FAILURES,
    **CHANGE_FAILURES,
    **INVITATION_FAILURES,
    **GRAPH_FAILURES,
    **METHOD_FAILURES,
    **GOVERNANCE_FAILURES,
    **SENDER_FAILURES,
    "InvalidBody": _BODY,
    "InvalidUser": {**_BODY, **_NUMBERS},
    "InvalidReplacement": {**_BODY, **_MUTABILITY},
    "InvalidUserReplacement": {**_BODY, **_NUMBERS, **_MUTABILITY},
    "InvalidPatch": _PATCH,
    "InvalidUserPatch": {**_PATCH, **_NUMBERS},
    "InvalidQuery": _QUERY,
    "InvalidSearch": {"invalidSyntax": scim.InvalidSyntax, **_QUERY},
    "InvalidCursorQuery": {**_QUERY, **_CURSOR},
    "InvalidCursorSearch": {"invalidSyntax": scim.InvalidSyntax, **_QUERY, **_CURSOR},
    "InvalidProjection": {
        "both": partial(scim.InvalidValue, "attributes and excludedAttributes cannot both be given.")
    },
    "InvalidRequest": {"faultyBody": InvalidRequest},
    "Unauthorized": {"noToken": NotAuthenticated, "badToken": partial(InvalidToken, "it has expired")},
    "Forbidden": {"missingScope": partial(InsufficientScope, ["internal_user_mgt_view"])},
    "NoFilter": {"filter": partial(scim.Forbidden, "Discovery cannot be filtered.")},
    "ReceiptNotSigned": {"badSignature": ReceiptNotSigned},
    "NoSelfRemoval": {
        "missingScope": partial(InsufficientScope, ["internal_login"]),
        "oneself": partial(scim.Forbidden, "A user cannot delete the own account."),
    },
    "NotFound": {"notFound": scim.NotFound},
    "NotAUser": {"notAUser": partial(scim.NotFound, "The token is not that of a user.")},
    "NoSuchUser": {"notAUser": NoSuchUser},
    "NotUnique": {"taken": scim.Uniqueness},
    "PreconditionFailed": {"otherVersion": scim.PreconditionFailed},
    "PayloadTooLarge": {"tooLarge": scim.PayloadTooLarge},
    "UnsupportedMediaType": {"notJson": scim.UnsupportedMediaType},
    "TooManyCodes": {
        "sendsOfTheHour": partial(_too_many, Limit.HOURLY),
        "sendsToTheNumber": partial(_too_many, Limit.NUMBER),
    },
    "InternalError": {"unexpected": errors.internal_error},
    "ServiceUnavailable": {
        "database": errors.unavailable,
        "issuer": partial(IssuerUnavailable, timedelta(seconds=30)),
    },
}
"""What can go wrong, by name: its examples, and what causes each; parts of the API have theirs in own modules."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that tells of a failure: its status and its description."""

    status: str
    response: Document


def failures(app: Flask) -> dict[str, Failure]:
    """Describe each failure in every form, by the names of `component_of`."""
    return {component_of(name, form): _failure(app, causes, form) for form in Form for name, causes in FAILURES.items()}


def component_of(name: str, form: Form) -> str:
    """Return the name of the component that describes a failure in a form."""
    return f"{_PREFIXES[form]}{name}"


def _failure(app: Flask, causes: Mapping[str, Cause], form: Form) -> Failure:
    answers = {name: _answer(app, cause, form) for name, cause in causes.items()}
    first = next(iter(answers.values()))
    media_type = first.headers["Content-Type"]
    examples = {name: {"value": _example(answer)} for name, answer in answers.items()}
    response = {
        "description": HTTPStatus(first.status_code).phrase,
        "headers": header_references(
            name for name in _SHOWN_HEADERS if all(name in answer.headers for answer in answers.values())
        ),
        "content": {media_type: {"schema": reference(component_of("Error", form)), "examples": examples}},
    }
    return Failure(str(first.status_code), response)


def _example(answer: Response) -> object:
    # The moment of a failure is that of no other description.
    return orjson.loads(_MOMENT.sub(r"2026-01-31\g<1>12:00:00", answer.get_data(as_text=True)))


def _answer(app: Flask, cause: Cause, form: Form) -> Response:
    with app.test_request_context(form.value, headers={"X-Request-Id": REQUEST_ID}):
        made = cause()
        # What the application itself would answer.
        return app.make_response(app.handle_user_exception(made) if isinstance(made, Exception) else made)
