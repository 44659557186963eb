"""What the settings make of the providers, and where gateways are asked to report."""

from __future__ import annotations

import io
from urllib.parse import parse_qs

import pytest

from api.auth.issuer_keys import generate_issuer_keys
from api.clock import SystemClock
from api.providing import build_carrier, build_carriers
from api.receiving import build_receipt_readers
from api.settings import Settings
from tests.factories.gateways import ACCOUNT_SID, API_KEY, TwilioGateway, VonageGateway
from tests.factories.messages import message
from tests.factories.verification import key_ring
from verification.channels import Channel

SMTP = {"smtp_url": "smtps://mail.example", "mail_from": "no-reply@example.com"}
TWILIO = {"sms_providers": "twilio", "twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": "a-twilio-token"}
VONAGE = {"sms_providers": "vonage", "vonage_api_key": API_KEY, "vonage_api_secret": "a-vonage-secret"}
PUBLIC = {"base_url": "https://id.example.com"}


def settings(**values):
    return Settings.from_environment({f"LINEPROOF_{name.upper()}": value for name, value in values.items()})


def fields_sent(gateway, **values):
    build_carrier(settings(**values), io.StringIO()).send(message())
    (received,) = gateway.received
    return {name: value[0] for name, value in parse_qs(received.content.decode()).items()}


def test_twilio_is_asked_to_report_to_a_public_address():
    with TwilioGateway() as gateway:
        fields = fields_sent(gateway, **TWILIO, **PUBLIC, twilio_sender="+15005550006", twilio_base_url=gateway.url)

    assert fields["StatusCallback"] == "https://id.example.com/receipts/twilio"


def test_vonage_is_asked_to_report_where_its_receipts_can_be_checked():
    secret = {"vonage_signature_secret": "signs"}
    with VonageGateway() as gateway:
        fields = fields_sent(
            gateway, **VONAGE, **PUBLIC, **secret, vonage_sender="Lineproof", vonage_base_url=gateway.url
        )

    assert (fields["callback"], fields["status-report-req"]) == ("https://id.example.com/receipts/vonage", "1")


def test_nobody_is_asked_to_report_to_a_private_address():
    with TwilioGateway() as gateway:
        fields = fields_sent(gateway, **TWILIO, twilio_sender="+15005550006", twilio_base_url=gateway.url)

    assert "StatusCallback" not in fields


def test_vonage_is_not_asked_for_what_cannot_be_checked():
    with VonageGateway() as gateway:
        fields = fields_sent(gateway, **VONAGE, **PUBLIC, vonage_sender="Lineproof", vonage_base_url=gateway.url)

    assert "callback" not in fields


@pytest.mark.parametrize(
    ("secrets", "providers"),
    [
        ({}, set()),
        ({"custom_secret": "s"}, {"custom"}),
        ({"twilio_auth_token": "s"}, {"twilio"}),
        ({"twilio_webhook_secret": "s"}, {"twilio"}),
        ({"vonage_signature_secret": "s"}, {"vonage"}),
    ],
)
def test_receipts_are_read_where_there_is_a_secret_to_check_them_by(secrets, providers):
    assert set(build_receipt_readers(settings(**secrets), SystemClock())) == providers


def test_mail_is_printed_where_there_is_no_mail_server():
    stream = io.StringIO()

    build_carriers(settings(), stream)[Channel.EMAIL].send(message(to="bob@example.com", subject="Hello", body="There"))

    assert stream.getvalue() == "Mail to bob@example.com: Hello: There\n"


def test_mail_goes_to_the_mail_server_there_is():
    assert build_carriers(settings(**SMTP), io.StringIO())[Channel.EMAIL].names == ("smtp",)


def test_nobody_carries_mail_in_production_without_a_mail_server():
    """What a mail holds must not stand in the log of a terminal there."""
    keys = {"master_keys": key_ring("k1").export(), "issuer_keys": generate_issuer_keys()}
    ours = settings(env="production", sms_providers="custom", custom_url="https://gateway.example", **keys)

    assert set(build_carriers(ours, io.StringIO())) == {Channel.SMS}
