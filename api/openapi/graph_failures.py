"""What can go wrong at the twin of Microsoft Graph, and at its token endpoints."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.errors import login_failure
from api.services.errors import InvalidRequest
from verification.errors import Limit, LimitReached, MethodGone, MethodRefused, UserAmbiguous, UserNotFound
from verification.method_rules import ALTERNATE_GOES_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    Cause = Callable[[], Exception | Response]

GRAPH_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "GraphRefused": {"refused": partial(MethodRefused, ALTERNATE_GOES_FIRST), "faulty": InvalidRequest},
    "GraphUserUnknown": {"nobody": UserNotFound},
    "GraphMethodUnknown": {"noMethod": MethodGone, "nobody": UserNotFound},
    "GraphAmbiguous": {"severalUsers": UserAmbiguous},
    "GraphThrottled": {"tooManyCodes": partial(LimitReached, Limit.HOURLY, 1800)},
    "InvalidLogin": {
        "noGrantType": partial(login_failure, 400, "invalid_request"),
        "otherGrantType": partial(login_failure, 400, "unsupported_grant_type"),
        "otherScope": partial(login_failure, 400, "invalid_scope"),
    },
    "LoginClientUnknown": {"notProved": partial(login_failure, 401, "invalid_client")},
}
"""By name: examples, and what causes each."""
