"""What the provider tells of itself (OpenID Connect Discovery §3, RFC 8414 §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.auth.client_scopes import USER_SCOPES
from api.auth.jwts import EMBEDDED_ALGORITHMS
from api.oidc.claims import PENDING
from api.services.assurance import Acr

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

PREFIX = "/oauth2"
SECRET_METHODS = ("client_secret_basic", "client_secret_post")
"""How a client shows its secret."""
CLIENT_METHODS = (*SECRET_METHODS, "none")
"""The same where public clients may come, too, which have none."""


def provider_metadata(base_url: str) -> dict[str, Any]:
    """Return the metadata of the provider."""
    endpoint = f"{base_url}{PREFIX}"
    return {
        "issuer": base_url,
        "authorization_endpoint": f"{endpoint}/authorize",
        "token_endpoint": f"{endpoint}/token",
        "userinfo_endpoint": f"{endpoint}/userinfo",
        "jwks_uri": f"{endpoint}/jwks",
        "introspection_endpoint": f"{endpoint}/introspect",
        "revocation_endpoint": f"{endpoint}/revoke",
        "end_session_endpoint": f"{endpoint}/logout",
        "scopes_supported": sorted(USER_SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "token_endpoint_auth_methods_supported": list(CLIENT_METHODS),
        "revocation_endpoint_auth_methods_supported": list(CLIENT_METHODS),
        "introspection_endpoint_auth_methods_supported": list(SECRET_METHODS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(EMBEDDED_ALGORITHMS),
        "acr_values_supported": [str(acr) for acr in Acr],
        "prompt_values_supported": ["none", "login", "consent"],
        "claim_types_supported": ["normal"],
        "claims_supported": [*_CLAIMS, PENDING],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def public_keys(keys: KeySet) -> dict[str, Any]:
    """Return the keys that tokens are verified by, the one that signs first (RFC 7517 §5)."""
    return {
        "keys": [
            {**key.as_dict(private=False), "use": "sig", "alg": EMBEDDED_ALGORITHMS[0], "kid": key.kid}
            for key in keys.keys
        ]
    }


_CLAIMS = (
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "at_hash",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "locale",
    "zoneinfo",
    "updated_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
)
