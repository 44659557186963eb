"""Settings come from the environment alone, and every fault is named at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from api.dialect import Dialect
from api.settings import Settings, SettingsError
from tests.factories.verification import key_ring
from verification.codes import KeyRing
from verification.factors import MfaPolicy
from verification.policy import Alphabet, OtpRules, PhonePolicy, Policy

KEYS = {"LINEPROOF_MASTER_KEYS": key_ring().export(), "LINEPROOF_ISSUER_KEYS": generate_issuer_keys()}
GATEWAY = {"LINEPROOF_SMS_PROVIDERS": "custom", "LINEPROOF_CUSTOM_URL": "https://sms.example.com/send"}


def settings(**environ):
    return Settings.from_environment({f"LINEPROOF_{name}": value for name, value in environ.items()})


def faults(environ):
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environ)
    return refused.value.faults


def comparable(value):
    return value.export() if isinstance(value, KeyRing) else value


def test_defaults_are_those_of_the_contract():
    values = settings()

    assert (values.env, values.host, values.port, values.base_url) == (
        "development",
        "127.0.0.1",
        8080,
        "http://127.0.0.1:8080",
    )
    assert (values.trusted_proxies, values.data_dir) == (0, Path("var"))
    assert (values.database_url, values.has_embedded_database) == ("sqlite:///var/lineproof.sqlite3", True)
    assert (values.master_keys, values.issuer_keys) == (None, None)
    assert (values.dialect, values.sms_providers) == (Dialect.GUIDE, ("console",))
    assert (values.custom_method, values.custom_content_type) == ("POST", "JSON")
    assert (values.oauth_issuers, values.oauth_audience) == ((), "http://127.0.0.1:8080")
    assert (values.oauth_subject_claim, values.oauth_subject_attribute) == ("sub", "externalId")
    assert (values.allow_private_urls, values.schema_dir, values.webotp_domain) == (False, None, "")
    assert (values.is_production, values.unknown) == (False, ())


def test_a_password_alone_has_to_be_longer():
    assert (settings().mfa, settings().password_min_length) == (MfaPolicy.ON, 8)
    assert settings(MFA="risky").password_min_length == 15
    assert settings(MFA="off", PASSWORD_MIN_LENGTH="16").password_min_length == 16
    assert faults({"LINEPROOF_MFA": "off", "LINEPROOF_PASSWORD_MIN_LENGTH": "14"}) == (
        "LINEPROOF_PASSWORD_MIN_LENGTH: must be at least 15 where a password alone may do (LINEPROOF_MFA)",
    )


def test_default_policy_is_the_engines():
    assert settings().policy() == Policy()


def test_policy_takes_every_rule_from_the_settings():
    policy = settings(
        MOBILE_VERIFICATION="false",
        MULTIPLE_MOBILE_NUMBERS="false",
        EMAIL_VERIFICATION="true",
        MULTIPLE_EMAIL_ADDRESSES="false",
        PRIVILEGED_VALIDATION="false",
        PRIVILEGED_SKIP="true",
        USE_VERIFY_CLAIM="true",
        PHONE_POLICY="mobile",
        DEFAULT_REGION="lk",
        PENDING_LIFETIME="60",
        PRIVILEGED_MAX_WRONG="1",
        OTP_LENGTH="8",
        OTP_ALPHABET="alphanumeric",
        OTP_LIFETIME="120",
        OTP_MAX_ATTEMPTS="2",
        OTP_MAX_SENDS="3",
        OTP_RESEND_COOLDOWN="4",
        OTP_MAX_SENDS_PER_HOUR="6",
        OTP_MAX_WRONG_PER_DAY="7",
    ).policy()

    assert policy == Policy(
        mobile_verification=False,
        multiple_mobile_numbers=False,
        email_verification=True,
        multiple_email_addresses=False,
        privileged_validation=False,
        privileged_skip=True,
        use_verify_claim=True,
        phone_policy=PhonePolicy.MOBILE,
        default_region="LK",
        pending_lifetime=timedelta(seconds=60),
        privileged_max_wrong=1,
        otp=OtpRules(
            length=8,
            alphabet=Alphabet.ALPHANUMERIC,
            lifetime=timedelta(seconds=120),
            max_attempts=2,
            max_sends=3,
            resend_cooldown=timedelta(seconds=4),
            max_sends_per_hour=6,
            max_wrong_per_day=7,
        ),
    )


def test_addresses_are_verified_in_production_only_where_mail_is_sent():
    production = {**KEYS, **GATEWAY, "LINEPROOF_ENV": "production", "LINEPROOF_EMAIL_VERIFICATION": "true"}

    assert faults(production) == ("LINEPROOF_SMTP_URL: is required for LINEPROOF_EMAIL_VERIFICATION in production",)
    assert settings(EMAIL_VERIFICATION="true").smtp_url is None


def test_limits_may_be_switched_off():
    policy = settings(OTP_MAX_ATTEMPTS="0", OTP_RESEND_COOLDOWN="0", PENDING_LIFETIME="0").policy()

    assert (policy.otp.max_attempts, policy.otp.resend_cooldown, policy.pending_lifetime) == (
        0,
        timedelta(0),
        timedelta(0),
    )


@pytest.mark.parametrize(
    ("environ", "base_url"),
    [
        pytest.param({"PORT": "9000"}, "http://127.0.0.1:9000", id="port"),
        pytest.param({"HOST": "::1", "PORT": "9000"}, "http://[::1]:9000", id="IPv6"),
        pytest.param({"BASE_URL": "https://id.example.com/"}, "https://id.example.com", id="slash at the end"),
        pytest.param({"BASE_URL": "https://example.com/id"}, "https://example.com/id", id="with a path"),
    ],
)
def test_base_url_follows_the_bind_unless_it_is_set(environ, base_url):
    values = settings(**environ)

    assert values.base_url == base_url
    assert values.oauth_audience == base_url


def test_audience_can_differ_from_the_base_url():
    assert settings(OAUTH_AUDIENCE="urn:lineproof").oauth_audience == "urn:lineproof"


def test_embedded_database_is_in_the_data_directory():
    assert settings(DATA_DIR="/srv/lineproof").database_url == "sqlite:////srv/lineproof/lineproof.sqlite3"


def test_empty_variable_counts_as_not_set():
    assert settings(PORT="", MASTER_KEYS=" ", DEFAULT_REGION="", BASE_URL="") == settings()


def test_providers_keep_their_order():
    values = settings(
        SMS_PROVIDERS=" Twilio, custom ,console",
        CUSTOM_URL="https://sms.example.com",
        TWILIO_ACCOUNT_SID="AC1",
        TWILIO_AUTH_TOKEN="t",
        TWILIO_SENDER="+1",
    )

    assert values.sms_providers == ("twilio", "custom", "console")


def test_every_fault_is_named_at_once():
    named = faults(
        {
            "LINEPROOF_PORT": "http",
            "LINEPROOF_OTP_LENGTH": "5",
            "LINEPROOF_DIALECT": "klingon",
            "LINEPROOF_SMS_PROVIDERS": "custom,vonage",
            "LINEPROOF_OAUTH_INTROSPECTION_URL": "https://login.example.org/introspect",
        }
    )

    assert named == (
        "LINEPROOF_PORT: must be a whole number from 1 to 65535",
        "LINEPROOF_DIALECT: must be guide or current",
        "LINEPROOF_OTP_LENGTH: must be a whole number from 6 to 8",
        "LINEPROOF_CUSTOM_URL: is required for the provider custom",
        "LINEPROOF_VONAGE_API_KEY: is required for the provider vonage",
        "LINEPROOF_VONAGE_API_SECRET: is required for the provider vonage",
        "LINEPROOF_VONAGE_SENDER: is required for the provider vonage",
        "LINEPROOF_OAUTH_CLIENT_ID: is required for introspection",
        "LINEPROOF_OAUTH_CLIENT_SECRET: is required for introspection",
    )


def test_message_of_the_error_holds_all_faults():
    with pytest.raises(SettingsError, match=r"LINEPROOF_PORT: .*; LINEPROOF_OTP_LENGTH: "):
        settings(PORT="0", OTP_LENGTH="9")


@pytest.mark.parametrize("database", ["postgresql+psycopg://u:p@h/db", "postgresql://u:p@h1:5432,h2:5432/db"])
def test_postgresql_needs_keys_that_all_machines_share(database):
    environ = {"LINEPROOF_DATABASE_URL": database}

    assert faults(environ) == (
        "LINEPROOF_MASTER_KEYS: is required on PostgreSQL",
        "LINEPROOF_ISSUER_KEYS: is required on PostgreSQL",
    )
    assert not Settings.from_environment({**environ, **KEYS}).has_embedded_database


def test_production_refuses_generated_keys():
    assert faults({"LINEPROOF_ENV": "production", **GATEWAY}) == (
        "LINEPROOF_MASTER_KEYS: is required in production",
        "LINEPROOF_ISSUER_KEYS: is required in production",
    )


def test_production_refuses_the_console_as_the_only_provider():
    assert faults({"LINEPROOF_ENV": "production", **KEYS}) == (
        "LINEPROOF_SMS_PROVIDERS: must name more than the console in production",
    )


def test_production_starts_with_keys_and_a_gateway():
    values = Settings.from_environment({"LINEPROOF_ENV": "production", **KEYS, **GATEWAY})

    assert values.is_production
    assert values.master_keys is not None
    assert values.issuer_keys is not None


def test_faulty_key_is_not_called_missing_as_well():
    named = faults({"LINEPROOF_ENV": "production", **GATEWAY, **KEYS, "LINEPROOF_MASTER_KEYS": "k1:c2hvcnQ="})

    assert named == ("LINEPROOF_MASTER_KEYS: Master key 1 is shorter than 32 bytes.",)


def test_faulty_provider_has_one_fault():
    named = faults({"LINEPROOF_ENV": "production", **KEYS, "LINEPROOF_SMS_PROVIDERS": "pigeon"})

    assert named == ("LINEPROOF_SMS_PROVIDERS: must be console or custom or twilio or vonage",)


def test_service_is_not_its_own_foreign_issuer():
    named = faults({"LINEPROOF_OAUTH_ISSUERS": "https://login.example.org, http://127.0.0.1:8080"})

    assert named == ("LINEPROOF_OAUTH_ISSUERS: must not name this service itself",)


def test_issuers_are_kept_to_the_letter():
    values = settings(OAUTH_ISSUERS="https://login.example.org/, https://other.example/realms/a")

    assert values.oauth_issuers == ("https://login.example.org/", "https://other.example/realms/a")


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "MASTER_KEYS",
        "ISSUER_KEYS",
        "CUSTOM_URL",
        "CUSTOM_TEMPLATE",
        "CUSTOM_HEADERS",
        "CUSTOM_SECRET",
        "TWILIO_AUTH_TOKEN",
        "VONAGE_API_SECRET",
        "OAUTH_CLIENT_SECRET",
    ],
)
def test_secret_may_come_from_a_file(name, tmp_path):
    value = KEYS.get(f"LINEPROOF_{name}", "https://example.com/s3cret")
    if name == "DATABASE_URL":
        value = "sqlite:////tmp/s3cret"
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")

    from_file = settings(**{f"{name}_FILE": str(file)})

    assert comparable(getattr(from_file, name.lower())) == comparable(getattr(settings(**{name: value}), name.lower()))
    assert "s3cret" not in repr(from_file)
    assert from_file.unknown == ()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(None, "cannot be read from the file that", id="missing"),
        pytest.param(b"\n", "is empty in the file that", id="empty"),
        pytest.param(b"\xff\xfe", "cannot be read from the file that", id="no text"),
    ],
)
def test_unusable_file_is_a_fault(content, fault, tmp_path):
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)

    named = faults({"LINEPROOF_TWILIO_AUTH_TOKEN_FILE": str(file)})

    assert named == (f"LINEPROOF_TWILIO_AUTH_TOKEN: {fault} LINEPROOF_TWILIO_AUTH_TOKEN_FILE names",)


def test_secret_given_twice_is_a_fault(tmp_path):
    named = faults({"LINEPROOF_CUSTOM_HEADERS": "a: b", "LINEPROOF_CUSTOM_HEADERS_FILE": str(tmp_path)})

    assert named == ("LINEPROOF_CUSTOM_HEADERS: must not be set together with LINEPROOF_CUSTOM_HEADERS_FILE",)


@pytest.mark.parametrize("name", ["MASTER_KEYS", "ISSUER_KEYS", "DATABASE_URL", "CUSTOM_URL", "PORT", "OTP_ALPHABET"])
def test_refused_value_is_not_repeated(name):
    assert "s3cret" not in str(faults({f"LINEPROOF_{name}": "s3cret"}))


def test_unknown_variables_are_listed_and_do_not_stop_the_start():
    values = settings(OTP_LENGHT="7", SMPT_URL="smtp://mail", PORT_FILE="/run/port")

    assert values.unknown == ("LINEPROOF_OTP_LENGHT", "LINEPROOF_PORT_FILE", "LINEPROOF_SMPT_URL")
    assert values.otp_length == 6


def test_variables_of_others_are_none_of_our_business():
    assert Settings.from_environment({"PATH": "/bin", "XLINEPROOF_PORT": "1"}) == settings()


def test_environment_of_the_process_is_not_read(monkeypatch):
    monkeypatch.setenv("LINEPROOF_PORT", "1234")

    assert settings().port == 8080


def test_secrets_are_not_shown():
    shown = repr(Settings.from_environment({**KEYS, "LINEPROOF_TWILIO_AUTH_TOKEN": "s3cret"}))

    assert "s3cret" not in shown
    assert "_keys" not in shown


def test_fields_are_frozen():
    values = settings()

    with pytest.raises(AttributeError):
        values.port = 1


SMTP = {"LINEPROOF_SMTP_URL": "smtps://lineproof:secret@mail.example"}


def test_a_mail_server_needs_a_sender():
    assert faults(SMTP) == ("LINEPROOF_MAIL_FROM: is required with LINEPROOF_SMTP_URL",)


@pytest.mark.parametrize(
    ("env", "has_mail"),
    [
        ({}, True),
        ({"LINEPROOF_ENV": "production", **KEYS, **GATEWAY}, False),
        ({"LINEPROOF_ENV": "production", **KEYS, **GATEWAY, **SMTP, "LINEPROOF_MAIL_FROM": "a@b.example"}, True),
    ],
    ids=["development", "production", "production with a mail server"],
)
def test_mail_goes_nowhere_in_production_without_a_server(env, has_mail):
    assert Settings.from_environment(env).has_mail is has_mail


def test_no_notices_stand_beside_no_others():
    assert faults({"LINEPROOF_NOTICES": "none,sms"}) == ("LINEPROOF_NOTICES: must not name none beside others",)
