"""Ask authorization servers over HTTP: discovery, key sets and introspection."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

import orjson

from providers.errors import OAuthUnavailable
from providers.exchange import Answer, Exchange, Request, Transport, basic_credentials
from verification.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

CALL_TIMEOUT = timedelta(seconds=2)
"""For the whole call, the body included: a request of ours waits for it."""


class HttpAuthorizationServers:
    """Reach authorization servers as gateways are reached: bounded, no redirects, no retries, connections kept."""

    def __init__(self, transport: Transport | None = None) -> None:
        self._transport = transport or Transport()
        self._exchanges: dict[tuple[str, str], Exchange] = {}

    def get_json(self, url: str) -> Any:  # noqa: ANN401 - a JSON value of any type
        """Return the JSON document at a URL."""
        return self._ask("GET", url, Request(b""))

    def post_form(self, url: str, fields: Mapping[str, str], *, client_id: str, client_secret: str) -> Any:  # noqa: ANN401
        """Post a form as a client and return the JSON answer."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # RFC 6749 §2.3.1: both parts are form-encoded before they become user name and password.
            "Authorization": basic_credentials(quote_plus(client_id), quote_plus(client_secret)),
        }
        return self._ask("POST", url, Request(urlencode(fields).encode(), headers))

    def _ask(self, method: str, url: str, request: Request) -> Any:  # noqa: ANN401 - a JSON value of any type
        try:
            return _document(self._exchange(method, url).send(request, CALL_TIMEOUT))
        except DeliveryError as error:
            raise OAuthUnavailable(f"the authorization server cannot be asked: {error.reason}") from error

    def _exchange(self, method: str, url: str) -> Exchange:
        exchange = self._exchanges.get((method, url))
        if exchange is None:
            exchange = self._exchanges[method, url] = Exchange(method, url, {}, self._transport)
        return exchange


def _document(answer: Answer) -> Any:  # noqa: ANN401 - a JSON value of any type
    if answer.status != HTTPStatus.OK or not answer.is_whole:
        raise OAuthUnavailable(f"the authorization server answered {answer.status}, or too much")
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError as error:
        raise OAuthUnavailable("the authorization server's answer is not JSON") from error
