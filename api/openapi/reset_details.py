"""What is said of the reset of authentication methods, and what can go wrong there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.openapi.samples import USER_ID
from api.resources.mfa_reset import PREFIX
from api.services.errors import (
    ConfirmationRefused,
    ConfirmationRequired,
    InvalidRequest,
    KeyUsedOtherwise,
    ResetUnderWay,
    UnknownDirectory,
)
from verification.errors import DirectoryUnavailable, Limit, LimitReached, UserAmbiguous, UserNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.code_failures import Cause
    from api.openapi.details import Operation

RESET_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "InvalidReset": {"faultyBody": InvalidRequest, "unknownDirectory": UnknownDirectory},
    "NoUserToReset": {"nobody": UserNotFound},
    "ResetConflict": {
        "underWay": ResetUnderWay,
        "severalUsers": UserAmbiguous,
        "notConfirmed": ConfirmationRequired,
        "otherMethods": ConfirmationRefused,
    },
    "KeyUsedOtherwise": {"otherRequest": KeyUsedOtherwise},
    "TooManyResets": {"resetsOfTheHour": partial(LimitReached, Limit.RESETS, 1800)},
    "DirectoryUnavailable": {"directory": DirectoryUnavailable},
}
"""By name: examples, and what causes each."""


def reset_details() -> Mapping[Operation, Details]:
    """Return the details of the reset."""
    return {
        (f"{PREFIX}/reset", "post"): Details(
            id="resetMethods",
            failures=tuple(RESET_FAILURES),
            requests={
                "all": {"userName": "bob", "reason": "Phone lost"},
                "some": {"userName": "bob", "directory": "local", "methods": ["phone"], "dryRun": True},
                "guide": {"email": "bob@example.com"},
            },
            answer=_ANSWER,
        )
    }


_ANSWER: dict[str, Any] = {
    "id": "5b8a3c1e-2d7f-4c55-9d0f-6d1f2f7b1c11",
    "directory": "local",
    "user": {"id": USER_ID, "userName": "bob"},
    "overall": "complete",
    "methods": [
        {
            "type": "password",
            "id": "28c10230-6103-485e-b985-444c60001490",
            "label": None,
            "phoneType": None,
            "outcome": "kept",
            "reason": "cannot be removed",
        },
        {
            "type": "phone",
            "id": "3179e48a-750b-4051-897c-87b9720928f7",
            "label": "********89",
            "phoneType": "mobile",
            "outcome": "removed",
            "reason": None,
        },
    ],
    "sessionsRevoked": True,
    "notes": {},
}
