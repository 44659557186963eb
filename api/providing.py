"""The SMS providers that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from api.clock import SystemClock
from providers.building import ProviderConfigs, build_providers
from providers.custom import CustomConfig
from providers.failover import ignore_call
from providers.twilio import TwilioConfig
from providers.vonage import VonageConfig

if TYPE_CHECKING:
    from api.settings import Settings
    from providers.failover import FailoverProvider, OnCall


def build_carrier(settings: Settings, console: TextIO, on_call: OnCall = ignore_call) -> FailoverProvider:
    """Build the providers in their order; the console's messages go to the given stream.

    `on_call` is told of each call: the provider's name, how it went, and how many seconds it took.

    Raises:
        ProviderConfigError: a provider's settings are missing or wrong; all faults are named.
    """
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
            receipts_url=_receipts_url(settings, "twilio", settings.twilio_auth_token),
        ),
        vonage=VonageConfig(
            api_key=settings.vonage_api_key,
            api_secret=settings.vonage_api_secret,
            sender=settings.vonage_sender,
            base_url=settings.vonage_base_url,
            receipts_url=_receipts_url(settings, "vonage", settings.vonage_signature_secret),
        ),
    )
    return build_providers(settings.sms_providers, configs, clock=SystemClock(), console=console, on_call=on_call)


def _receipts_url(settings: Settings, provider: str, secret: str) -> str:
    # Nobody can report to an address that is not public, and nothing is read that cannot be checked.
    is_public = settings.base_url.startswith("https://")
    return f"{settings.base_url}/receipts/{provider}" if is_public and secret else ""
