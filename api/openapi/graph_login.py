"""The token endpoints that clients of Microsoft Graph know, described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.failures import Form
from api.openapi.graph_schemas import LOGIN_ANSWER
from api.openapi.messages import reference
from api.openapi.operations import Operation
from api.openapi.parameters import header_references

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

_FORM = "application/x-www-form-urlencoded"
_TEXT: Document = {"type": "string"}
_CLIENT = {"client_id": "0b6f3c1e-9d2a-4f0e-8c55-2f7d3a9e4b10", "client_secret": "…"}
_TOKEN = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl"  # noqa: S105 - a sample


def graph_login_operations() -> Mapping[tuple[str, str], Operation]:
    """Describe them."""
    return {
        ("/{tenant}/oauth2/v2.0/token", "post"): _operation("graphGetTokens", "v2.0", "GraphTokenRequest", 900),
        ("/{tenant}/oauth2/token", "post"): _operation("graphGetTokensV1", "v1", "GraphTokenRequestV1", "900"),
    }


def graph_login_bodies() -> Mapping[str, Document]:
    """Describe the bodies of requests among them."""
    scope = "https://graph.microsoft.com/.default"
    return {
        "GraphTokenRequest": _body("scope", scope),
        "GraphTokenRequestV1": _body("resource", "https://graph.microsoft.com"),
    }


def _operation(name: str, version: str, body: str, seconds: object) -> Operation:
    example = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": _TOKEN}
    return Operation(
        id=name,
        tag="Microsoft Graph",
        summary=f"A token for a client in its own name, in the form of {version}",
        description="The token has every scope that the client has. The tenant may be called anything.",
        answers={
            "200": {
                "description": "The token.",
                "headers": header_references(()),
                "content": {"application/json": {"schema": reference(LOGIN_ANSWER), "example": example}},
            }
        },
        form=Form.LOGIN,
        body=body,
        body_failures=("PayloadTooLarge",),
        failures=("InvalidLogin", "LoginClientUnknown", "ServiceUnavailable"),
    )


def _body(name: str, example: str) -> Document:
    members = ("grant_type", "client_id", "client_secret", name)
    schema = {"type": "object", "properties": dict.fromkeys(members, _TEXT)}
    content = {"schema": schema, "example": {"grant_type": "client_credentials", **_CLIENT, name: example}}
    return {"required": True, "content": {_FORM: content}}
