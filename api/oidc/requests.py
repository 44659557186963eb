"""A request of the protocol, read once and strictly, in the form Authlib wants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from authlib.oauth2.base import invalid_error_characters
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Payload, OAuth2Request

from api.services.callers import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from persistence.browser_sessions import Session
    from persistence.grants import Grant

_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_REPEATED_IN_ERRORS = ("redirect_uri", "response_type", "grant_type")
"""Parameters whose values Authlib repeats in the description of an error."""


class ProtocolPayload(OAuth2Payload):
    """The parameters of a request, each there once."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters

    @property
    def data(self) -> Mapping[str, str]:
        """Return the parameters."""
        return self._parameters

    @property
    def datalist(self) -> Mapping[str, list[str]]:
        """Return the parameters as lists."""
        return {name: [value] for name, value in self._parameters.items()}


class ProtocolRequest(OAuth2Request):
    """A request with its parameters, and what it comes to mean while it is served.

    Whether plain HTTP will do is for the deployment to say, not for each request: behind a proxy every one is plain.
    """

    session: Session | None = None
    given: Grant | None = None
    issued_refresh_token: str | None = None

    def __init__(
        self, method: str, *, headers: Mapping[str, str], parameters: Mapping[str, str], request_id: str, ip: str | None
    ) -> None:
        super().__init__(method, "https://localhost/", headers=headers)
        self.payload: Any = ProtocolPayload(parameters)
        self._request_id = request_id
        self._ip = ip

    @property
    def form(self) -> Mapping[str, str]:
        """Return the parameters: of a post nothing else is read than its body."""
        parameters: Mapping[str, str] = self.payload.data
        return parameters

    args = form

    def client_caller(self, client_id: str) -> Caller:
        """Return the client as the one who calls."""
        return Caller(client_id, None, self._request_id, self._ip)

    def user_caller(self, user_id: str) -> Caller:
        """Return the user in front of the browser as the one who calls."""
        return Caller(user_id, user_id, self._request_id, self._ip)


def read_parameters(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Read the parameters of a request (RFC 6749 §3.1, §3.2).

    Raises:
        InvalidRequestError: one is repeated, or cannot be.
    """
    # A parameter without a value is as good as none.
    given = [(name, value) for name, value in pairs if value]
    parameters = dict(given)
    if len(parameters) < len(given):
        raise InvalidRequestError("A parameter is repeated.")
    if any(_UNFIT.search(value) for value in parameters.values()):
        raise InvalidRequestError("A parameter has control characters in it.")
    for name in _REPEATED_IN_ERRORS:
        if invalid_error_characters(parameters.get(name, "")):
            raise InvalidRequestError(f"Invalid characters in {name}.")
    return parameters
