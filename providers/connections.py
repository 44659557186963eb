"""Connections that keep a total deadline.

The timeouts of requests count each wait of a socket anew, so a gateway that drips a byte a second, or a name with
ten dead addresses, could hold a worker for minutes. Here the look-up, every address, the handshake and every read
share one budget: the total of the urllib3 Timeout that a request is sent with.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, ClassVar

from requests import Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from providers.addresses import refuse_private_address, resolve_within
from providers.deadlines import DeadlineReader

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    import urllib3.response
    from requests import PreparedRequest
    from urllib3.connectionpool import ConnectionPool

_SHORTEST_WAIT = 0.001  # zero would make a socket non-blocking


class DeadlineConnection(HTTPConnection):
    """A connection on which each step gets only what the steps before it left of the timeout."""

    is_public_only: ClassVar[bool] = False

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - urllib3's own
        super().__init__(*args, **options)
        self._ends_at = 0.0
        self._held: list[bytes] | None = None
        self.response_class = self._response  # type: ignore[assignment]  # http.client only calls it

    def connect(self) -> None:
        """Connect by the deadline, the handshake and a proxy's answer included."""
        self._restart()
        super().connect()

    def request(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - urllib3's own
        """Send headers and body in one piece: one segment on the wire, one wake-up of the gateway."""
        self._held = []
        try:
            super().request(*args, **options)
        finally:
            held, self._held = self._held, None
        self.send(b"".join(held))

    def send(self, data: Any) -> None:  # noqa: ANN401 - http.client's own
        """Hold back what belongs to a request until it is complete."""
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)

    def getresponse(self) -> urllib3.response.HTTPResponse:  # type: ignore[override]  # as urllib3 does
        """Read the answer by the deadline, however slowly it comes."""
        self._restart()
        return super().getresponse()

    def _restart(self) -> None:
        # The pool has just set the timeout to what is left of the request's total.
        self._ends_at = time.monotonic() + float(self.timeout or 0)

    def _left(self) -> float:
        return self._ends_at - time.monotonic()

    def _response(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None) -> HTTPResponse:
        # A file to read from is all that a response asks its socket for.
        return HTTPResponse(_DeadlineSocket(sock, self._left), debuglevel, method)  # type: ignore[arg-type]

    def _new_conn(self) -> socket.socket:
        try:
            return self._first_reachable(resolve_within(self._left(), self._dns_host, self.port))
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out.") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error

    def _first_reachable(self, addresses: tuple[str, ...]) -> socket.socket:
        if self.is_public_only:
            for address in addresses:
                refuse_private_address(address)
        failure: OSError = OSError("the name has no addresses")
        for position, address in enumerate(addresses):
            share = max(self._left() / (len(addresses) - position), _SHORTEST_WAIT)
            try:
                sock = create_connection((address, self.port), share, self.source_address, self.socket_options)
            except OSError as error:
                failure = error
                continue
            sock.settimeout(max(self._left(), _SHORTEST_WAIT))
            return sock
        raise failure


class DeadlineTlsConnection(DeadlineConnection, HTTPSConnection):
    """The same over TLS."""


class PublicConnection(DeadlineConnection):
    """A connection that refuses to go anywhere but to the internet at large."""

    is_public_only = True


class PublicTlsConnection(DeadlineTlsConnection):
    """The same over TLS."""

    is_public_only = True


class DeadlinePool(HTTPConnectionPool):
    """Keeps such connections alive for the next request."""

    ConnectionCls = DeadlineConnection


class DeadlineTlsPool(HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = DeadlineTlsConnection


class PublicPool(HTTPConnectionPool):
    """Keeps connections to public addresses."""

    ConnectionCls = PublicConnection


class PublicTlsPool(HTTPSConnectionPool):
    """The same over TLS."""

    ConnectionCls = PublicTlsConnection


class GatewayAdapter(HTTPAdapter):
    """The way to one gateway: kept connections, no retries, a total deadline.

    It is used without a Session. A Session would follow redirects, keep the gateway's cookies, and read .netrc and
    the environment on each call; a password from .netrc in place of the configured one is nobody's wish.
    """

    _schemes: ClassVar[dict[str, Callable[..., ConnectionPool]]] = {"http": DeadlinePool, "https": DeadlineTlsPool}

    def __init__(self, pool_size: int) -> None:
        self._pool: ConnectionPool | None = None
        self._target: str | None = None
        super().__init__(pool_connections=1, pool_maxsize=pool_size, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - requests' own
        """Make pools of our connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._schemes

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - requests' own
        """Make pools of our connections towards a proxy too."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = self._schemes
        return manager

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        *args: Any,  # noqa: ANN401 - requests' own
        **options: Any,  # noqa: ANN401 - requests' own
    ) -> Any:  # noqa: ANN401 - requests' own
        """Return the pool of the one gateway this adapter is for, found once."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(request, *args, **options)
        return self._pool

    def request_url(self, request: PreparedRequest, *args: Any, **options: Any) -> str:  # noqa: ANN401 - requests' own
        """Return the target of the requests, found once too."""
        if self._target is None:
            self._target = super().request_url(request, *args, **options)
        return self._target

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:  # noqa: ANN401 - requests' own
        """Return only what is read here: no cookies, no guesses about text."""
        response = Response()
        response.request, response.status_code = req, resp.status
        response.headers, response.raw = resp.headers, resp
        return response


class PublicAdapter(GatewayAdapter):
    """The way to a gateway whose URL came through an API."""

    _schemes: ClassVar[dict[str, Callable[..., ConnectionPool]]] = {"http": PublicPool, "https": PublicTlsPool}


class HostAdapter(GatewayAdapter):
    """The way to one host, which is asked for many things."""

    def request_url(self, request: PreparedRequest, *args: Any, **options: Any) -> str:  # noqa: ANN401 - requests' own
        """Return the target of this request."""
        return HTTPAdapter.request_url(self, request, *args, **options)


class _DeadlineSocket:
    """As much of a socket as a response needs: a file to read from."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(DeadlineReader(self._sock, self._left))
