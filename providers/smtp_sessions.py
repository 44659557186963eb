"""A session with a mail server that keeps a total deadline, as connections with gateways do."""

from __future__ import annotations

import io
import smtplib
import socket
from typing import TYPE_CHECKING

from providers.addresses import resolve_within
from providers.deadlines import DeadlineReader
from providers.mail_servers import Security

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from _typeshed import ReadableBuffer

    from providers.mail_servers import MailServer

_SHORTEST_WAIT = 0.001  # zero would make a socket non-blocking
_READY = 220
_OK = 250


class SmtpSession(smtplib.SMTP):
    """One connection to a mail server; each step gets what the steps before it left of the time."""

    def __init__(
        self, server: MailServer, tls: ssl.SSLContext, *, our_name: str, monotonic: Callable[[], float]
    ) -> None:
        super().__init__(local_hostname=our_name)
        self._server = server
        self._tls = tls
        self._monotonic = monotonic
        self._ends_at = 0.0
        # The name the certificate must have; smtplib only knows it where it connects by itself.
        self._host = server.host

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return self._ends_at - self._monotonic()

    def grant(self, seconds: float) -> None:
        """Give the steps that follow so many seconds in all."""
        self._ends_at = self._monotonic() + seconds

    def begin(self) -> None:
        """Connect, secure the connection and sign in, as the server's URL says."""
        code, answer = self.connect(self._server.host, self._server.port)
        if code != _READY:
            raise smtplib.SMTPConnectError(code, answer)
        if self._server.security is Security.STARTTLS:
            # A server that does not offer it is refused: nothing is sent in the clear by mistake.
            self.starttls(context=self._tls)
        if self._server.user:
            self.login(self._server.user, self._server.password)

    def is_usable(self) -> bool:
        """Tell whether the server still listens on a kept connection."""
        try:
            return self.rset()[0] == _OK
        except OSError:  # the errors of smtplib among them
            return False

    def send(self, s: ReadableBuffer | str) -> None:
        """Write to the server by the deadline."""
        if self.sock is not None:
            self.sock.settimeout(max(self.left, _SHORTEST_WAIT))
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply by the deadline, however slowly it comes."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(DeadlineReader(self.sock, lambda: self.left))
        return super().getreply()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - the deadline holds
        sock = self._first_reachable(resolve_within(self.left, host, port), port)
        if self._server.security is not Security.TLS:
            return sock
        try:
            return self._tls.wrap_socket(sock, server_hostname=host)
        except OSError:
            sock.close()
            raise

    def _first_reachable(self, addresses: tuple[str, ...], port: int) -> socket.socket:
        failure: OSError = OSError("the name has no addresses")
        for position, address in enumerate(addresses):
            share = max(self.left / (len(addresses) - position), _SHORTEST_WAIT)
            try:
                sock = socket.create_connection((address, port), share)
            except OSError as error:
                failure = error
                continue
            sock.settimeout(max(self.left, _SHORTEST_WAIT))
            return sock
        raise failure
