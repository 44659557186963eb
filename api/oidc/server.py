"""The provider itself: Authlib's server, with the clients, grants and keys of this service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.base import invalid_error_characters
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, OAuth2Error

from api.oidc.endpoints import Introspection, Revocation
from api.oidc.models import ProtocolClient
from api.oidc.token_grants import Challenge, ClientGrant, CodeGrant, CodeIdToken, RefreshGrant, RefreshIdToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.oidc.requests import ProtocolRequest
    from api.wiring import Services
    from persistence.resources import StoredResource

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the protocol."""

    status: int
    body: dict[str, Any]
    headers: Headers


class ClientUnknown(InvalidClientError):
    """Client authentication failed: which part of it was wrong is not told."""

    def __init__(self) -> None:
        super().__init__(status_code=401, description="Client authentication failed.")

    def get_headers(self) -> list[tuple[str, str]]:
        """Return the headers, with the challenge of RFC 7617 §2."""
        headers = [(name, value) for name, value in super().get_headers() if name != "WWW-Authenticate"]
        return [*headers, ("WWW-Authenticate", 'Basic realm="lineproof", charset="UTF-8"')]


class Provider(AuthorizationServer):
    """The authorization server of RFC 6749, and the provider of OpenID Connect Core."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.register_grant(CodeGrant, [Challenge(required=True), CodeIdToken(self)])
        self.register_grant(RefreshGrant, [RefreshIdToken(self)])
        self.register_grant(ClientGrant)
        self.register_endpoint(Introspection)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> ProtocolClient | None:
        """Find a client."""
        client = self.services.clients.lookup(client_id)
        return None if client is None else ProtocolClient(client)

    def user(self, user_id: str) -> StoredResource | None:
        """Find a user."""
        return self.services.core.database.read(lambda unit: unit.resources.lookup("User", user_id))

    def authenticate_client(self, request: ProtocolRequest, methods: Sequence[str], endpoint: str = "token") -> Any:  # noqa: ANN401 - Authlib's
        """Return the client of a request; every way to fail looks alike."""
        try:
            return super().authenticate_client(request, methods, endpoint)
        except (InvalidClientError, UnicodeDecodeError) as error:
            raise ClientUnknown from error

    def create_token_response(self, request: ProtocolRequest) -> Answer:
        """Answer at the token endpoint."""
        if "grant_type" not in request.form:
            return self.error(InvalidRequestError("Missing 'grant_type' in request."))
        answer: Answer = super().create_token_response(request)
        return answer

    def create_oauth2_request(self, request: ProtocolRequest) -> ProtocolRequest:
        """Take a request as it was read by `api.oidc.requests`."""
        return request

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Answer:  # noqa: ANN401
        """Return an answer as it will be written by a view."""
        return Answer(status, dict(body) if body else {}, tuple(headers))

    def handle_error_response(self, request: ProtocolRequest, error: OAuth2Error) -> Answer:
        """Return an error that Authlib has caught."""
        del request
        return self.error(error)

    def error(self, error: OAuth2Error) -> Answer:
        """Return an error, in the letters that a description may have (RFC 6749 §5.2)."""
        status, body, headers = error()
        cleaned = {name: _plain(value) if name == "error_description" else value for name, value in dict(body).items()}
        return Answer(status, cleaned, tuple(headers))

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody: what has to be on record is written by the use cases."""


def _plain(text: str) -> str:
    odd = set(invalid_error_characters(text))
    return "".join("?" if letter in odd else letter for letter in text)
