"""/oauth2/authorize: who is it, do they agree, and then a code for the client."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, UnsupportedResponseTypeError
from authlib.oidc.core.errors import ConsentRequiredError, LoginRequiredError
from flask import Response

from api.oidc.prompts import SIGNED_IN_AFTER, Wishes
from api.oidc.reading import read_request
from api.oidc.server import Provider
from api.pages.errors import AuthorizationRefused
from api.pages.paths import LONGEST_PATH
from api.pages.visits import MAX_FORM
from api.request_state import request_id

if TYPE_CHECKING:
    from api.oidc.requests import ProtocolRequest
    from api.oidc.token_grants import CodeGrant
    from api.pages.visits import Visit
    from persistence.browser_sessions import Session
    from persistence.clients import Client

PATH = "/oauth2/authorize"
UNSUPPORTED = frozenset({"request", "request_uri", "registration"})
"""Parameters that hold further ones, which nobody reads here."""

Pairs = list[tuple[str, str]]


def show(visit: Visit) -> Response:
    """Answer an authorization request: send to sign in, ask for consent, or send back with a code."""
    return _Authorization.answer(visit, list(visit.request.args.items(multi=True)))


def carry_over(visit: Visit) -> Response:
    """Take an authorization request that was posted (Core §3.1.2.1), and have it got.

    The browser sends no cookie of ours with what another site posts, but with the address that it goes to then.
    """
    visit.request.max_content_length = MAX_FORM
    return _see(f"{PATH}?{urlencode(list(visit.request.form.items(multi=True)))}")


@dataclass(frozen=True, slots=True)
class _Authorization:
    """A request that is valid, and the browser that it came by."""

    visit: Visit
    provider: Provider
    request: ProtocolRequest
    grant: CodeGrant
    pairs: Pairs

    @classmethod
    def answer(cls, visit: Visit, pairs: Pairs) -> Response:
        """Answer a request with these parameters."""
        provider = Provider(visit.services)
        state = dict(pairs).get("state")
        try:
            request = read_request(visit.request, pairs, request_id())
            grant = provider.get_consent_grant(request)
            return cls(visit, provider, request, grant, pairs).go_on()
        except OAuth2Error as error:
            return _refused(_mended(error, dict(pairs)), state, visit)

    def go_on(self) -> Response:
        """Take the next step towards a code."""
        for name in UNSUPPORTED & set(self.request.form):
            # OpenID Connect Core §3.1.2.6: what would be in there must not be left out silently.
            raise OAuth2Error(error=f"{name}_not_supported", redirect_uri=self.grant.redirect_uri)
        wishes = self._wishes()
        now = self.visit.services.core.clock.now()
        session = self.visit.session
        if session is None or wishes.need_sign_in(session, now):
            if wishes.is_silent:
                raise LoginRequiredError(redirect_uri=self.grant.redirect_uri)
            return self._detour("/sign-in", (SIGNED_IN_AFTER, str(int(now.timestamp()))))
        if wishes.wants_consent or not self._has_consent(session):
            if wishes.is_silent:
                raise ConsentRequiredError(redirect_uri=self.grant.redirect_uri)
            return self._detour("/consent")
        return self._give(session)

    def _wishes(self) -> Wishes:
        try:
            return Wishes.of(self.request.form)
        except InvalidRequestError as error:
            error.redirect_uri = self.grant.redirect_uri
            raise

    @property
    def _client(self) -> Client:
        client: Client = self.request.client.client
        return client

    @property
    def _scopes(self) -> frozenset[str]:
        return frozenset(self.request.scope.split())

    def _has_consent(self, session: Session) -> bool:
        return self.visit.services.clients.has_consent(session.user_id, self._client, self._scopes)

    def _detour(self, page: str, *added: tuple[str, str]) -> Response:
        """Send the browser to a page that sends it back to this request."""
        kept = [(name, value) for name, value in self.pairs if name not in dict(added)]
        path = f"{PATH}?{urlencode([*kept, *added])}"
        if len(path) > LONGEST_PATH:
            raise InvalidRequestError("The request is too long.", redirect_uri=self.grant.redirect_uri)
        return self.visit.go(f"{page}?{urlencode({'return_to': path})}")

    def _give(self, session: Session) -> Response:
        answer = self.provider.create_authorization_response(self.request, grant_user=session, grant=self.grant)
        location = dict(answer.headers).get("Location")
        if location is None:
            # The client has been removed at this very moment.
            raise AuthorizationRefused
        return _back(location, self.visit)


def _mended(error: OAuth2Error, parameters: dict[str, str]) -> OAuth2Error:
    """Say what Authlib says of a missing response type, and of another one, in the words of RFC 6749 §4.1.2.1."""
    if not isinstance(error, UnsupportedResponseTypeError):
        return error
    if not parameters.get("response_type"):
        return InvalidRequestError("Missing 'response_type' in request.", redirect_uri=error.redirect_uri)
    return OAuth2Error(error=error.error, redirect_uri=error.redirect_uri, description="Only 'code' is supported.")


def _refused(error: OAuth2Error, state: str | None, visit: Visit) -> Response:
    if not error.redirect_uri:
        # Nobody knows whose request this is: it leads nowhere else (RFC 6749 §4.1.2.1).
        raise AuthorizationRefused from error
    error.state = state
    _, _, headers = error()
    return _back(dict(headers)["Location"], visit)


def _back(location: str, visit: Visit) -> Response:
    # RFC 9207: a client that talks to several providers can tell whose answer this is.
    return _see(add_params_to_uri(location, [("iss", visit.services.settings.base_url)]))


def _see(location: str) -> Response:
    # RFC 9700 §4.12: never 307, by which a browser would post on what was posted here.
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": location})
