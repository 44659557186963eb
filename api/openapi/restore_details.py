"""What is said of the operations of a restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.openapi.details import Details
from api.resources.restore import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.details import Operation

_HOLD = {
    "flowId": "5b0e7a4e-31a7-4c5e-8f0e-6a3c1f0c9d52",
    "secret": "kLr8rM3mX0bq3jS1dYx7mB0f5b8uQ2n1s4v6w8y0z2A",
}
_CODE = {"code": {**_HOLD, "code": "492731"}}


def restore_details() -> Mapping[Operation, Details]:
    """Return the details of every operation, by its path and method."""
    return {
        (f"{PREFIX}/start", "post"): Details(
            id="startRestore",
            failures=("InvalidRequest", "TooManyRestores", "ServiceUnavailable"),
            requests={"address": {"email": "bob@example.com"}},
            answer=_HOLD,
        ),
        (f"{PREFIX}/verify-email", "post"): Details(
            id="verifyEmailOfRestore",
            failures=("InvalidCheck", "OverFlow", "ServiceUnavailable"),
            requests=_CODE,
            answer={"next": "prove", "proof": "password"},
        ),
        (f"{PREFIX}/prove", "post"): Details(
            id="proveRestore",
            failures=("InvalidRequest", "RefusedProof", "OverFlow", "TooManyChecks", "ServiceUnavailable"),
            requests={
                "password": {**_HOLD, "password": "a horse with batteries"},
                "recoveryCode": {**_HOLD, "recoveryCode": "BCDF-GH23-JKLM-4567"},
            },
            answer={"next": "phone"},
        ),
        (f"{PREFIX}/phone", "post"): Details(
            id="setPhoneOfRestore",
            failures=("InvalidPhone", "OverFlow", "BlockedChange", "TooManyResends", "ServiceUnavailable"),
            requests={"number": {**_HOLD, "phoneNumber": "+447700900124"}},
            answer={"next": "verify-phone", "sentTo": "**********24"},
        ),
        (f"{PREFIX}/resend", "post"): Details(
            id="resendCodeOfRestore",
            failures=("InvalidRequest", "OverFlow", "TooManyResends", "ServiceUnavailable"),
            requests={"flow": _HOLD},
        ),
        (f"{PREFIX}/verify-phone", "post"): Details(
            id="verifyPhoneOfRestore",
            failures=("InvalidCheck", "OverFlow", "BlockedChange", "TooManyChecks", "ServiceUnavailable"),
            requests=_CODE,
            answer={"next": None},
        ),
    }
