"""What is said of the records of authentication methods, and what can go wrong there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from api.openapi.details import Details
from api.resources.mfa_reset import PREFIX
from api.services.registered_methods import MethodExists, TooManyMethods
from verification.errors import MethodGone, MethodRefused, UserAmbiguous, UserNotFound
from verification.method_rules import ALTERNATE_GOES_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.openapi.code_failures import Cause
    from api.openapi.details import Operation

METHOD_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "MethodRefused": {"order": partial(MethodRefused, ALTERNATE_GOES_FIRST)},
    "NoSuchMethod": {"gone": MethodGone, "nobody": UserNotFound},
    "MethodConflict": {"there": MethodExists, "tooMany": TooManyMethods, "severalUsers": UserAmbiguous},
    "SeveralUsers": {"severalUsers": UserAmbiguous},
}
"""By name: examples, and what causes each."""


def method_details() -> Mapping[Operation, Details]:
    """Return the details of every operation."""
    path = f"{PREFIX}/users/{{user_id}}/methods"
    return {
        (path, "get"): Details(
            id="listMethods", failures=("NoUserToReset", "SeveralUsers"), answer={"methods": [_METHOD]}
        ),
        (path, "post"): Details(
            id="registerMethod",
            failures=("InvalidRequest", "NoUserToReset", "MethodConflict"),
            requests={
                "key": {"type": "fido2", "id": _METHOD["id"], "attributes": {"displayName": "Red key"}},
            },
            answer=_METHOD,
        ),
        (f"{path}/{{kind}}/{{method_id}}", "delete"): Details(
            id="removeMethod", failures=("MethodRefused", "NoSuchMethod", "SeveralUsers")
        ),
    }


_METHOD: dict[str, Any] = {
    "type": "fido2",
    "id": "-2_GRUg2-HYz6_1YG4YRAQ2",
    "label": "Red key",
    "phoneType": None,
    "createdDateTime": "2026-01-31T12:00:00Z",
    "isRemovable": True,
}
