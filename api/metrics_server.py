"""/metrics without the application: a WSGI application of its own, and a server for an address of its own."""

from __future__ import annotations

import threading
import time
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from api.exposition import CONTENT_TYPE
from api.listening import family_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from api.exposition import Exposition
    from api.setting_readers import Address

PATH = "/metrics"
_AGAIN = 1.0
"""Seconds between tries to take over the address: of several processes one has it, and the next when that one ends."""


class MetricsApplication:
    """Answers a GET of /metrics, and nothing else."""

    def __init__(self, exposition: Exposition) -> None:
        self._exposition = exposition

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] != PATH or method not in {"GET", "HEAD"}:
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        body = self._exposition.text()
        start_response("200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))])
        return [] if method == "HEAD" else [body]


def serve_metrics(address: Address, application: WSGIApplication) -> None:
    """Serve at an address of its own, beside what this process does, as soon as no sibling does."""
    threading.Thread(target=_serve, args=(address, application), name="metrics", daemon=True).start()


def _serve(address: Address, application: WSGIApplication) -> None:
    while True:
        try:
            server = _Server(address)
        except OSError:
            time.sleep(_AGAIN)
            continue
        server.set_app(application)
        server.serve_forever()


class _Handler(WSGIRequestHandler):
    timeout = 5
    """Seconds a scraper may take to send its request."""

    def log_message(self, *_: object) -> None:
        """Write nothing: standard error is for lines of JSON."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, address: Address) -> None:
        self.address_family = family_of(address.host)
        super().__init__((address.host, address.port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server for our own name, as the base class does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()
