"""The three ways to get tokens: by a code, by a refresh token, by the client's own credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749 import grants as authlib_grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants.code import OpenIDCode, OpenIDToken

from api.auth.issuer import GRANT_ID
from api.auth.jwts import EMBEDDED_ALGORITHMS
from api.oidc.claims import claims_of
from api.oidc.metadata import CLIENT_METHODS, SECRET_METHODS
from api.oidc.models import ProtocolCode, ProtocolRefreshToken
from api.secrets_at_rest import new_secret
from api.services.grants import Authorization
from persistence.clients import spaced

if TYPE_CHECKING:
    from datetime import timedelta

    from api.oidc.models import ProtocolClient
    from api.oidc.requests import ProtocolRequest
    from api.oidc.server import Provider
    from persistence.grants import Grant
    from persistence.resources import StoredResource

Token = dict[str, Any]

LONGEST_NONCE = 500


class _ForUsers:
    """What tokens of users have in common, whichever way they are got."""

    request: ProtocolRequest
    server: Provider
    TOKEN_ENDPOINT_AUTH_METHODS = CLIENT_METHODS

    def generate_token(self, user: StoredResource, scope: str, **_: object) -> Token:
        """Make the answer of the token endpoint, but for the ID token."""
        grant = self._grant
        # What was taken from the client since then, it does not get any more.
        scopes = frozenset(scope.split()) & self.request.client.client.scopes
        services = self.server.services
        lifetime = services.grants.lifetimes.access_token
        more = {
            GRANT_ID: grant.id,
            "auth_time": int(grant.authenticated_at.timestamp()),
            "acr": grant.acr,
            "amr": list(grant.amr),
        }
        token: Token = {
            "token_type": "Bearer",
            "access_token": services.issuer.mint_for_user(
                user.id, client_id=grant.client_id, scopes=scopes, lifetime=lifetime, more=more
            ),
            "expires_in": int(lifetime.total_seconds()),
            "scope": spaced(scopes),
        }
        if self.request.issued_refresh_token is not None:
            token["refresh_token"] = self.request.issued_refresh_token
        return token

    def save_token(self, token: Token) -> None:
        """Keep nothing: access tokens speak for themselves, and refresh tokens were kept as they were made."""

    @property
    def _grant(self) -> Grant:
        if self.request.given is None:
            raise LookupError("tokens are made of a grant")
        return self.request.given


class CodeGrant(_ForUsers, authlib_grants.AuthorizationCodeGrant):
    """Authorization code (RFC 6749 §4.1): the code is good once, and used up before a token is made."""

    def generate_authorization_code(self) -> str:
        """Make a code."""
        return new_secret()

    def save_authorization_code(self, code: str, request: ProtocolRequest) -> None:
        """Keep what the code will be good for."""
        parameters = request.payload.data
        asked = Authorization(
            client_id=request.client.client_id,
            scopes=frozenset(request.scope.split()),
            redirect_uri=parameters["redirect_uri"],
            code_challenge=parameters["code_challenge"],
            nonce=parameters.get("nonce"),
        )
        session = request.user
        self.server.services.grants.give(code, asked, session, request.user_caller(session.user_id))

    def query_authorization_code(self, code: str, client: ProtocolClient) -> ProtocolCode | None:
        """Find the code of a client."""
        grant = self.server.services.grants.find(code, client.client_id, self.request.client_caller(client.client_id))
        return None if grant is None else ProtocolCode(grant)

    def authenticate_user(self, authorization_code: ProtocolCode) -> StoredResource | None:
        """Use the code up, and return whom it stands for."""
        grant = authorization_code.grant
        redeemed = self.server.services.grants.redeem(grant, self.request.client_caller(grant.client_id))
        if redeemed is None:
            return None
        self.request.given, self.request.issued_refresh_token = grant, redeemed.refresh_token
        return self.server.user(grant.user_id)

    def delete_authorization_code(self, authorization_code: ProtocolCode) -> None:
        """Do nothing: it was used up, and is remembered for the case that it comes back."""


class RefreshGrant(_ForUsers, authlib_grants.RefreshTokenGrant):
    """Refresh token (RFC 6749 §6): each is good once (RFC 9700 §4.14.2)."""

    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> ProtocolRefreshToken | None:
        """Find the refresh token of the client."""
        client_id = self.request.client.client_id
        caller = self.request.client_caller(client_id)
        found = self.server.services.grants.find_refresh(refresh_token, client_id, caller)
        return None if found is None else ProtocolRefreshToken(refresh_token, found)

    def authenticate_user(self, refresh_token: ProtocolRefreshToken) -> StoredResource:
        """Put another token in the place of this one, and return whom it stands for."""
        grant = refresh_token.token.grant
        successor = self.server.services.grants.rotate(
            refresh_token.text, grant, self.request.client_caller(grant.client_id)
        )
        user = None if successor is None else self.server.user(grant.user_id)
        if user is None:
            raise InvalidGrantError
        self.request.given, self.request.issued_refresh_token = grant, successor
        return user

    def revoke_old_credential(self, refresh_token: ProtocolRefreshToken) -> None:
        """Do nothing: it was used up before its successor was handed out."""


class ClientGrant(authlib_grants.ClientCredentialsGrant):
    """Client credentials (RFC 6749 §4.4): a client in its own name."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS

    def validate_requested_scope(self) -> None:
        """Refuse a request that would leave the client with nothing."""
        if self.request.client.machine_scope(self.request.payload.scope) is None:
            raise InvalidScopeError

    def generate_token(self, scope: str | None = None, **_: object) -> Token:
        """Make the answer of the token endpoint."""
        client, services = self.request.client, self.server.services
        granted = client.machine_scope(scope)
        lifetime: timedelta = services.grants.lifetimes.access_token
        return {
            "token_type": "Bearer",
            "access_token": services.issuer.mint_for_client(
                client.client_id, scopes=granted.split(), lifetime=lifetime
            ),
            "expires_in": int(lifetime.total_seconds()),
            "scope": granted,
        }

    def save_token(self, token: Token) -> None:
        """Keep nothing."""


class Challenge(CodeChallenge):
    """PKCE (RFC 7636), of every client, and by its hash alone: a verifier in the open protects nothing."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge, or with one of another method (which `plain` is by default)."""
        parameters = grant.request.payload.data
        if "code_challenge" not in parameters:
            raise InvalidRequestError("Missing 'code_challenge'")
        if parameters.get("code_challenge_method") != "S256":
            raise InvalidRequestError("'code_challenge_method' must be S256")
        super().validate_code_challenge(grant, redirect_uri)


class _IdToken:
    """ID tokens (Core §2): who, when and how, and what the scopes ask for."""

    def __init__(self, server: Provider) -> None:
        self._server = server

    def resolve_client_private_key(self, client: ProtocolClient) -> object:
        """Return the key that signs."""
        del client
        return self._server.services.issuer_keys.keys[0]

    def get_client_algorithm(self, client: ProtocolClient) -> str:
        """Return what it signs by."""
        del client
        return EMBEDDED_ALGORITHMS[0]

    def get_encode_header(self, client: ProtocolClient) -> dict[str, object]:
        """Return the header."""
        del client
        return {"alg": EMBEDDED_ALGORITHMS[0], "typ": "JWT", "kid": self._server.services.issuer_keys.keys[0].kid}

    def get_compatible_claims(self, request: ProtocolRequest) -> dict[str, object]:
        """Return what does not come of the user's document; at a refresh as at first (Core §12.2)."""
        services, grant = self._server.services, request.given
        if grant is None:
            raise LookupError("an ID token is made of a grant")
        issued_at = int(services.core.clock.now().timestamp())
        return {
            "iss": services.settings.base_url,
            "aud": grant.client_id,
            "iat": issued_at,
            "exp": issued_at + int(services.grants.lifetimes.access_token.total_seconds()),
            "auth_time": int(grant.authenticated_at.timestamp()),
            "acr": grant.acr,
            "amr": list(grant.amr),
        }

    def generate_user_info(self, user: StoredResource, scope: str) -> dict[str, object]:
        """Return what the scopes ask for."""
        return claims_of(user, scope.split(), self._server.services.core.policy)


class CodeIdToken(_IdToken, OpenIDCode):
    """The ID token that comes with a code's tokens."""

    require_nonce = False

    def exists_nonce(self, nonce: str, request: ProtocolRequest) -> bool:
        """Refuse one that is too long to be kept; whether it is new is for the client to know, who made it."""
        del request
        return len(nonce) > LONGEST_NONCE

    def __call__(self, grant: CodeGrant) -> None:
        """Add the ID token, and leave the prompts to `api.oidc.prompts`: Authlib knows no consent that was given."""
        grant.register_hook("after_create_token_response", self.process_token)
        grant.register_hook("after_validate_authorization_request_payload", self.validate_openid_authorization_request)


class RefreshIdToken(_IdToken, OpenIDToken):
    """The ID token that comes with refreshed tokens."""
