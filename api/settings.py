"""The settings of a deployment: read once from the environment, all faults named at once.

Each field is the variable of its name in capitals, after `LINEPROOF_`; a secret may also come from a file named by
the same variable with `_FILE` behind it. The fields are declared in `api/sections`, a module for each section.
Whoever adds a field has added its row to `docs/settings.md` and its line to `.env.example`: `make settings` makes
both from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.sections.codes import CodeSettings
from api.sections.deployment import DeploymentSettings
from api.sections.extras import ExtraSettings
from api.sections.gateways import GatewaySettings
from api.sections.guard import GuardSettings
from api.sections.invitations import InvitationSettings
from api.sections.issuers import IssuerSettings
from api.sections.limits import LimitSettings
from api.sections.mail import MailSettings
from api.sections.messages import MessageSettings
from api.sections.methods import MethodSettings
from api.sections.notices import NoticeSettings
from api.sections.numbers import NumberSettings
from api.sections.openid import OpenidSettings
from api.sections.restore import RestoreSettings
from api.sections.retention import RetentionSettings
from api.sections.sign_in import SignInSettings
from api.sections.transfer import TransferSettings
from api.setting_fields import PREFIX, known_variables, settings_of, text_of
from api.setting_rules import broken_rules
from verification.factors import MfaPolicy
from verification.passwords import LEAST_ALONE, LEAST_WITH_SECOND_FACTOR
from verification.policy import NoticeRules, OtpRules, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """The settings are faulty; `faults` names all that is wrong, never a value."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


# From the last section to the first: a dataclass has the fields of its last base first, and they are documented in
# the order in which they stand.
@dataclass(frozen=True, kw_only=True)
class Settings(
    TransferSettings,
    MethodSettings,
    RetentionSettings,
    ExtraSettings,
    OpenidSettings,
    RestoreSettings,
    InvitationSettings,
    SignInSettings,
    IssuerSettings,
    MessageSettings,
    NoticeSettings,
    MailSettings,
    GatewaySettings,
    GuardSettings,
    LimitSettings,
    CodeSettings,
    NumberSettings,
    DeploymentSettings,
):
    """Everything a deployment is told from outside."""

    unknown: tuple[str, ...] = ()
    """Variables that begin like ours and are none: worth a warning, for they may be misspelt."""
    given: frozenset[str] = field(default=frozenset(), repr=False)
    """The names of the settings that the environment has set."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings from environment variables; an empty variable counts as not set.

        Raises:
            SettingsError: one or more are faulty, missing or do not go together.
        """
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for name, about in settings_of(cls).items():
            try:
                raw = text_of(name, about, environ)
                if raw is not None:
                    values[name] = about.read(raw)
            except ValueError as error:
                faults[name] = str(error)
        settings = cls(**_with_derived(values, cls()), unknown=_unknown_names(environ), given=frozenset(values))
        for name, fault in broken_rules(settings, given={*values, *faults}):
            faults.setdefault(name, fault)
        if faults:
            raise SettingsError(tuple(f"{PREFIX}{name.upper()}: {fault}" for name, fault in faults.items()))
        return settings

    @property
    def is_production(self) -> bool:
        """Tell whether this is a deployment that real users depend on."""
        return self.env == "production"

    @property
    def has_embedded_database(self) -> bool:
        """Tell whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite:")

    @property
    def has_mail(self) -> bool:
        """Tell whether mail goes anywhere: to a server, or in development to the terminal."""
        return self.smtp_url is not None or not self.is_production

    def policy(self) -> Policy:
        """Return the rules for the engine."""
        return Policy(
            mobile_verification=self.mobile_verification,
            multiple_mobile_numbers=self.multiple_mobile_numbers,
            change_needs_old_number=self.change_needs_old_number,
            email_verification=self.email_verification,
            multiple_email_addresses=self.multiple_email_addresses,
            privileged_validation=self.privileged_validation,
            privileged_skip=self.privileged_skip,
            use_verify_claim=self.use_verify_claim,
            phone_policy=self.phone_policy,
            default_region=self.default_region or None,
            pending_lifetime=self.pending_lifetime,
            privileged_max_wrong=self.privileged_max_wrong,
            notices=NoticeRules(
                by_sms="sms" in self.notices,
                # In production without a mail server nobody would carry them.
                by_email="email" in self.notices and self.has_mail,
                lifetime=self.notice_lifetime,
                revert_lifetime=self.revert_lifetime,
                revert_block=self.revert_block,
            ),
            otp=OtpRules(
                length=self.otp_length,
                alphabet=self.otp_alphabet,
                lifetime=self.otp_lifetime,
                max_attempts=self.otp_max_attempts,
                max_sends=self.otp_max_sends,
                resend_cooldown=self.otp_resend_cooldown,
                max_sends_per_hour=self.otp_max_sends_per_hour,
                max_wrong_per_day=self.otp_max_wrong_per_day,
                fixed_codes=self.test_numbers,
            ),
            sends=self.send_limits(),
            guard=self.guard_rules(),
        )


def _unknown_names(environ: Mapping[str, str]) -> tuple[str, ...]:
    known = known_variables(Settings)
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name not in known))


def _with_derived(values: dict[str, Any], defaults: Settings) -> dict[str, Any]:
    """Add the defaults that follow from other settings."""
    host = values.get("host", defaults.host)
    shown_host = f"[{host}]" if ":" in host else host
    base = values.get("base_url", f"http://{shown_host}:{values.get('port', defaults.port)}")
    mfa = values.get("mfa", defaults.mfa)
    database = f"sqlite:///{values.get('data_dir', defaults.data_dir) / 'lineproof.sqlite3'}"
    return {
        "base_url": base,
        "database_url": database,
        "oauth_audience": base,
        "password_min_length": LEAST_WITH_SECOND_FACTOR if mfa is MfaPolicy.ON else LEAST_ALONE,
        **values,
    }
