"""Failures, and the examples of them."""

from __future__ import annotations

import pytest

from tests.factories.descriptions import description


def examples(component: str) -> dict:
    """Return the examples of a failure by their names."""
    (media,) = description()["components"]["responses"][component]["content"].values()
    return {name: example["value"] for name, example in media["examples"].items()}


def test_scim_failure_is_the_message_of_the_rfc():
    assert examples("ScimNotFound")["notFound"] == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "404",
        "detail": "There is no such resource.",
    }


def test_other_failure_has_the_form_of_the_guide():
    assert examples("InvalidCheck")["wrongCode"] == {
        "code": "18001",
        "message": "Bad Request",
        "description": "The code is not valid.",
        "traceId": "019b5d2e-8a44-7c90-b3f1-6a1d0c5e8f12",
    }


@pytest.mark.parametrize(
    ("component", "header"),
    [
        ("ScimUnauthorized", "WWW-Authenticate"),
        ("Forbidden", "WWW-Authenticate"),
        ("TooManyChecks", "Retry-After"),
        ("ScimTooManyCodes", "Retry-After"),
        ("ServiceUnavailable", "Retry-After"),
    ],
)
def test_failure_names_its_headers(component: str, header: str):
    assert header in description()["components"]["responses"][component]["headers"]


def test_too_many_resends_tell_the_limits_apart():
    codes = {body["code"] for body in examples("TooManyResends").values()}

    assert codes == {"OTP_COOLDOWN", "OTP_SENDS", "OTP_HOURLY", "OTP_NUMBER"}
