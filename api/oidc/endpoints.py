"""Introspection and revocation: of access tokens and of refresh tokens alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from api.auth.errors import AccessError
from api.auth.jwts import peek
from api.auth.scopes import Scope
from api.oidc.metadata import CLIENT_METHODS, SECRET_METHODS
from api.oidc.models import ProtocolAccessToken, ProtocolRefreshToken
from api.services.grants import REVOKED
from persistence.clients import spaced

if TYPE_CHECKING:
    from api.oidc.models import ProtocolClient
    from api.oidc.requests import ProtocolRequest
    from api.oidc.server import Provider
    from api.wiring import Services

AnyToken = ProtocolAccessToken | ProtocolRefreshToken


class _OfTokens:
    """What both endpoints do: they find a token, of whichever kind it is."""

    server: Provider

    def check_params(self, request: ProtocolRequest, client: ProtocolClient) -> None:
        """Require a token; a hint we do not need (RFC 7009 §2.1)."""
        del client
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in request.")

    def query_token(self, token: str, hint: str | None) -> AnyToken | None:
        """Find a token that is good, or a refresh token that was."""
        del hint
        services = self.server.services
        return _access_token(token, services) or _refresh_token(token, services)


class Introspection(_OfTokens, IntrospectionEndpoint):
    """Token introspection (RFC 7662)."""

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def check_permission(self, token: AnyToken, client: ProtocolClient, request: ProtocolRequest) -> bool:
        """Tell whether a client may know of a token: its own ones, or all if it was given the scope for that."""
        del request
        return token.client_id == client.client_id or Scope.INTROSPECT in client.client.scopes

    def introspect_token(self, token: AnyToken) -> dict[str, Any]:
        """Tell of a token."""
        issuer = self.server.services.settings.base_url
        if isinstance(token, ProtocolRefreshToken):
            grant = token.token.grant
            return {
                "active": self.server.services.core.clock.now() < token.token.expires_at,
                "client_id": grant.client_id,
                "sub": grant.user_id,
                "scope": spaced(grant.scopes),
                "iss": issuer,
                "iat": int(token.token.issued_at.timestamp()),
                "exp": int(token.token.expires_at.timestamp()),
            }
        principal = token.principal
        return {
            "active": True,
            "token_type": "Bearer",
            "client_id": principal.client_id,
            "sub": principal.subject,
            "scope": spaced(principal.scopes),
            "iss": issuer,
            "aud": issuer,
            "iat": int(principal.issued_at.timestamp()),
            "exp": int(principal.expires_at.timestamp()),
            "jti": principal.token_id,
        }


class Revocation(_OfTokens, RevocationEndpoint):
    """Token revocation (RFC 7009): of an access token alone, of a refresh token with its whole grant."""

    CLIENT_AUTH_METHODS = CLIENT_METHODS

    def revoke_token(self, token: AnyToken, request: ProtocolRequest) -> None:
        """End a token."""
        caller = request.client_caller(request.client.client_id)
        if isinstance(token, ProtocolRefreshToken):
            self.server.services.grants.end(token.token.grant, REVOKED, caller)
        else:
            self.server.services.grants.revoke_access_token(token.principal, caller)


def _access_token(token: str, services: Services) -> ProtocolAccessToken | None:
    try:
        unverified = peek(token)
        if unverified is None or unverified.issuer != services.settings.base_url:
            # Of another issuer, or none of ours: nobody else is asked about it.
            return None
        return ProtocolAccessToken(services.verifier.verify(token))
    except AccessError:
        return None


def _refresh_token(token: str, services: Services) -> ProtocolRefreshToken | None:
    found = services.grants.peek(token)
    return None if found is None else ProtocolRefreshToken(token, found)
