"""Where mail is handed over, read off a URL: apart from the provider, for settings read this and load no SMTP."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import Enum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_FLAGS = {"1": True, "true": True, "0": False, "false": False}


class Security(Enum):
    """How the way to a mail server is guarded; the number is the port it has where none is named."""

    NONE = 25
    STARTTLS = 587
    TLS = 465


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that takes messages from us, and what it knows us by."""

    host: str
    port: int
    security: Security = Security.NONE
    user: str = ""
    password: str = field(default="", repr=False)


def read_mail_server(url: str) -> MailServer:
    """Read `smtp://user:password@host:port`, with `?starttls=1` behind it, or `smtps://…`.

    Raises:
        ValueError: the URL is none of these; its text is never repeated.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("must be a URL like smtp://user:password@host:587?starttls=1") from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ValueError("must be a URL like smtp://user:password@host:587?starttls=1")
    security = _security(parts)
    server = MailServer(
        host=parts.hostname,
        port=port or security.value,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    if bool(server.user) != bool(server.password):
        raise ValueError("must name user and password, or neither")
    if server.user and security is Security.NONE and not _is_loopback(server.host):
        raise ValueError("must not send a password in the clear: use smtps, or ?starttls=1")
    return server


def read_sender(text: str) -> str:
    """Read the address mail comes from, alone or as `Name <address>`.

    Raises:
        ValueError: it holds no address.
    """
    address = parseaddr(text)[1]
    local, at, domain = address.rpartition("@")
    if not (at and local and domain and text.isprintable()) or " " in address:
        raise ValueError("must be an address, like Lineproof <no-reply@example.com>")
    return text


def _security(parts: SplitResult) -> Security:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls = options.pop("starttls", "0").lower()
    if options or starttls not in _FLAGS:
        raise ValueError("must have no other option than starttls=1")
    if parts.scheme == "smtps":
        return Security.TLS
    return Security.STARTTLS if _FLAGS[starttls] else Security.NONE


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
