"""What settings require of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.sections.notices import NO_NOTICES
from verification.factors import MfaPolicy
from verification.passwords import LEAST_ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from api.settings import Settings

    Rule = tuple[Callable[[Settings], bool], tuple[str, ...], str]

REQUIRED: tuple[Rule, ...] = (
    (lambda s: s.is_production, ("master_keys", "issuer_keys"), "in production"),
    (
        lambda s: not s.is_production and not s.has_embedded_database,
        ("master_keys", "issuer_keys"),
        "on PostgreSQL",
    ),
    (lambda s: "custom" in s.sms_providers, ("custom_url",), "for the provider custom"),
    (
        lambda s: "twilio" in s.sms_providers,
        ("twilio_account_sid", "twilio_auth_token", "twilio_sender"),
        "for the provider twilio",
    ),
    (
        lambda s: "vonage" in s.sms_providers,
        ("vonage_api_key", "vonage_api_secret", "vonage_sender"),
        "for the provider vonage",
    ),
    (lambda s: s.smtp_url is not None, ("mail_from",), "with LINEPROOF_SMTP_URL"),
    (
        lambda s: s.is_production and s.email_verification,
        ("smtp_url",),
        "for LINEPROOF_EMAIL_VERIFICATION in production",
    ),
    (lambda s: s.is_production and s.invite_new_users, ("smtp_url",), "for LINEPROOF_INVITE_NEW_USERS in production"),
    (lambda s: bool(s.graph_tenant_id), ("graph_client_id", "graph_client_secret"), "for Microsoft Graph"),
    (lambda s: bool(s.oauth_introspection_url), ("oauth_client_id", "oauth_client_secret"), "for introspection"),
)
"""When, which settings must be set, and for what."""


def broken_rules(settings: Settings, given: Collection[str]) -> Iterator[tuple[str, str]]:
    """Name each setting that does not go with the others, and why; `given` are the ones that were set, well or not."""
    for applies, names, what_for in REQUIRED:
        if applies(settings):
            yield from ((name, f"is required {what_for}") for name in names if name not in given)
    if settings.is_production and settings.sms_providers == ("console",):
        yield "sms_providers", "must name more than the console in production"
    if settings.mfa is not MfaPolicy.ON and settings.password_min_length < LEAST_ALONE:
        yield "password_min_length", f"must be at least {LEAST_ALONE} where a password alone may do (LINEPROOF_MFA)"
    if settings.is_production and settings.test_numbers:
        yield "test_numbers", "must not be set in production"
    if any(len(fixed.code) != settings.otp_length for fixed in settings.test_numbers):
        yield "test_numbers", "must have codes as long as LINEPROOF_OTP_LENGTH says"
    if NO_NOTICES in settings.notices and len(settings.notices) > 1:
        yield "notices", "must not name none beside others"
    if settings.base_url in settings.oauth_issuers:
        yield "oauth_issuers", "must not name this service itself"
