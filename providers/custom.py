"""The custom gateway: any HTTP endpoint, by URL, method, headers and payload template."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

from providers.authentication import read_authentication
from providers.authentication_types import AuthenticationType
from providers.base import HttpProvider
from providers.errors import ProviderConfigError
from providers.exchange import Answer, Exchange, Request, Transport, url_fault
from providers.faults import refusal_of_status
from providers.headers import parse_headers
from providers.templates import DEFAULT_FORM, DEFAULT_JSON, Template, form_template, json_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verification.ports import Clock, Message

SIGNATURE_HEADER = "X-Lineproof-Signature"

# Where gateways tell their own name of a message.
REFERENCE_MEMBERS = ("id", "messageId", "message_id", "reference")
LONGEST_REFERENCE = 128
SHORTEST_CALL = 0.05
"""Seconds that a call has at least: it fails by its own deadline, not by a wrong one."""


class ContentType(StrEnum):
    """The kinds of payload, by their names in settings."""

    JSON = "JSON"
    FORM = "FORM"


MEDIA_TYPES = {ContentType.JSON: "application/json", ContentType.FORM: "application/x-www-form-urlencoded"}
METHODS = ("POST", "PUT")


@dataclass(frozen=True, slots=True)
class CustomConfig:
    """How a custom gateway is reached; empty values mean the default.

    Attributes:
        url: Where to send; not shown, since it may hold a key.
        secret: Signs each request where it is given.
        is_url_trusted: Whether the operator wrote the URL. One that came through an API is held to public addresses.
        authentication: How the gateway is told who sends, over the headers; its properties are in `credentials`.
    """

    url: str = field(repr=False)
    method: str = "POST"
    content_type: str = ContentType.JSON
    template: str = field(default="", repr=False)
    headers: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    is_url_trusted: bool = True
    authentication: AuthenticationType = AuthenticationType.NONE
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    def template_for(self, content_type: ContentType) -> Template:
        """Read the template, or the default one of the content type."""
        if content_type is ContentType.FORM:
            return form_template(self.template.strip() or DEFAULT_FORM)
        return json_template(self.template.strip() or DEFAULT_JSON)


class CustomProvider(HttpProvider):
    """Send a payload of the operator's design; any 2xx accepts it."""

    name = "custom"

    def __init__(self, config: CustomConfig, clock: Clock, transport: Transport | None = None) -> None:
        settings = _Settings.read(config)
        transport = transport or Transport()
        self._authentication = read_authentication(
            config.authentication,
            config.credentials,
            clock=clock,
            transport=transport,
            is_url_trusted=config.is_url_trusted,
        )
        own = self._authentication.header.lower()
        exchange = Exchange(
            settings.method,
            config.url.strip(),
            {name: value for name, value in settings.headers.items() if name.lower() != own},
            transport,
            is_url_trusted=config.is_url_trusted,
        )
        super().__init__(exchange, clock)
        self._template = settings.template
        self._secret = config.secret.encode()

    def _hand_over(self, message: Message, within: timedelta) -> str | None:
        ends_at = self._monotonic() + within.total_seconds()
        answer = self._ask(message, ends_at)
        if answer.status == HTTPStatus.UNAUTHORIZED and self._authentication.renew():
            # A token may have been taken back before its end.
            answer = self._ask(message, ends_at)
        return self._read(answer)

    def _ask(self, message: Message, ends_at: float) -> Answer:
        headers = self._authentication.headers(self._left(ends_at))
        request = self._write(message)
        return self._exchange.send(Request(request.content, {**request.headers, **headers}), self._left(ends_at))

    def _left(self, ends_at: float) -> timedelta:
        return timedelta(seconds=max(ends_at - self._monotonic(), SHORTEST_CALL))

    def _write(self, message: Message) -> Request:
        content = self._template.render(body=message.body, mobile=message.to)
        # The same on every retry, so that a gateway can tell one from a new message.
        headers = {"Idempotency-Key": message.reference}
        if self._secret:
            headers[SIGNATURE_HEADER] = sign(self._secret, content, int(self._clock.now().timestamp()))
        return Request(content, headers)

    def _read(self, answer: Answer) -> str | None:
        if answer.is_success:
            return _reference(answer)
        raise refusal_of_status(answer.status).error(retry_after=answer.retry_after(self._clock.now()))


def sign(secret: bytes, content: bytes, at: int) -> str:
    """Sign a payload and the moment it was sent, so that a copy can be told by its age."""
    digest = hmac.digest(secret, f"{at}.".encode() + content, "sha256").hex()
    return f"t={at},v1={digest}"


@dataclass(frozen=True, slots=True)
class _Settings:
    """The configuration once it has been read; every fault of it is told at once."""

    method: str
    headers: dict[str, str]
    template: Template

    @classmethod
    def read(cls, config: CustomConfig) -> _Settings:
        faults = [fault for fault in (_url_fault(config.url), _method_fault(config.method)) if fault]
        content_type = ContentType.JSON
        headers: dict[str, str] = {}
        template = None
        try:
            content_type = _content_type(config.content_type)
            template = config.template_for(content_type)
        except ProviderConfigError as error:
            faults.extend(error.faults)
        try:
            headers = parse_headers(config.headers)
        except ProviderConfigError as error:
            faults.extend(error.faults)
        if faults or template is None:
            raise ProviderConfigError(*faults)
        headers["Content-Type"] = MEDIA_TYPES[content_type]
        return cls(config.method.strip().upper() or METHODS[0], headers, template)


def _url_fault(url: str) -> str | None:
    return url_fault("custom.url", url.strip()) if url.strip() else "custom.url: is missing"


def _method_fault(method: str) -> str | None:
    if method.strip().upper() in {"", *METHODS}:
        return None
    return "custom.method: must be POST or PUT"


def _content_type(text: str) -> ContentType:
    try:
        return ContentType(text.strip().upper() or ContentType.JSON)
    except ValueError:
        raise ProviderConfigError("custom.content_type: must be JSON or FORM") from None


def _reference(answer: Answer) -> str | None:
    document = answer.document()
    for member in REFERENCE_MEMBERS:
        value = document.get(member)
        if isinstance(value, str) and 0 < len(value) <= LONGEST_REFERENCE and value.isprintable():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None
