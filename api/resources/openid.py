"""/oauth2 and /.well-known: what clients of the OpenID provider ask by themselves, without a browser.

Authlib is loaded when the first of them asks for a token (docs/decisions/0012).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, request
from flask.views import MethodView

from api.auth.client_scopes import OpenidScope
from api.auth.errors import InvalidToken
from api.auth.scopes import public, requires
from api.loading import load
from api.oidc.claims import claims_of
from api.oidc.metadata import PREFIX, provider_metadata, public_keys
from api.request_state import principal, request_id
from api.resources.routes import add_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.oidc.server import Answer, Provider
    from api.wiring import Services

MAX_FORM = 16 * 1024
"""Bytes; the longest request has two tokens in it."""
KEPT_FOR = "public, max-age=300"
"""What others may keep of keys and metadata: a new key has to be there that long before it signs."""
CORS = {
    # RFC 6454: what runs in a browser may ask from anywhere. Nothing here looks at a cookie, so that a page of
    # somebody else gets no further than a program of his would.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


class OpenidViews:
    """The views of the provider that answer to programs."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def blueprints(self) -> tuple[Blueprint, Blueprint]:
        """Build the blueprints: what pages of anybody may ask, and what they may not."""
        open_to_pages = Blueprint("openid", __name__)
        for path in ("openid-configuration", "oauth-authorization-server"):
            add_route(open_to_pages, f"/.well-known/{path}", "GET", self.metadata, public)
        add_route(open_to_pages, f"{PREFIX}/jwks", "GET", self.keys, public)
        add_route(open_to_pages, f"{PREFIX}/token", "POST", self.token, public)
        add_route(open_to_pages, f"{PREFIX}/revoke", "POST", self.revoke, public)
        open_to_pages.add_url_rule(f"{PREFIX}/userinfo", view_func=_userinfo(self._services))
        open_to_pages.after_request(_with_cors)
        closed = Blueprint("introspection", __name__)
        add_route(closed, f"{PREFIX}/introspect", "POST", self.introspect, public)
        return open_to_pages, closed

    @cached_property
    def provider(self) -> Provider:
        """The provider, loaded when a client wants something of it."""
        make: Callable[[Services], Provider] = load("api.oidc.server:Provider")
        return make(self._services)

    def metadata(self) -> Response:
        """Tell where everything is."""
        return _json(provider_metadata(self._services.settings.base_url), {"Cache-Control": KEPT_FOR})

    def keys(self) -> Response:
        """Tell the keys that tokens are verified by."""
        return _json(public_keys(self._services.issuer_keys), {"Cache-Control": KEPT_FOR})

    def token(self) -> Response:
        """Issue tokens."""
        return self._answer(self.provider.create_token_response)

    def introspect(self) -> Response:
        """Tell of a token."""
        return self._answer(lambda asked: self.provider.create_endpoint_response("introspection", asked))

    def revoke(self) -> Response:
        """End a token."""
        return self._answer(lambda asked: self.provider.create_endpoint_response("revocation", asked))

    def _answer(self, ask: Callable[[Any], Answer]) -> Response:
        request.max_content_length = MAX_FORM
        read: Callable[..., Answer] = load("api.oidc.reading:answered")
        answer = read(self.provider, request, request_id(), ask)
        return _json(answer.body, dict(answer.headers), answer.status)


def _userinfo(services: Services) -> Callable[..., Any]:
    def show() -> Response:
        user_id = principal().user_id
        user = None
        if user_id is not None:
            user = services.core.database.read(lambda unit: unit.resources.lookup("User", user_id))
        if user is None:
            raise InvalidToken("it is no user's")
        return _json(claims_of(user, principal().scopes, services.core.policy))

    class Userinfo(MethodView):
        @requires(OpenidScope.OPENID)
        def get(self) -> Response:
            """Tell of the user whose token it is (OpenID Connect Core §5.3)."""
            return show()

        @requires(OpenidScope.OPENID)
        def post(self) -> Response:
            """Tell the same: clients may ask in either way."""
            return show()

        @public
        def options(self) -> Response:
            """Let a browser ask whether a page may ask: it sends no token with that (Fetch §3.2.2)."""
            return Response(status=204)

    return Userinfo.as_view("userinfo")


def _with_cors(response: Response) -> Response:
    response.headers.update(CORS)
    return response


def _json(body: object, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status=status, headers={**(headers or {}), "Content-Type": "application/json"})
