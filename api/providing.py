"""The carriers of messages that the settings name, by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from api.clock import SystemClock
from api.loading import load
from providers.breakers import BreakerRules
from providers.building import ProviderConfigs, build_providers
from providers.console import ConsoleProvider
from providers.custom import CustomConfig
from providers.failover import FailoverProvider, ignore_call, ignore_circuit
from providers.twilio import TwilioConfig
from providers.vonage import VonageConfig
from verification.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings
    from providers.failover import OnCall, OnCircuit
    from providers.ports import TimedProvider


def build_carriers(
    settings: Settings,
    console: TextIO,
    on_call: OnCall = ignore_call,
    on_circuit: OnCircuit = ignore_circuit,
) -> dict[Channel, FailoverProvider]:
    """Build the carrier of each channel; the console's messages go to the given stream.

    `on_call` is told of each call: the provider's name, how it went, and how many seconds it took; `on_circuit` of
    each state that the breaker of an SMS provider comes to.

    Raises:
        ProviderConfigError: a provider's settings are missing or wrong; all faults are named.
    """
    carriers = {Channel.SMS: build_carrier(settings, console, on_call, on_circuit)}
    mail = build_mail_carrier(settings, console, on_call)
    return carriers if mail is None else {**carriers, Channel.EMAIL: mail}


def build_carrier(
    settings: Settings,
    console: TextIO,
    on_call: OnCall = ignore_call,
    on_circuit: OnCircuit = ignore_circuit,
) -> FailoverProvider:
    """Build the SMS providers in their order."""
    configs = ProviderConfigs(
        custom=CustomConfig(
            url=settings.custom_url,
            method=settings.custom_method,
            content_type=settings.custom_content_type,
            template=settings.custom_template,
            headers=settings.custom_headers,
            secret=settings.custom_secret,
        ),
        twilio=TwilioConfig(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            sender=settings.twilio_sender,
            base_url=settings.twilio_base_url,
            receipts_url=receipts_url(settings, "twilio", settings.twilio_auth_token),
        ),
        vonage=VonageConfig(
            api_key=settings.vonage_api_key,
            api_secret=settings.vonage_api_secret,
            sender=settings.vonage_sender,
            base_url=settings.vonage_base_url,
            receipts_url=receipts_url(settings, "vonage", settings.vonage_signature_secret),
        ),
    )
    return build_providers(
        settings.sms_providers,
        configs,
        clock=SystemClock(),
        console=console,
        on_call=on_call,
        rules=breaker_rules(settings),
        on_circuit=on_circuit,
    )


def build_mail_carrier(
    settings: Settings, console: TextIO, on_call: OnCall = ignore_call, **options: int
) -> FailoverProvider | None:
    """Build the carrier of mail; None where no mail is sent. The options are those of the mail server's provider."""
    if not settings.has_mail:
        return None
    return FailoverProvider((_mail_provider(settings, console, **options),), on_call=on_call)


def breaker_rules(settings: Settings) -> BreakerRules:
    """Return when the circuit of a provider opens."""
    return BreakerRules(settings.breaker_failures, settings.breaker_window, settings.breaker_pause)


def _mail_provider(settings: Settings, console: TextIO, **options: int) -> TimedProvider:
    if settings.smtp_url is None:
        return ConsoleProvider(console)
    # Late: only the worker sends mail, and only where there is a mail server.
    build: Callable[..., TimedProvider] = load("providers.smtp:SmtpProvider")
    return build(settings.smtp_url, settings.mail_from, SystemClock(), **options)


def receipts_url(settings: Settings, provider: str, secret: str) -> str:
    """Return where a provider is to report; empty where it cannot, or would not be believed."""
    # Nobody can report to an address that is not public, and nothing is read that cannot be checked.
    is_public = settings.base_url.startswith("https://")
    return f"{settings.base_url}/receipts/{provider}" if is_public and secret else ""
