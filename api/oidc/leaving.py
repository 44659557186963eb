"""/oauth2/logout: signing out, asked for by a client (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from authlib.oidc.rpinitiated import EndSessionEndpoint
from flask import Response
from joserfc import jwt
from joserfc.errors import JoseError

from api.auth.jwts import EMBEDDED_ALGORITHMS
from api.oidc.reading import read_request
from api.oidc.server import Provider
from api.pages.clients import source_of
from api.pages.errors import SignOutRefused
from api.pages.visits import MAX_FORM
from api.request_state import request_id

if TYPE_CHECKING:
    from authlib.oidc.rpinitiated.end_session import EndSessionRequest

    from api.pages.visits import Visit

PATH = "/oauth2/logout"
_ID_TOKEN = "JWT"  # noqa: S105 - the type in its header

Pairs = list[tuple[str, str]]


class Leaving(EndSessionEndpoint):
    """What a client may ask for, and on what proof."""

    server: Provider

    def get_server_jwks(self) -> object:
        """Return the keys that ID tokens are verified by."""
        return self.server.services.issuer_keys

    def _validate_id_token_hint(self, id_token_hint: str) -> dict[str, Any]:
        """Take an ID token of ours, however old (§2)."""
        try:
            token = jwt.decode(id_token_hint, self.server.services.issuer_keys, algorithms=[*EMBEDDED_ALGORITHMS])
        except (JoseError, ValueError) as error:
            raise InvalidRequestError("The id_token_hint is none.") from error
        if token.header.get("typ") != _ID_TOKEN or token.claims.get("iss") != self.server.services.settings.base_url:
            raise InvalidRequestError("The id_token_hint is not an ID token of this provider.")
        return dict(token.claims)


def show(visit: Visit) -> Response:
    """Sign out, and send back; ask first where it is not sure that the client is the user's."""
    pairs = list(visit.request.args.items(multi=True))
    asked = _read(visit, pairs)
    if visit.session is not None and (asked.id_token_claims or {}).get("sub") != visit.session.user_id:
        targets = (source_of(asked.redirect_uri),) if asked.redirect_uri else ()
        return visit.render("sign_out.html", request=urlencode(pairs), form_targets=targets)
    return _leave(visit, asked)


def carry_over(visit: Visit) -> Response:
    """Take a request that was posted, and have it got: only so does the browser say who it is."""
    visit.request.max_content_length = MAX_FORM
    query = urlencode(list(visit.request.form.items(multi=True)))
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}?{query}"})


def confirm(visit: Visit) -> Response:
    """Sign out, as the user has said."""
    return _leave(visit, _read(visit, parse_qsl(visit.field("request"))))


def _read(visit: Visit, pairs: Pairs) -> EndSessionRequest:
    provider = Provider(visit.services)
    provider.register_endpoint(Leaving)
    try:
        request = read_request(visit.request, pairs, request_id())
        return provider.validate_endpoint_request("end_session", request)
    except OAuth2Error as error:
        raise SignOutRefused from error


def _leave(visit: Visit, asked: EndSessionRequest) -> Response:
    visit.end_session()
    return visit.leave(asked.redirect_uri) if asked.redirect_uri else visit.go("/signed-out")
