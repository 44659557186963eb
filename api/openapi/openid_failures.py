"""What can go wrong at the endpoints of the OpenID provider."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.errors import oauth_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Response

    Cause = Callable[[], Exception | Response]


def _client_unknown() -> Response:
    challenge = {"WWW-Authenticate": 'Basic realm="lineproof", charset="UTF-8"'}
    return oauth_answer(401, "invalid_client", "Client authentication failed.", challenge)


OPENID_FAILURES: Mapping[str, Mapping[str, Cause]] = {
    "InvalidTokenRequest": {
        "faultyForm": partial(oauth_answer, 400, "invalid_request", "A parameter is repeated."),
        "badGrant": partial(oauth_answer, 400, "invalid_grant"),
        "badScope": partial(oauth_answer, 400, "invalid_scope"),
        "otherGrantType": partial(oauth_answer, 400, "unsupported_grant_type"),
        "forbiddenGrantType": partial(oauth_answer, 400, "unauthorized_client"),
    },
    "InvalidTokenParameter": {"faultyForm": partial(oauth_answer, 400, "invalid_request", "Missing 'token'.")},
    "ClientUnknown": {"notProved": _client_unknown},
}
