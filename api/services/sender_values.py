"""Senders of messages as administrators set them up, by the names the guide's product has for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from providers.authentication_types import TOKEN_ENDPOINT, AuthenticationType
from verification import sealing
from verification.errors import SealBroken, UnknownKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from persistence.senders import StoredSender
    from verification.codes import KeyRing

BODY = "body"
HEADERS = "http.headers"
METHOD = "http.method"
"""The properties that are read; what else is sent is kept and given back."""
SECRET = "secret"  # noqa: S105 - the name of a member
SECRET_CREDENTIALS = frozenset({"password", "clientSecret", "accessToken", "value"})


class ProviderName(StrEnum):
    """The providers that can be set up."""

    TWILIO = "Twilio"
    VONAGE = "Vonage"
    CUSTOM = "Custom"


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a custom gateway is told who sends."""

    type: AuthenticationType
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def shown(self) -> dict[str, str]:
        """Return what is no secret."""
        return {name: text for name, text in self.properties.items() if name not in SECRET_CREDENTIALS}

    @property
    def secrets(self) -> dict[str, str]:
        """Return what is one."""
        return {name: text for name, text in self.properties.items() if name in SECRET_CREDENTIALS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A sender; one that cannot be opened any more has its name and its provider only."""

    name: str
    provider: str
    content_type: str = "JSON"
    url: str = field(default="", repr=False)
    key: str = ""
    secret: str = field(default="", repr=False)
    sender: str = ""
    properties: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials: Credentials | None = None
    is_open: bool = True

    @property
    def shown_properties(self) -> dict[str, str]:
        """Return what is no secret."""
        return {name: text for name, text in self.properties.items() if name != HEADERS}

    @property
    def secrets_set(self) -> tuple[str, ...]:
        """Name the secrets that are kept."""
        of_credentials = self.credentials.secrets if self.credentials else {}
        headers = [f"properties.{HEADERS}"] if self.properties.get(HEADERS) else []
        own = [SECRET] if self.secret else []
        return (*own, *headers, *sorted(f"authentication.{name}" for name in of_credentials))

    @property
    def places(self) -> tuple[tuple[str, str | None, int | None], ...]:
        """Return where its secrets are sent: scheme, host and port of each URL."""
        token_endpoint = self.credentials.properties.get(TOKEN_ENDPOINT, "") if self.credentials else ""
        return tuple(_place(url) for url in (self.url, token_endpoint))


def seal(keys: KeyRing, sender: Sender) -> str:
    """Return a sender as its row holds it."""
    credentials = sender.credentials
    document = {
        "contentType": sender.content_type,
        "url": sender.url,
        "key": sender.key,
        "secret": sender.secret,
        "sender": sender.sender,
        "properties": dict(sender.properties),
        "credentials": credentials and {"type": credentials.type, "properties": dict(credentials.properties)},
    }
    return sealing.seal(keys, orjson.dumps(document), _owner(sender.name))


def unseal(keys: KeyRing, stored: StoredSender) -> Sender:
    """Return the sender of a row; where its key is gone, nothing but what the row says in the open."""
    try:
        document: dict[str, Any] = orjson.loads(sealing.unseal(keys, stored.sealed, _owner(stored.name)))
    except (UnknownKey, SealBroken):
        return Sender(name=stored.name, provider=stored.provider, is_open=False)
    credentials = document["credentials"]
    return Sender(
        name=stored.name,
        provider=stored.provider,
        content_type=document["contentType"],
        url=document["url"],
        key=document["key"],
        secret=document["secret"],
        sender=document["sender"],
        properties=document["properties"],
        credentials=credentials and Credentials(AuthenticationType(credentials["type"]), credentials["properties"]),
    )


def _owner(name: str) -> str:
    return f"sms sender {name}"


def _place(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return "", None, None
