"""The gateways that carry messages, and their secrets."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import setting_readers as read
from api.setting_fields import setting, unset
from providers import base_urls
from providers.templates import DEFAULT_FORM, DEFAULT_JSON

if TYPE_CHECKING:
    from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """The gateways that carry messages, and their secrets."""

    sms_providers: tuple[str, ...] = setting(
        read.several(read.one_of("console", "custom", "twilio", "vonage")),
        "console",
        "SMS providers in the order in which they are tried: `console` (prints messages), `custom`, `twilio`, "
        "`vonage`.",
    )
    breaker_failures: int = setting(
        read.integer(0, 1000),
        "5",
        "Failures in a row, temporary or of credentials, after which an SMS provider is asked after all others; 0 for "
        "never.",
    )
    breaker_window: timedelta = setting(
        read.seconds(1, 3600), "60", "Seconds within which so many failures must come to open the circuit."
    )
    breaker_pause: timedelta = setting(
        read.seconds(1, 3600), "30", "Seconds an open circuit waits until one message finds out whether it may close."
    )
    custom_url: str = unset(read.url, "", "URL of the custom gateway.", is_secret=True)
    custom_method: str = setting(
        read.one_of("POST", "PUT"), "POST", "HTTP method of the custom gateway: `POST` or `PUT`."
    )
    custom_content_type: str = setting(
        read.one_of("JSON", "FORM"), "JSON", "Form of the custom gateway's payload: `JSON` or `FORM`."
    )
    custom_template: str = unset(
        read.text,
        "",
        "Payload for the custom gateway, with the placeholders `{{body}}` and `{{mobile}}`.",
        shown=f"`{DEFAULT_JSON}`; with FORM `{DEFAULT_FORM}`",
        is_secret=True,
    )
    custom_headers: str = unset(
        read.text,
        "",
        "Headers for the custom gateway, as `name: value, name: value` or as a JSON object.",
        is_secret=True,
    )
    custom_secret: str = unset(
        read.text, "", "Secret by which each request to the custom gateway is signed.", is_secret=True
    )
    twilio_account_sid: str = unset(read.text, "", "Twilio's account SID.")
    twilio_auth_token: str = unset(read.text, "", "Twilio's auth token.", is_secret=True)
    twilio_webhook_secret: str = unset(
        read.text,
        "",
        "Secret of Twilio's shared key for webhooks, which checks receipts signed by HMAC-SHA256; without it only "
        "those signed with the auth token are believed.",
        is_secret=True,
    )
    twilio_sender: str = unset(read.text, "", "Number or messaging service that Twilio sends from.")
    twilio_base_url: str = setting(read.base_url, base_urls.TWILIO, "URL of Twilio's API.")
    vonage_api_key: str = unset(read.text, "", "Vonage's API key.")
    vonage_api_secret: str = unset(read.text, "", "Vonage's API secret.", is_secret=True)
    vonage_sender: str = unset(read.text, "", "Number or name that Vonage sends from.")
    vonage_signature_secret: str = unset(
        read.text,
        "",
        "Vonage's signature secret, which checks receipts; without it there is no `/receipts/vonage`.",
        is_secret=True,
    )
    vonage_base_url: str = setting(read.base_url, base_urls.VONAGE, "URL of Vonage's SMS API.")
