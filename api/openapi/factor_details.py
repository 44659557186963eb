"""What is said of the operations of second factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.details import Details, Document
from api.resources.factors import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

_ENROLMENT = "5b0e7a4e-31a7-4c5e-8f0e-6a3c1f0c9d52.kLr8rM3mX0bq3jS1dYx7mB0f5b8uQ2n1s4v6w8y0z2A"
_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - an example
_OWN = ("NoSuchUser",)
_FRESH = ("NoSuchUser", "StaleAuthentication")
_FACTORS = {
    "number": "********11",
    "authenticatorSince": "2026-01-31T12:00:00.000Z",
    "recoveryCodesLeft": 9,
    "policy": "on",
}


def factor_details() -> Mapping[Operation, Details]:
    """Return the details of every operation, by its path and method."""
    policy: dict[str, Document] = {"always": {"policy": "on"}, "noPolicyOfItsOwn": {"policy": None}}
    return {
        (f"{PREFIX}/me/factors", "get"): Details(id="listOwnFactors", failures=_OWN, answer=_FACTORS),
        (f"{PREFIX}/me/totp", "post"): Details(
            id="beginAuthenticator",
            failures=_FRESH,
            answer={
                "enrolment": _ENROLMENT,
                "secret": _SECRET,
                "uri": f"otpauth://totp/Lineproof:bob?secret={_SECRET}&issuer=Lineproof",
                "qr": '<svg width="164" height="164" class="segno"></svg>',
            },
        ),
        (f"{PREFIX}/me/totp", "delete"): Details(
            id="removeAuthenticator", failures=("NoSuchFactor", "StaleAuthentication")
        ),
        (f"{PREFIX}/me/totp/confirm", "post"): Details(
            id="confirmAuthenticator",
            failures=("InvalidCode", "NoSuchFlow", "StaleAuthentication"),
            requests={"firstCode": {"enrolment": _ENROLMENT, "code": "492731"}},
        ),
        (f"{PREFIX}/me/recovery-codes", "post"): Details(
            id="makeRecoveryCodes", failures=_FRESH, answer={"codes": ["BCDF-GH23-JKLM-4567", "NPQR-ST89-VWXZ-BCDF"]}
        ),
        (f"{PREFIX}/me/policy", "put"): Details(
            id="setOwnMfaPolicy", failures=("InvalidRequest", *_FRESH), requests=policy
        ),
        (f"{PREFIX}/users/{{user_id}}/policy", "put"): Details(
            id="setMfaPolicyOfAUser", failures=("InvalidRequest", "NoSuchUser"), requests=policy
        ),
        (f"{PREFIX}/clients/{{client_id}}/policy", "put"): Details(
            id="setMfaPolicyOfAClient", failures=("InvalidRequest",), requests=policy
        ),
    }
