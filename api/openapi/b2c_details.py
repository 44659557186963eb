"""What is said of the operations for policies of Azure AD B2C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.b2c_paths import PREFIX
from api.openapi.details import Details, Document
from api.openapi.samples import USER_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

_FLOW = {"phoneFlow": "5b0e7a4e-31a7-4c5e-8f0e-6a3c1f0c9d52.kLr8rM3mX0bq3jS1dYx7mB0f5b8uQ2n1s4v6w8y0z2A"}
_NUMBER = {"phoneNumber": "+447700900124"}


def b2c_details() -> Mapping[Operation, Details]:
    """Return the details of every operation, by its path and method."""
    return {
        (f"{PREFIX}/send-code", "post"): Details(
            id="sendCodeForPolicy",
            failures=("RefusedClaims",),
            requests={
                "byObjectId": {"objectId": USER_ID, **_NUMBER},
                "bySignInName": {"signInName": "bob@example.com", **_NUMBER},
                "again": _FLOW,
            },
            answer={**_FLOW, "phoneNumberMasked": "**********24"},
        ),
        (f"{PREFIX}/verify-code", "post"): Details(
            id="verifyCodeForPolicy",
            failures=("RefusedClaims",),
            requests={"code": {**_FLOW, "verificationCode": "492731"}},
            answer={"strongAuthenticationPhoneNumber": "+447700900124", "phoneNumberVerified": True},
        ),
        (f"{PREFIX}/persist-number", "post"): Details(
            id="persistNumberForPolicy",
            failures=("RefusedClaims",),
            requests={"flow": _FLOW},
            answer={"objectId": USER_ID},
        ),
    }


def b2c_schemas() -> Mapping[str, Document]:
    """Describe the error that a RESTful technical profile reads."""
    text = {"type": "string"}
    return {
        "B2cError": {
            "type": "object",
            "description": "What is not for the policy's user, such as a missing token, comes in the plain form.",
            "properties": {
                "version": {"const": "1.0.0"},
                "status": {"const": 409},
                "code": text,
                "userMessage": {**text, "description": "What the policy shows to its user."},
                "requestId": text,
            },
        }
    }
