"""Ask authorization servers over HTTP: discovery, key sets and introspection."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import orjson
import requests
from requests.auth import HTTPBasicAuth

if TYPE_CHECKING:
    from collections.abc import Mapping

CALL_TIMEOUT = 2.0
"""Seconds for connecting, for each wait and for the whole body: a request of ours waits for this call."""
MAX_BODY = 1024 * 1024
"""Bytes of the largest answer that is read; key sets have a few thousand."""
_CHUNK = 16 * 1024


class OAuthUnavailable(Exception):
    """The authorization server did not give a usable answer."""


class RequestsOAuthHttp:
    """Ask authorization servers by means of requests: no redirects, no cookies, no retries, bounded answers."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_json(self, url: str) -> Any:  # noqa: ANN401 - a JSON value of any type
        """Return the JSON document at a URL."""
        return self._answer("GET", url)

    def post_form(self, url: str, fields: Mapping[str, str], *, client_id: str, client_secret: str) -> Any:  # noqa: ANN401
        """Post a form as a client and return the JSON answer."""
        # RFC 6749 §2.3.1: both parts are form-encoded before they become user name and password.
        credentials = HTTPBasicAuth(quote_plus(client_id), quote_plus(client_secret))
        return self._answer("POST", url, data=dict(fields), auth=credentials)

    def _answer(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401
        try:
            with self._session.request(
                method, url, timeout=CALL_TIMEOUT, allow_redirects=False, stream=True, **options
            ) as response:
                if response.status_code != HTTPStatus.OK:
                    raise OAuthUnavailable(f"the authorization server answered {response.status_code}")
                return orjson.loads(_bounded_body(response))
        except requests.RequestException as error:
            # The error's own text holds the URL: its kind is enough.
            raise OAuthUnavailable(f"the authorization server cannot be asked: {type(error).__name__}") from error
        except orjson.JSONDecodeError as error:
            raise OAuthUnavailable("the authorization server's answer is not JSON") from error


def _bounded_body(response: requests.Response) -> bytes:
    deadline = time.monotonic() + CALL_TIMEOUT
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY:
            raise OAuthUnavailable("the authorization server's answer is too long")
        if time.monotonic() > deadline:
            raise OAuthUnavailable("the authorization server's answer takes too long")
    return bytes(body)
