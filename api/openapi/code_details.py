"""What is said of the code endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.openapi.samples import USER_ID
from api.resources.codes import PREFIX as CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

Document = dict[str, Any]

VERIFICATION_ID = "3f0c0c3e-7c54-4a83-9d0f-6d1f2f7b1c11"


def code_details() -> Mapping[Operation, Details]:
    """Return the details of the code endpoints."""
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
        (f"{CODES}/verifications", "get"): Details(
            id="listVerifications",
            failures=("InvalidHistory",),
            answer={"verifications": [_PAST], "nextCursor": "gAAAAABp…"},
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
_PAST: Document = {
    "id": VERIFICATION_ID,
    "user": USER_ID,
    "purpose": "mobile",
    "scenario": "MOBILE_VERIFICATION_ON_UPDATE",
    "state": "pending",
    "target": "********89",
    "attempts": 0,
    "sends": 1,
    "createdAt": "2026-01-31T12:00:00.000Z",
    "expiresAt": "2026-01-31T12:05:00.000Z",
    "endedAt": None,
    "delivery": {
        "state": "failed",
        "channel": "sms",
        "provider": "twilio",
        "reason": "handset unreachable",
        "attempts": 1,
        "settledAt": "2026-01-31T12:00:01.000Z",
    },
}
