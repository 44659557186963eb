"""The faults of SCIM say status, scimType and a sentence."""

from __future__ import annotations

import inspect

import pytest

from scim import errors
from scim.errors import ScimError

LEAVES = [
    item
    for _, item in inspect.getmembers(errors, inspect.isclass)
    if issubclass(item, ScimError) and not item.__name__.startswith("_")
]

# RFC 7644 Table 9 and RFC 9865 §2.1.
SCIM_TYPES = {
    "InvalidFilter": "invalidFilter",
    "TooMany": "tooMany",
    "Uniqueness": "uniqueness",
    "Mutability": "mutability",
    "InvalidSyntax": "invalidSyntax",
    "InvalidPath": "invalidPath",
    "NoTarget": "noTarget",
    "InvalidValue": "invalidValue",
    "InvalidVersion": "invalidVers",
    "Sensitive": "sensitive",
    "InvalidCursor": "invalidCursor",
    "ExpiredCursor": "expiredCursor",
    "InvalidCount": "invalidCount",
}
STATUSES = {
    "Uniqueness": 409,
    "Sensitive": 403,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "Conflict": 409,
    "PreconditionFailed": 412,
    "PayloadTooLarge": 413,
    "UnsupportedMediaType": 415,
    "TooManyRequests": 429,
    "NotImplementedByServer": 501,
    "ServiceUnavailable": 503,
}


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)
def test_each_fault_has_its_status_scim_type_and_sentence(leaf: type[ScimError]):
    assert leaf.status == STATUSES.get(leaf.__name__, 400)
    assert leaf.scim_type == SCIM_TYPES.get(leaf.__name__)
    assert (leaf.__doc__ or "").strip().endswith(".")


def test_docstring_is_the_detail_unless_another_is_given():
    assert errors.NoTarget().detail == "The path selects nothing that could be changed."
    assert errors.NoTarget("Nothing there.").detail == str(errors.NoTarget("Nothing there.")) == "Nothing there."


def test_body_is_the_error_message_with_its_status_as_text():
    """RFC 7644 §3.12."""
    body = errors.InvalidPath("No.").body()

    assert body == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400",
        "scimType": "invalidPath",
        "detail": "No.",
    }


def test_body_leaves_out_a_scim_type_there_is_not():
    assert errors.NotFound("No.").body() == {"schemas": [errors.ERROR_SCHEMA], "status": "404", "detail": "No."}


def test_headers_are_those_given():
    assert errors.Unauthorized(headers={"WWW-Authenticate": "Bearer"}).headers == {"WWW-Authenticate": "Bearer"}
    assert errors.Unauthorized().headers == {}


@pytest.mark.parametrize("leaf", [errors.TooManyRequests, errors.ServiceUnavailable])
def test_faults_that_pass_say_when_to_come_back(leaf: type[errors.TooManyRequests]):
    error = leaf(retry_after=30, headers={"X-Limit": "1"})

    assert error.retry_after == 30
    assert error.headers == {"Retry-After": "30", "X-Limit": "1"}
