"""Receipts are believed only when they are signed; the vendors' own code signs them here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator
from vonage_http_client.auth import Auth

from providers.custom import sign
from providers.custom_receipts import CustomReceipts
from providers.faults import Reason
from providers.receipts import Callback, Outcome, Receipt, ReceiptRefused, ReceiptUnreadable
from providers.twilio_receipts import TwilioReceipts
from providers.vonage_receipts import VonageReceipts
from tests.factories.verification import FrozenClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CLOCK = FrozenClock(NOW)
URL = "https://id.example.com/receipts/twilio"
SID = "SM" + "0" * 32


def twilio(fields, *, url=URL, secret="token", algorithm=None, headers=None):
    signature = RequestValidator(secret).compute_signature(url, fields, algorithm)
    given = {"x-twilio-signature": signature}
    if algorithm:
        given["x-twilio-webhooks-signature-settings"] = f"key=k1,algorithm={algorithm}"
    return Callback(URL, given | (headers or {}), fields, b"")


def vonage(fields, *, secret="secret", method="sha256", at=NOW):
    signed = {**fields, "timestamp": str(int(at.timestamp()))}
    auth = Auth(api_key="key", api_secret="x", signature_secret=secret, signature_method=method)
    return Callback("", {}, {**signed, "sig": auth.sign_params(dict(signed))}, b"")


def custom(document, *, secret=b"secret", at=NOW):
    body = json.dumps(document).encode()
    return Callback("", {"x-lineproof-signature": sign(secret, body, int(at.timestamp()))}, document, body)


READ_TWILIO = TwilioReceipts("token", "shared")
READ_VONAGE = VonageReceipts("secret", CLOCK)
READ_CUSTOM = CustomReceipts("secret", CLOCK)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("queued", Outcome.UNDERWAY),
        ("sent", Outcome.UNDERWAY),
        ("delivered", Outcome.DELIVERED),
        ("read", Outcome.DELIVERED),
        ("undelivered", Outcome.FAILED),
        ("failed", Outcome.FAILED),
        ("a new word", Outcome.UNDERWAY),
    ],
)
def test_twilio_says_what_became_of_a_message(status, outcome):
    receipt = READ_TWILIO(twilio({"MessageSid": SID, "MessageStatus": status, "To": "+94712345678"}))

    assert (receipt.references, receipt.outcome) == ((SID,), outcome)


def test_twilio_names_the_reason_by_its_code():
    fields = {"MessageSid": SID, "MessageStatus": "undelivered", "ErrorCode": "30006"}

    assert READ_TWILIO(twilio(fields)).reason == Reason.LANDLINE


@pytest.mark.parametrize("url", [URL, URL.replace(".com/", ".com:443/")], ids=["without the port", "with the port"])
def test_twilio_may_sign_the_url_with_its_port_or_without(url):
    receipt = READ_TWILIO(twilio({"MessageSid": SID, "MessageStatus": "delivered"}, url=url))

    assert receipt.outcome is Outcome.DELIVERED


def test_twilio_may_sign_with_a_shared_key():
    fields = {"MessageSid": SID, "MessageStatus": "delivered"}

    receipt = READ_TWILIO(twilio(fields, secret="shared", algorithm="HMAC_SHA256"))

    assert receipt.outcome is Outcome.DELIVERED


@pytest.mark.parametrize(
    "callback",
    [
        twilio({"MessageSid": SID, "MessageStatus": "delivered"}, secret="other"),
        twilio({"MessageSid": SID, "MessageStatus": "delivered"}, url="https://elsewhere.example.com/"),
        twilio({"MessageSid": SID, "MessageStatus": "delivered"}, secret="token", algorithm="HMAC_SHA256"),
        twilio(
            {"MessageSid": SID, "MessageStatus": "delivered"},
            algorithm="HMAC_SHA1",
            headers={"x-twilio-webhooks-signature-settings": "algorithm=HMAC_MD5"},
        ),
        Callback(URL, {}, {"MessageSid": SID, "MessageStatus": "delivered"}, b""),
    ],
    ids=["another secret", "another url", "the token for the shared key", "another algorithm", "no signature"],
)
def test_what_twilio_did_not_sign_is_refused(callback):
    with pytest.raises(ReceiptRefused):
        READ_TWILIO(callback)


def test_a_changed_field_breaks_twilios_signature():
    signed = twilio({"MessageSid": SID, "MessageStatus": "undelivered"})

    with pytest.raises(ReceiptRefused):
        READ_TWILIO(Callback(URL, signed.headers, {**signed.fields, "MessageStatus": "delivered"}, b""))


@pytest.mark.parametrize("fields", [{"MessageSid": SID}, {"MessageStatus": "sent"}, {}])
def test_a_twilio_receipt_without_message_or_status_is_unreadable(fields):
    with pytest.raises(ReceiptUnreadable):
        READ_TWILIO(twilio(fields))


def test_without_a_shared_key_nothing_signed_by_one_is_believed():
    signed = twilio({"MessageSid": SID, "MessageStatus": "sent"}, secret="", algorithm="HMAC_SHA256")

    with pytest.raises(ReceiptRefused):
        TwilioReceipts("token")(signed)


@pytest.mark.parametrize("method", ["md5", "sha1", "sha256", "sha512"])
def test_vonage_may_sign_in_any_of_its_ways(method):
    receipt = READ_VONAGE(vonage({"messageId": "m1", "client-ref": "d1", "status": "delivered"}, method=method))

    assert receipt == Receipt(("m1", "d1"), Outcome.DELIVERED)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        ("accepted", Outcome.UNDERWAY, None),
        ("buffered", Outcome.UNDERWAY, None),
        ("expired", Outcome.FAILED, Reason.EXPIRED),
        ("rejected", Outcome.FAILED, Reason.FILTERED),
        ("failed", Outcome.FAILED, Reason.UNKNOWN),
    ],
)
def test_vonage_says_what_became_of_a_message(status, outcome, reason):
    receipt = READ_VONAGE(vonage({"messageId": "m1", "status": status, "scts": "a&b=c"}))

    assert (receipt.outcome, receipt.reason) == (outcome, reason)


@pytest.mark.parametrize(
    "callback",
    [
        vonage({"messageId": "m1", "status": "delivered"}, secret="other"),
        vonage({"messageId": "m1", "status": "delivered"}, at=NOW - timedelta(hours=1)),
        Callback("", {}, {"messageId": "m1", "status": "delivered", "sig": "short"}, b""),
        Callback("", {}, {"messageId": "m1", "status": "delivered"}, b""),
    ],
    ids=["another secret", "long ago", "no digest", "no signature"],
)
def test_what_vonage_did_not_sign_is_refused(callback):
    with pytest.raises(ReceiptRefused):
        READ_VONAGE(callback)


def test_a_vonage_receipt_without_a_readable_time_is_refused():
    fields = {"messageId": "m1", "status": "delivered", "timestamp": "soon"}
    auth = Auth(api_key="key", api_secret="x", signature_secret="secret", signature_method="sha256")

    with pytest.raises(ReceiptRefused):
        READ_VONAGE(Callback("", {}, {**fields, "sig": auth.sign_params(dict(fields))}, b""))


@pytest.mark.parametrize("fields", [{"status": "delivered"}, {"messageId": "m1"}])
def test_a_vonage_receipt_without_message_or_status_is_unreadable(fields):
    with pytest.raises(ReceiptUnreadable):
        READ_VONAGE(vonage(fields))


def test_nothing_is_believed_without_a_signature_secret():
    with pytest.raises(ReceiptRefused):
        VonageReceipts("", CLOCK)(vonage({"messageId": "m1", "status": "delivered"}))


@pytest.mark.parametrize(
    ("document", "receipt"),
    [
        ({"reference": "r1", "status": "sent"}, Receipt(("r1",), Outcome.UNDERWAY)),
        ({"reference": "r1", "status": "delivered"}, Receipt(("r1",), Outcome.DELIVERED)),
        ({"reference": "r1", "status": "failed"}, Receipt(("r1",), Outcome.FAILED, Reason.UNKNOWN)),
        (
            {"reference": "r1", "status": "failed", "reason": "invalid number"},
            Receipt(("r1",), Outcome.FAILED, Reason.INVALID_NUMBER),
        ),
        (
            {"reference": "r1", "status": "failed", "reason": "+94712345678 is off"},
            Receipt(("r1",), Outcome.FAILED, Reason.UNKNOWN),
        ),
    ],
)
def test_a_custom_gateway_says_what_became_of_a_message(document, receipt):
    assert READ_CUSTOM(custom(document)) == receipt


@pytest.mark.parametrize("document", [{"status": "delivered"}, {"reference": "r1"}, {"reference": "r1", "status": "?"}])
def test_a_custom_receipt_without_message_or_status_is_unreadable(document):
    with pytest.raises(ReceiptUnreadable):
        READ_CUSTOM(custom(document))


@pytest.mark.parametrize(
    "callback",
    [
        custom({"reference": "r1", "status": "delivered"}, secret=b"other"),
        custom({"reference": "r1", "status": "delivered"}, at=NOW - timedelta(hours=1)),
        custom({"reference": "r1", "status": "delivered"}, at=NOW + timedelta(hours=1)),
        Callback("", {"x-lineproof-signature": "t=x,v1=y"}, {}, b""),
        Callback("", {}, {}, b""),
    ],
    ids=["another secret", "long ago", "of the future", "no moment", "no signature"],
)
def test_what_the_gateway_did_not_sign_is_refused(callback):
    with pytest.raises(ReceiptRefused):
        READ_CUSTOM(callback)


def test_nothing_is_believed_without_a_secret():
    with pytest.raises(ReceiptRefused):
        CustomReceipts("", CLOCK)(custom({"reference": "r1", "status": "delivered"}, secret=b""))


def test_no_reader_shows_its_secret():
    shown = repr(
        [TwilioReceipts("token-1", "shared-1"), VonageReceipts("secret-1", CLOCK), CustomReceipts("s-1", CLOCK)]
    )

    assert not any(secret in shown for secret in ("token-1", "shared-1", "secret-1", "s-1"))
