"""The door for scrapers at the service's own address, who have a token of their own."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from api.metrics_server import PATH
from api.request_facts import set_route

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class ScrapersDoor:
    """Lets in who asks for the metrics with that token; everybody else goes on to the application."""

    def __init__(self, application: WSGIApplication, metrics: WSGIApplication, token: str) -> None:
        self._application = application
        self._metrics = metrics
        self._token = token.encode()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        if environ["PATH_INFO"] == PATH and self._is_scraper(environ.get("HTTP_AUTHORIZATION", "")):
            set_route(environ, PATH)
            return self._metrics(environ, start_response)
        return self._application(environ, start_response)

    def _is_scraper(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self._token)
