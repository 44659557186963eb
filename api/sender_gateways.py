"""The gateways that senders lead to: checked before they are stored, and built where messages are sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

import structlog

from api.clock import SystemClock
from api.providing import breaker_rules, build_carrier, build_mail_carrier, receipts_url
from api.services.sender_drafts import SenderRefused
from api.services.sender_values import BODY, HEADERS, METHOD, ProviderName, unseal
from api.texting import load_texts
from providers.addresses import PrivateAddress, refuse_private_url, resolve_within
from providers.authentication_types import TOKEN_ENDPOINT, AuthenticationType
from providers.custom import CustomConfig, CustomProvider
from providers.errors import ProviderConfigError
from providers.failover import FailoverProvider, ignore_call, ignore_circuit
from providers.faults import Reason, setup
from providers.twilio import TwilioConfig, TwilioProvider
from providers.vonage import VonageConfig, VonageProvider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services.delivering import Carrier
    from api.services.sender_values import Sender
    from api.settings import Settings
    from persistence.senders import StoredSender
    from providers.base import HttpProvider
    from providers.failover import Carried, OnCall, OnCircuit
    from verification.channels import Channel
    from verification.codes import KeyRing
    from verification.ports import Message
    from verification.templates import Template
    from verification.texts import Text

LOOK_UP_WITHIN = 2.0
"""Seconds in which the host of a URL must be found."""

NOT_PUBLIC = "It leads to an address that is not public."
_WORDS = {
    "custom.url": "providerURL",
    "custom.method": METHOD,
    "custom.content_type": "contentType",
    "custom.template": BODY,
    "custom.headers": HEADERS,
    "custom.authentication": "authentication",
    f"custom.authentication.{TOKEN_ENDPOINT}": TOKEN_ENDPOINT,
    "twilio.account_sid": "key",
    "twilio.auth_token": "secret",
    "twilio.sender": "sender",
    "vonage.api_key": "key",
    "vonage.api_secret": "secret",
    "vonage.sender": "sender",
}
"""What the API calls the settings that a provider complains of."""
_log = structlog.get_logger()


class NoSender:
    """Who carries where senders are stored and none of them can be used: nobody, until that is mended."""

    def send(self, message: Message) -> Carried:
        """Refuse a message for now."""
        del message
        raise setup(Reason.SENDER_UNUSABLE).error()


class SenderGateways:
    """The gateways of one process, as the settings let senders reach them."""

    def __init__(
        self,
        settings: Settings,
        console: TextIO,
        on_call: OnCall = ignore_call,
        on_circuit: OnCircuit = ignore_circuit,
    ) -> None:
        self._settings = settings
        self._console = console
        self._on_call = on_call
        self._on_circuit = on_circuit
        self._environment = partial(build_carrier, settings, console, on_call, on_circuit)
        self._texts = load_texts(settings)

    def check(self, sender: Sender) -> None:
        """Raise SenderRefused where no message can be sent by a sender, or to an address that is not public."""
        try:
            self._build(sender)
        except ProviderConfigError as error:
            members = (_WORDS.get(fault.partition(": ")[0], "") for fault in error.faults)
            raise SenderRefused(" ".join(map(_in_our_words, error.faults)), *members) from None
        if sender.provider == ProviderName.CUSTOM:
            faults = {name: fault for name, url in _urls(sender) if (fault := self._fault_of(name, url))}
            if faults:
                raise SenderRefused(" ".join(faults.values()), *faults)

    def carrier(self, senders: Sequence[Sender]) -> Carrier:
        """Return who carries by these senders; without any, by the providers of the environment.

        Where none of them can be used the environment's are no way out: they might write codes to the log.
        """
        if not senders:
            return self._of_environment()
        usable = []
        for sender in senders:
            try:
                usable.append(self._build(sender))
            except ProviderConfigError as error:
                _log.error(
                    "stored sender not usable", sender=sender.name, is_open=sender.is_open, faults=len(error.faults)
                )
        if not usable:
            _log.error("no sms is sent: no stored sender is usable", senders=len(senders))
            return NoSender()
        return FailoverProvider(
            usable, on_call=self._on_call, rules=breaker_rules(self._settings), on_circuit=self._on_circuit
        )

    def carrier_of(self, stored: Sequence[StoredSender], keys: KeyRing) -> Carrier:
        """Return who carries by the senders of some rows."""
        return self.carrier([unseal(keys, each) for each in stored])

    def mail_carrier(self) -> FailoverProvider:
        """Return who carries mail, or raise SenderRefused where nobody does."""
        carrier = build_mail_carrier(self._settings, self._console, self._on_call, kept=0)
        if carrier is None:
            raise SenderRefused("No mail is sent here: LINEPROOF_SMTP_URL is not set.")
        return carrier

    def write(self, template: Template, channel: Channel, locale: str | None) -> Text:
        """Write a message."""
        return self._texts.write(template, channel, locale)

    def _of_environment(self) -> FailoverProvider:
        try:
            return self._environment()
        except ProviderConfigError:
            raise SenderRefused("The providers of the environment are not set up.") from None

    def _build(self, sender: Sender) -> HttpProvider:
        provider = self._made(sender)
        # Several may be of one kind.
        provider.name = sender.name
        return provider

    def _made(self, sender: Sender) -> HttpProvider:
        settings, clock = self._settings, SystemClock()
        if sender.provider == ProviderName.TWILIO:
            receipts = receipts_url(settings, sender.name, sender.secret)
            account = TwilioConfig(sender.key, sender.secret, sender.sender, settings.twilio_base_url, receipts)
            return TwilioProvider(account, clock)
        if sender.provider == ProviderName.VONAGE:
            return VonageProvider(
                VonageConfig(sender.key, sender.secret, sender.sender, settings.vonage_base_url), clock
            )
        credentials = sender.credentials
        config = CustomConfig(
            url=sender.url,
            method=sender.properties.get(METHOD, ""),
            content_type=sender.content_type,
            template=sender.properties.get(BODY, ""),
            headers=sender.properties.get(HEADERS, ""),
            is_url_trusted=settings.allow_private_urls,
            authentication=credentials.type if credentials else AuthenticationType.NONE,
            credentials=credentials.properties if credentials else {},
        )
        return CustomProvider(config, clock)

    def _fault_of(self, name: str, url: str) -> str | None:
        """Say why nothing may be sent to a URL, None where it may."""
        if "@" in urlsplit(url).netloc:
            return f"{name} holds a user or a password: they belong into the authentication."
        if self._settings.allow_private_urls:
            return None
        try:
            refuse_private_url(url, partial(resolve_within, LOOK_UP_WITHIN))
        except PrivateAddress as error:
            return f"{name}: {str(error) or NOT_PUBLIC}"
        return None


def _urls(sender: Sender) -> list[tuple[str, str]]:
    endpoint = sender.credentials.properties.get(TOKEN_ENDPOINT) if sender.credentials else None
    return [("providerURL", sender.url), *([(TOKEN_ENDPOINT, endpoint)] if endpoint else [])]


def _in_our_words(fault: str) -> str:
    setting, _, text = fault.partition(": ")
    return f"{_WORDS.get(setting, setting)} {text}."
