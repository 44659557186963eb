"""A client of the OpenID provider, and what it does by itself."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.services.callers import Caller
from api.services.clients import NewClient
from api.services.grants import Authorization

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from persistence.clients import Client
    from tests.factories.application import Application

CALLBACK = "https://shop.example/callback"
OPERATOR = Caller("command-line", None, "request-0")
EVERYTHING = frozenset({"openid", "profile", "email", "phone", "offline_access", "internal_login"})


@dataclass
class RelyingParty:
    """A client with its secret, against the application in this process."""

    application: Application
    client: Client
    secret: str | None = field(repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def challenge(self) -> str:
        """Return the challenge of the verifier."""
        return challenge_of(self.verifier)

    def post(self, path: str, **parameters: str) -> TestResponse:
        """Post a form as this client."""
        headers = {}
        if self.secret is None:
            parameters = {"client_id": self.client.id, **parameters}
        else:
            headers["Authorization"] = basic(self.client.id, self.secret)
        return self.application.app.test_client().post(path, data=parameters, headers=headers)

    def token(self, **parameters: str) -> TestResponse:
        """Ask the token endpoint."""
        return self.post("/oauth2/token", **parameters)

    def code(self, user_id: str, scopes: frozenset[str] = EVERYTHING, **asked: Any) -> str:
        """Return a code that a user who is signed in gave to this client."""
        services, at = self.application.services, self.application.clock.now()
        caller = Caller(user_id, user_id, "request-0")
        browser = services.sessions.begin(user_id, amr=("pwd", "sms", "mfa"), acr="aal2", caller=caller, at=at)
        session = services.sessions.lookup(browser)
        assert session is not None
        code = secrets.token_urlsafe(32)
        authorization = Authorization(
            **{
                "client_id": self.client.id,
                "scopes": scopes,
                "redirect_uri": CALLBACK,
                "code_challenge": self.challenge,
                "nonce": "n-0S6",
                **asked,
            }
        )
        services.grants.give(code, authorization, session, caller)
        return code

    def redeem(self, issued: str, **changes: str) -> TestResponse:
        """Turn a code into tokens."""
        parameters = {"code": issued, "redirect_uri": CALLBACK, "code_verifier": self.verifier, **changes}
        return self.token(grant_type="authorization_code", **parameters)

    def tokens(self, user_id: str, scopes: frozenset[str] = EVERYTHING) -> dict[str, Any]:
        """Return the tokens that a user gave to this client."""
        answer = self.redeem(self.code(user_id, scopes))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        tokens: dict[str, Any] = answer.get_json()
        return tokens

    def refresh(self, refresh_token: str, **parameters: str) -> TestResponse:
        """Use a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **parameters)

    def introspect(self, token: str) -> dict[str, Any]:
        """Ask about a token."""
        answer = self.post("/oauth2/introspect", token=token)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        told: dict[str, Any] = answer.get_json()
        return told


def add_client(application: Application, **attributes: Any) -> RelyingParty:
    """Add a client."""
    new = NewClient(**{"name": "Shop", "redirect_uris": (CALLBACK,), "scopes": EVERYTHING, **attributes})
    client, secret = application.services.clients.add(new, OPERATOR)
    return RelyingParty(application, client, secret)


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier by S256 (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def basic(name: str, secret: str) -> str:
    """Return an Authorization header."""
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
