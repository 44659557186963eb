"""The operations of the OpenID provider that programs call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.failures import Form
from api.openapi.operations import Operation
from api.openapi.parameters import header_references
from api.openapi.samples import USER_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

_TAG = "OpenID Connect"
_CLIENT_ID = "0b6f3c1e-9d2a-4f0e-8c55-2f7d3a9e4b10"
_TOKEN = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl"  # noqa: S105 - a sample
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


def openid_operations(base_url: str) -> Mapping[tuple[str, str], Operation]:
    """Describe them."""
    metadata = {"issuer": base_url, "token_endpoint": f"{base_url}/oauth2/token"}
    return {
        ("/.well-known/openid-configuration", "get"): _metadata(
            "getProvider", "OpenID Connect Discovery 1.0", metadata
        ),
        ("/.well-known/oauth-authorization-server", "get"): _metadata("getAuthorizationServer", "RFC 8414", metadata),
        ("/oauth2/jwks", "get"): Operation(
            id="getKeys",
            tag=_TAG,
            summary="The keys that tokens are verified by",
            description="The first one signs (RFC 7517).",
            answers={"200": _answer("The keys.", _OBJECT, {"keys": [{"kty": "EC", "crv": "P-256", "kid": "k1"}]})},
            form=Form.OAUTH,
        ),
        ("/oauth2/token", "post"): Operation(
            id="getTokens",
            tag=_TAG,
            summary="Tokens, for a code, for a refresh token, or for a client's own name",
            description="RFC 6749. A client shows its secret by `Authorization: Basic` or in the form; a public one "
            "sends its `client_id` alone. Each refresh token is good once.",
            answers={"200": _answer("Tokens.", _TOKENS, _tokens())},
            form=Form.OAUTH,
            body="TokenRequest",
            body_failures=("PayloadTooLarge",),
            failures=("InvalidTokenRequest", "ClientUnknown", "ServiceUnavailable"),
        ),
        ("/oauth2/introspect", "post"): _of_a_token(
            "introspectToken",
            "What a token is good for",
            "RFC 7662. A client asks about its own tokens; about those of others with the scope "
            "`internal_oauth2_introspect`.",
            _answer("What is known; of a token that is not good, that alone.", _INTROSPECTION, {"active": False}),
        ),
        ("/oauth2/revoke", "post"): _of_a_token(
            "revokeToken",
            "End a token",
            "RFC 7009. A refresh token takes along all that came of the same sign-in.",
            _answer("It is no good any more, whatever it was.", _OBJECT, {}),
        ),
        ("/oauth2/authorize", "post"): _carried(
            "postAuthorization", "Ask a user for a code", "OpenID Connect Core 1.0 §3.1.2.1; by GET as well."
        ),
        ("/oauth2/logout", "post"): _carried(
            "postLogout", "Sign a user out", "OpenID Connect RP-Initiated Logout 1.0; by GET as well."
        ),
        ("/oauth2/userinfo", "get"): _userinfo("getUserinfo"),
        ("/oauth2/userinfo", "post"): _userinfo("postUserinfo"),
    }


def openid_bodies() -> Mapping[str, Document]:
    """Describe the bodies of requests among them."""
    code = {
        "grant_type": "authorization_code",
        "code": "b0FvV2pKbDB2",
        "redirect_uri": "https://shop.example/callback",
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "client_id": _CLIENT_ID,
    }
    return {
        "TokenRequest": _body(_TOKEN_REQUEST, code),
        "BrowserRequest": _body(_OBJECT, {"client_id": _CLIENT_ID}),
        "TokenParameter": _body(_TOKEN_PARAMETER, {"token": _TOKEN, "client_id": _CLIENT_ID}),
    }


def openid_schemas() -> Mapping[str, Document]:
    """Describe the error of RFC 6749 §5.2."""
    text = {"type": "string"}
    return {
        "OAuthError": {
            "type": "object",
            "required": ["error"],
            "properties": {"error": text, "error_description": text},
        }
    }


_TEXT: Document = {"type": "string"}
_OBJECT: Document = {"type": "object"}
_TOKENS: Document = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": _TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": _TEXT,
        "refresh_token": {**_TEXT, "description": "Where the scope `offline_access` was given."},
        "id_token": {**_TEXT, "description": "Where the scope `openid` was given."},
    },
}
_INTROSPECTION: Document = {
    "type": "object",
    "required": ["active"],
    "properties": {"active": {"type": "boolean"}, "scope": _TEXT, "client_id": _TEXT, "sub": _TEXT},
}
_USERINFO: Document = {
    "type": "object",
    "required": ["sub"],
    "properties": {
        "sub": {**_TEXT, "description": "The SCIM id."},
        "email": _TEXT,
        "email_verified": {"type": "boolean"},
        "phone_number": {**_TEXT, "description": "The primary mobile number; in E.164 where its country is known."},
        "phone_number_verified": {"type": "boolean"},
        "pending_phone_number": {**_TEXT, "description": "The number that waits for its proof."},
    },
}
_OF_CLIENTS: Document = {"client_id": _TEXT, "client_secret": _TEXT}
_TOKEN_REQUEST: Document = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"enum": ["authorization_code", "refresh_token", "client_credentials"]},
        "code": _TEXT,
        "redirect_uri": _TEXT,
        "code_verifier": _TEXT,
        "refresh_token": _TEXT,
        "scope": _TEXT,
        **_OF_CLIENTS,
    },
}
_TOKEN_PARAMETER: Document = {
    "type": "object",
    "required": ["token"],
    "properties": {"token": _TEXT, "token_type_hint": {**_TEXT, "description": "Not needed."}, **_OF_CLIENTS},
}


def _tokens() -> Document:
    return {
        "access_token": _TOKEN,
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "offline_access openid phone",
        "refresh_token": "Hn8mJ0sV1cQ",
        "id_token": _TOKEN,
    }


def _metadata(name: str, source: str, example: Document) -> Operation:
    return Operation(
        id=name,
        tag=_TAG,
        summary="Where everything of the provider is, and what it can do",
        description=f"{source}.",
        answers={"200": _answer("The metadata.", {"type": "object", "required": ["issuer"]}, example)},
    )


def _of_a_token(name: str, summary: str, description: str, answer: Document) -> Operation:
    return Operation(
        id=name,
        tag=_TAG,
        summary=summary,
        description=description,
        answers={"200": answer},
        form=Form.OAUTH,
        body="TokenParameter",
        body_failures=("PayloadTooLarge",),
        failures=("InvalidTokenParameter", "ClientUnknown", "ServiceUnavailable"),
    )


def _carried(name: str, summary: str, description: str) -> Operation:
    return Operation(
        id=name,
        tag=_TAG,
        summary=summary,
        description=description,
        answers={
            "303": {
                "description": "The browser is to get the same, with its cookies.",
                "headers": header_references(("Location",)),
            }
        },
        form=Form.OAUTH,
        body="BrowserRequest",
        body_failures=("PayloadTooLarge",),
    )


def _userinfo(name: str) -> Operation:
    example = {"sub": USER_ID, "phone_number": "+94111111111", "phone_number_verified": True}
    return Operation(
        id=name,
        tag=_TAG,
        summary="The user whose token it is",
        description="OpenID Connect Core 1.0 §5.3. The other scopes of the token say what is told.",
        answers={"200": _answer("The claims.", _USERINFO, example)},
        form=Form.OAUTH,
    )


def _answer(description: str, schema: Document, example: object) -> Document:
    return {
        "description": description,
        "headers": header_references(()),
        "content": {_JSON: {"schema": schema, "example": example}},
    }


def _body(schema: Document, example: Document) -> Document:
    return {"required": True, "content": {_FORM: {"schema": schema, "example": example}}}
