"""Mail by SMTP (RFC 5321): one message for one recipient, over a connection that is kept for the next one."""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from providers.base import Provider
from providers.faults import Reason, Refusal, permanent, setup, temporary
from providers.smtp_sessions import SmtpSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from providers.mail_servers import MailServer
    from verification.ports import Clock, Message

KEPT = 4
"""Connections kept for the next message; mail servers rarely want more from one client."""
KEPT_FOR = 30.0
"""Seconds a connection may wait: less than mail servers wait for us (RFC 5321 §4.5.3.2.7: five minutes)."""

_AUTHENTICATION_REQUIRED = 530
_PERMANENT = 500


class SmtpProvider(Provider):
    """A mail server that takes our messages."""

    name = "smtp"

    def __init__(
        self,
        server: MailServer,
        sender: str,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
        kept: int = KEPT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(monotonic)
        self._server = server
        self._clock = clock
        self._tls = tls or ssl.create_default_context()
        name, address = parseaddr(sender)
        self._sender = _address(address, name)
        self._most_kept = kept
        self._idle: list[tuple[float, SmtpSession]] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Part with the connections that are kept."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()

    def _hand_over(self, message: Message, within: timedelta) -> None:
        mail = self._compose(message)
        ends_at = self._monotonic() + within.total_seconds()
        session = self._session(ends_at)
        try:
            session.send_message(mail, from_addr=self._sender.addr_spec, to_addrs=[mail["To"].addresses[0].addr_spec])
        except OSError as error:  # the errors of smtplib among them
            self._part(session, error)
            raise _refusal_of(error, left=session.left).error() from None
        self._keep(session)

    def _compose(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        try:
            mail["To"] = _address(message.to)
            mail["Subject"] = message.subject or ""
        except (ValueError, IndexError, MessageError):
            raise permanent(Reason.INVALID_ADDRESS).error() from None
        mail["From"] = self._sender
        mail["Date"] = format_datetime(self._clock.now())
        # The same on every retry: where the first try arrived after all, mailboxes know the second one by it.
        mail["Message-ID"] = f"<{message.reference}@{self._sender.domain}>"
        # RFC 3834 §5: no holiday notice comes back.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        return mail

    def _session(self, ends_at: float) -> SmtpSession:
        """Return a connection that is ready: one that was kept, else a new one."""
        while (kept := self._kept()) is not None:
            kept.grant(ends_at - self._monotonic())
            if kept.is_usable():
                return kept
            kept.close()
        session = SmtpSession(self._server, self._tls, our_name=self._sender.domain, monotonic=self._monotonic)
        session.grant(ends_at - self._monotonic())
        try:
            session.begin()
        except OSError as error:  # the errors of smtplib among them
            session.close()
            raise _refusal_at_the_door(error, left=session.left).error() from None
        return session

    def _kept(self) -> SmtpSession | None:
        with self._lock:
            while self._idle:
                since, session = self._idle.pop()
                if self._monotonic() - since < KEPT_FOR:
                    return session
                session.close()
        return None

    def _keep(self, session: SmtpSession) -> None:
        with self._lock:
            if len(self._idle) < self._most_kept:
                self._idle.append((self._monotonic(), session))
                return
        session.close()

    def _part(self, session: SmtpSession, error: Exception) -> None:
        # What a server said of one recipient or text says nothing of the connection.
        if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and session.sock is not None:
            self._keep(session)
        else:
            session.close()


def _address(text: str, name: str = "") -> Address:
    """Read an address; a domain with letters beyond ASCII goes out in the form every server knows (RFC 5890)."""
    local, _, domain = text.strip().rpartition("@")
    if not local or not domain:
        raise ValueError("not an address")
    return Address(name, addr_spec=f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}")


def _refusal_at_the_door(error: Exception, *, left: float) -> Refusal:
    """Judge why no connection was to be had; what the operator must mend may be mended in time."""
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= _PERMANENT:
        return setup(Reason.CREDENTIALS_REFUSED)
    if isinstance(error, ssl.SSLCertVerificationError):
        return setup(Reason.GATEWAY_UNTRUSTED)
    if isinstance(error, smtplib.SMTPResponseException):
        return temporary(Reason.GATEWAY_UNAVAILABLE)
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        # No STARTTLS, or no way to sign in that we know.
        return setup(Reason.SETUP_REFUSED)
    return temporary(Reason.TIMED_OUT if left <= 0 else Reason.GATEWAY_UNREACHABLE)


def _refusal_of(error: Exception, *, left: float) -> Refusal:
    """Judge why a message was not taken (RFC 5321 §4.2.1: 4yz passes, 5yz stays)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, _),) = error.recipients.values()
        return _judged(code, permanent(Reason.MAILBOX_REFUSED))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _judged(error.smtp_code, setup(Reason.SENDER_REFUSED))
    if isinstance(error, smtplib.SMTPDataError):
        return _judged(error.smtp_code, permanent(Reason.TEXT_REFUSED))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # Letters beyond ASCII before the @, and a server that does not know them (RFC 6531).
        return permanent(Reason.INVALID_ADDRESS)
    return temporary(Reason.TIMED_OUT if left <= 0 else Reason.CONNECTION_BROKEN)


def _judged(code: int, for_good: Refusal) -> Refusal:
    if code == _AUTHENTICATION_REQUIRED:
        return setup(Reason.CREDENTIALS_REFUSED)
    return for_good if code >= _PERMANENT else temporary(Reason.GATEWAY_UNAVAILABLE)
