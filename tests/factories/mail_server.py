"""A mail server on loopback that takes what it is sent, or refuses it as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.factories.servers import free_port

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage

USER = "lineproof"
PASSWORD = "a-mail-password"


@dataclass
class MailHost:
    """What the server has taken, from which ports, and what it answers; an answer of None accepts."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    were_secure: list[bool] = field(default_factory=list)
    on_recipient: list[str | None] = field(default_factory=list)
    on_sender: list[str | None] = field(default_factory=list)
    on_data: list[str | None] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer the sender."""
        del server, session, options
        envelope.mail_from = address
        return (self.on_sender.pop(0) if self.on_sender else None) or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer a recipient."""
        del server, session, options
        refusal = self.on_recipient.pop(0) if self.on_recipient else None
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message."""
        refusal = self.on_data.pop(0) if self.on_data else None
        if refusal:
            return refusal
        self.sessions.add(session.peer[1])
        self.were_secure.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        self.recipients += envelope.rcpt_tos
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        """Return the texts of the mails."""
        return [mail.get_content() for mail in self.mails]


class MailServer(Controller):
    """The server, with STARTTLS and AUTH where it has a certificate for them, or with TLS from the first byte."""

    def __init__(
        self, starttls: ssl.SSLContext | None = None, *, ssl_context: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.host = MailHost()
        self._starttls = starttls
        self._transports: list[asyncio.WriteTransport] = []
        # The controller connects once to see whether it is up, so it must know the port.
        super().__init__(self.host, hostname="127.0.0.1", port=port or free_port(), ssl_context=ssl_context)

    def factory(self) -> SMTP:
        """Make the protocol of a connection."""
        return _Protocol(
            self._transports,
            self.host,
            hostname="mail.test",
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            authenticator=_authenticate,
            auth_required=self._starttls is not None,
            auth_exclude_mechanism=(),
        )

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Close every connection, and stop."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result()
        self.stop(no_assert=True)

    async def _hang_up(self) -> None:
        for transport in self._transports:
            transport.abort()
        # A transport lets go of its socket in the turn after that, one over TLS in the next.
        for _ in range(3):
            await asyncio.sleep(0)


class _Protocol(SMTP):
    """A connection that says by what it is carried."""

    def __init__(self, transports: list[asyncio.WriteTransport], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or begin anew over TLS."""
        self._transports.append(cast("asyncio.WriteTransport", transport))
        super().connection_made(transport)


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    is_right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)
