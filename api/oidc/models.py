"""Clients, codes and tokens as Authlib asks about them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

from api.auth.client_scopes import MACHINE_SCOPES, USER_SCOPES, OpenidScope
from api.oidc.metadata import SECRET_METHODS
from api.secrets_at_rest import digest_of
from api.services.redirects import is_registered
from persistence.clients import spaced

if TYPE_CHECKING:
    from api.auth.principals import Principal
    from persistence.clients import Client
    from persistence.grants import Grant, RefreshToken


@dataclass(frozen=True)
class ProtocolClient(ClientMixin):
    """A client."""

    client: Client

    @property
    def client_id(self) -> str:
        """Return its id."""
        return self.client.id

    @property
    def client_metadata(self) -> dict[str, list[str]]:
        """Return what else was registered."""
        return {"post_logout_redirect_uris": list(self.client.logout_uris)}

    def get_client_id(self) -> str:
        """Return its id."""
        return self.client.id

    def get_default_redirect_uri(self) -> None:
        """Return none: a request names it (Core §3.1.2.1)."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return what of the scopes asked for it may have on behalf of a user; without a wish, all but offline access.

        OpenID Connect Core §3.1.2.1: scopes that are not understood are ignored.
        """
        may_have = self.client.scopes & USER_SCOPES
        asked = set(scope.split()) if scope else may_have - {OpenidScope.OFFLINE_ACCESS}
        return spaced(asked & may_have) or None

    def machine_scope(self, scope: str | None) -> str | None:
        """Return what of the scopes asked for it may have in its own name; without a wish, all."""
        may_have = self.client.scopes & MACHINE_SCOPES
        return spaced(may_have & set(scope.split()) if scope else may_have) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether it may be answered there."""
        return is_registered(redirect_uri, self.client.redirect_uris, is_public=self.client.is_public)

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether this is its secret."""
        kept = self.client.secret_digest
        return kept is not None and hmac.compare_digest(kept, digest_of(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - Authlib's signature
        """Tell whether it may authenticate in this way: by its secret where it has one, by its id alone where not."""
        return method == "none" if self.client.is_public else method in SECRET_METHODS

    def check_response_type(self, response_type: str) -> bool:
        """Tell whether it may ask for this at the authorization endpoint."""
        return response_type == "code" and bool(self.client.redirect_uris)

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether it may get tokens in this way."""
        if grant_type == "client_credentials":
            return not self.client.is_public
        return grant_type in {"authorization_code", "refresh_token"} and bool(self.client.redirect_uris)


@dataclass(frozen=True)
class ProtocolCode(AuthorizationCodeMixin):
    """A code that was not redeemed yet."""

    grant: Grant
    code_challenge_method = "S256"

    @property
    def code_challenge(self) -> str:
        """Return the challenge whose verifier the client has to show."""
        return self.grant.code_challenge

    def get_redirect_uri(self) -> str:
        """Return where the code was sent."""
        return self.grant.redirect_uri

    def get_scope(self) -> str:
        """Return what the user lets the client have."""
        return spaced(self.grant.scopes)

    def get_nonce(self) -> str | None:
        """Return what binds the ID token to the browser of the client."""
        return self.grant.nonce

    def get_auth_time(self) -> int:
        """Return when the user was authenticated."""
        return int(self.grant.authenticated_at.timestamp())

    def get_acr(self) -> str:
        """Return what that is worth."""
        return self.grant.acr

    def get_amr(self) -> list[str]:
        """Return how."""
        return list(self.grant.amr)


@dataclass(frozen=True)
class ProtocolRefreshToken(TokenMixin):
    """A refresh token."""

    text: str
    token: RefreshToken

    @property
    def client_id(self) -> str:
        """Return whose it is."""
        return self.token.grant.client_id

    def check_client(self, client: ProtocolClient) -> bool:
        """Tell whether a client was given it."""
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        """Return what the user lets the client have."""
        return spaced(self.token.grant.scopes)

    def is_expired(self) -> bool:
        """Tell whether it is out of date; those that are, are not found."""
        return False

    def is_revoked(self) -> bool:
        """Tell whether it was used up already; those of a grant that ended are not found."""
        return self.token.used_at is not None


@dataclass(frozen=True)
class ProtocolAccessToken(TokenMixin):
    """An access token that is good: others are not found."""

    principal: Principal

    @property
    def client_id(self) -> str | None:
        """Return whose it is."""
        return self.principal.client_id

    def check_client(self, client: ProtocolClient) -> bool:
        """Tell whether a client was given it."""
        return self.client_id == client.client_id

    def is_expired(self) -> bool:
        """Tell whether it is out of date."""
        return False

    def is_revoked(self) -> bool:
        """Tell whether it was revoked."""
        return False
