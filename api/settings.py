"""The settings of a deployment: read once from the environment, all faults named at once.

Each field is the variable of its name in capitals, after `LINEPROOF_`; a secret may also come from a file named by
the same variable with `_FILE` behind it. Whoever adds a field has added its row to `docs/settings.md` and its line
to `.env.example`: `make settings` makes both from here.
"""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api import setting_readers as read
from api.dialect import Dialect
from api.logs import LEVELS
from api.setting_fields import PREFIX, known_variables, setting, settings_of, text_of, unset
from api.setting_rules import broken_rules
from providers import base_urls
from providers.templates import DEFAULT_FORM, DEFAULT_JSON
from verification.policy import Alphabet, OtpRules, PhonePolicy, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from joserfc.jwk import KeySet

    from api.setting_readers import Address
    from verification.codes import KeyRing

_MANY = 1_000_000
_YEAR = 366 * 86400
_LONGEST_CODE_LIFE = 999 * 60


class SettingsError(Exception):
    """The settings are faulty; `faults` names all that is wrong, never a value."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a deployment is told from outside."""

    env: str = setting(
        read.one_of("development", "production"),
        "development",
        "`production` refuses to start with generated keys or with the console as the only SMS provider.",
    )
    host: str = setting(read.text, "127.0.0.1", "Address the server binds to.")
    port: int = setting(read.integer(1, 65535), "8080", "TCP port the server binds to.")
    base_url: str = unset(
        read.base_url,
        "",
        "Public URL of the service: the beginning of every location, and issuer and audience of its own tokens.",
        shown="`http://HOST:PORT`",
    )
    trusted_proxies: int = setting(
        read.integer(0, 10), "0", "Number of proxies in front of the service whose `X-Forwarded-For` is believed."
    )
    data_dir: Path = setting(Path, "var", "Directory of the embedded database and of generated keys.")
    database_url: str = unset(
        read.database_url,
        "",
        "SQLite, or `postgresql+psycopg://user:password@host/name` (several hosts are allowed).",
        shown="SQLite in the data directory",
        is_secret=True,
    )
    master_keys: KeyRing | None = unset(
        read.master_keys,
        None,
        "Keys from which codes and digests are derived, as `kid:base64,…` of 32 bytes each "
        "(`openssl rand -base64 32`): the first one is used for what is new, all for what is there. "
        "Required on PostgreSQL and in production.",
        shown="generated in the data directory",
        is_secret=True,
    )
    issuer_keys: KeySet | None = unset(
        read.issuer_keys,
        None,
        "Keys of the embedded issuer as a JWK set of private P-256 keys with a `kid` each (a generated `issuer.jwks` "
        "will do): the first one signs, all verify. Required on PostgreSQL and in production.",
        shown="generated in the data directory",
        is_secret=True,
    )
    dialect: Dialect = setting(
        read.member_of(Dialect),
        "guide",
        "`guide`: number lists as one comma-separated string, the pending number in the enterprise extension, "
        "validate-code answers 200. `current`: JSON arrays, the pending number under both URNs, 202. "
        "Input of either form is always accepted.",
    )
    default_region: str = unset(
        read.region, "", "Region of numbers that are written without a country code, like `US`."
    )
    phone_policy: PhonePolicy = setting(
        read.member_of(PhonePolicy),
        "lenient",
        "How strictly a number is read: `lenient` takes 1 to 15 digits, `valid` a number of a known numbering plan, "
        "`mobile` a valid one that can be a mobile.",
    )
    mobile_verification: bool = setting(read.boolean, "true", "Whether a changed mobile number waits for its proof.")
    multiple_mobile_numbers: bool = setting(
        read.boolean, "true", "Whether `mobileNumbers` and `verifiedMobileNumbers` exist."
    )
    privileged_validation: bool = setting(
        read.boolean, "true", "Whether a caller with the scope for it may submit the code of another user."
    )
    privileged_skip: bool = setting(
        read.boolean, "false", "Whether numbers set by a privileged caller are written at once, unverified."
    )
    use_verify_claim: bool = setting(
        read.boolean, "false", "Whether a proof is asked for only where the request says `verifyMobile: true`."
    )
    otp_length: int = setting(read.integer(6, 8), "6", "Characters of a code, 6 to 8.")
    otp_alphabet: Alphabet = setting(
        read.member_of(Alphabet), "numeric", "What codes are made of: `numeric` or `alphanumeric`."
    )
    otp_lifetime: timedelta = setting(
        read.seconds(1, _LONGEST_CODE_LIFE), "300", "Seconds until a code expires; cannot be switched off."
    )
    otp_max_attempts: int = setting(
        read.integer(0, _MANY), "5", "Wrong checks after which a verification ends; 0 for no limit."
    )
    otp_max_sends: int = setting(
        read.integer(0, _MANY), "5", "Codes sent for one verification at most; 0 for no limit."
    )
    otp_resend_cooldown: timedelta = setting(
        read.seconds(0, _YEAR), "30", "Seconds between two codes of one verification; 0 for none."
    )
    otp_max_sends_per_hour: int = setting(
        read.integer(0, _MANY), "10", "Codes sent to one user within an hour at most; 0 for no limit."
    )
    otp_max_wrong_per_day: int = setting(
        read.integer(0, _MANY), "30", "Wrong checks of one user within 24 hours at most; 0 for no limit."
    )
    pending_lifetime: timedelta = setting(
        read.seconds(0, _YEAR), "86400", "Seconds a pending number may wait for its proof; 0 for ever."
    )
    privileged_max_wrong: int = setting(
        read.integer(0, _MANY),
        "20",
        "Wrong privileged checks of one caller within 600 seconds at most; 0 for no limit.",
    )
    sms_providers: tuple[str, ...] = setting(
        read.several(read.one_of("console", "custom", "twilio", "vonage")),
        "console",
        "SMS providers in the order in which they are tried: `console` (prints messages), `custom`, `twilio`, "
        "`vonage`.",
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
    oauth_issuers: tuple[str, ...] = unset(
        read.several(read.issuer),
        (),
        "Foreign issuers whose access tokens (JWT, RFC 9068) are trusted, comma-separated.",
    )
    oauth_audience: str = unset(
        read.text, "", "Audience that foreign access tokens must be meant for.", shown="BASE_URL"
    )
    oauth_introspection_url: str = unset(read.url, "", "Endpoint (RFC 7662) that is asked about opaque access tokens.")
    oauth_client_id: str = unset(read.text, "", "Client id for the introspection endpoint.")
    oauth_client_secret: str = unset(read.text, "", "Client secret for the introspection endpoint.", is_secret=True)
    oauth_subject_claim: str = setting(read.text, "sub", "Claim of a foreign token that names a user.")
    oauth_subject_attribute: str = setting(
        read.one_of("externalId", "userName", "id", "emails.value"),
        "externalId",
        "Attribute that this claim equals: `externalId`, `userName`, `id` or `emails.value`. "
        "Where no user or several have the value, the token is no user's.",
    )
    allow_private_urls: bool = setting(
        read.boolean, "false", "Whether URLs stored through the API may lead to private or loopback addresses."
    )
    schema_dir: Path | None = unset(read.directory, None, "Directory of further SCIM schemas (JSON) to load.")
    webotp_domain: str = unset(
        read.domain, "", "Domain of the WebOTP line at the end of a message; without it no line."
    )
    metrics_token: str = unset(
        read.text,
        "",
        "Bearer token that a scraper may ask `/metrics` with; without it only an access token with the scope "
        "`internal_governance_view` will do.",
        is_secret=True,
    )
    metrics_bind: Address | None = unset(
        read.address,
        None,
        "Address, as `host:port`, where `/metrics` is served besides, to everybody who reaches it. `lineproof worker` "
        "serves its metrics nowhere else.",
    )
    log_level: str = setting(
        read.one_of(*LEVELS),
        "info",
        "Least level of the lines that are logged: `info` has one for each request, `warning` and `error` have not.",
    )
    unknown: tuple[str, ...] = ()
    """Variables that begin like ours and are none: worth a warning, for they may be misspelt."""

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
        settings = cls(**_with_derived(values, cls()), unknown=_unknown_names(environ))
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
    def has_proofs(self) -> bool:
        """Tell whether anything here can prove a number: a code, or a list of numbers that are proved."""
        return self.mobile_verification or self.multiple_mobile_numbers

    def policy(self) -> Policy:
        """Return the rules for the engine."""
        return Policy(
            mobile_verification=self.mobile_verification,
            multiple_mobile_numbers=self.multiple_mobile_numbers,
            privileged_validation=self.privileged_validation,
            privileged_skip=self.privileged_skip,
            use_verify_claim=self.use_verify_claim,
            phone_policy=self.phone_policy,
            default_region=self.default_region or None,
            pending_lifetime=self.pending_lifetime,
            privileged_max_wrong=self.privileged_max_wrong,
            otp=OtpRules(
                length=self.otp_length,
                alphabet=self.otp_alphabet,
                lifetime=self.otp_lifetime,
                max_attempts=self.otp_max_attempts,
                max_sends=self.otp_max_sends,
                resend_cooldown=self.otp_resend_cooldown,
                max_sends_per_hour=self.otp_max_sends_per_hour,
                max_wrong_per_day=self.otp_max_wrong_per_day,
            ),
        )


def _unknown_names(environ: Mapping[str, str]) -> tuple[str, ...]:
    known = known_variables(Settings)
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name not in known))


def _with_derived(values: dict[str, Any], defaults: Settings) -> dict[str, Any]:
    """Add the defaults that follow from other settings."""
    host = values.get("host", defaults.host)
    shown_host = f"[{host}]" if ":" in host else host
    base = values.get("base_url", f"http://{shown_host}:{values.get('port', defaults.port)}")
    database = f"sqlite:///{values.get('data_dir', defaults.data_dir) / 'lineproof.sqlite3'}"
    return {
        "base_url": base,
        "database_url": database,
        "oauth_audience": base,
        **values,
    }
