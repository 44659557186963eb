"""What access needs from outside, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from providers.errors import OAuthUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping


class OAuthHttp(Protocol):
    """Ask the endpoints of an authorization server."""

    def get_json(self, url: str) -> Any:  # noqa: ANN401 - a JSON value of any type
        """Return the JSON document at a URL, or raise `providers.errors.OAuthUnavailable`."""

    def post_form(self, url: str, fields: Mapping[str, str], *, client_id: str, client_secret: str) -> Any:  # noqa: ANN401
        """Post a form as a client and return the JSON answer, or raise `providers.errors.OAuthUnavailable`."""


class NoAuthorizationServers:
    """The twin where the settings trust no foreign issuer: there is nobody to ask, and no HTTP client is loaded."""

    def get_json(self, url: str) -> Any:  # noqa: ANN401
        """Refuse."""
        del url
        raise OAuthUnavailable

    def post_form(self, url: str, fields: Mapping[str, str], *, client_id: str, client_secret: str) -> Any:  # noqa: ANN401
        """Refuse."""
        del url, fields, client_id, client_secret
        raise OAuthUnavailable
