"""Receipts of gateways, over HTTP."""

from __future__ import annotations

import json

import pytest
from twilio.request_validator import RequestValidator

from providers.custom import sign

URL = "http://127.0.0.1:8080/receipts/twilio"


@pytest.fixture
def application(start):
    return start(custom_secret="secret", twilio_auth_token="token")


@pytest.fixture
def bob(application):
    user = application.user(application.add_verified_user())
    user.set_mobile("/scim2/Me", "0123456789")
    return user


def sent(application, provider="custom"):
    application.carrier.name = provider
    (delivery,) = application.deliver()
    return delivery


def report(application, document, secret=b"secret"):
    body = json.dumps(document).encode()
    signature = sign(secret, body, int(application.clock.now().timestamp()))
    headers = {"X-Lineproof-Signature": signature, "Content-Type": "application/json"}
    return application.app.test_client().post("/receipts/custom", data=body, headers=headers)


def state(bob):
    return bob.get("/api/identity/user/v1.0/me/verifications").get_json()["verifications"][0]["delivery"]


@pytest.mark.parametrize(("status", "expected"), [("sent", "sent"), ("delivered", "delivered"), ("failed", "failed")])
def test_a_receipt_shows_in_the_users_own_view(application, bob, status, expected):
    delivery = sent(application)

    answer = report(application, {"reference": delivery.reference, "status": status})

    assert (answer.status_code, answer.data) == (204, b"")
    assert state(bob) == expected


def test_the_first_final_receipt_is_counted_by_provider(application, bob):
    delivery = sent(application)
    for status in ("sent", "delivered", "delivered", "failed"):
        report(application, {"reference": delivery.reference, "status": status})

    lines = application.admin().get("/metrics").get_data(as_text=True).splitlines()

    counted = [line for line in lines if line.startswith("lineproof_receipts_total{")]
    assert 'lineproof_receipts_total{outcome="delivered",provider="custom"} 1.0' in counted
    assert not [line for line in counted if 'outcome="failed",provider="custom"' in line]


def test_a_receipt_may_name_the_delivery_by_our_name_of_it(application, bob):
    delivery = sent(application)

    assert report(application, {"reference": delivery.id, "status": "delivered"}).status_code == 204
    assert state(bob) == "delivered"


def test_late_and_repeated_receipts_change_nothing(application, bob):
    reference = sent(application).reference
    report(application, {"reference": reference, "status": "delivered"})

    for status in ("delivered", "sent", "failed"):
        assert report(application, {"reference": reference, "status": status}).status_code == 204

    assert state(bob) == "delivered"


def test_an_unsigned_receipt_changes_nothing(application, bob):
    reference = sent(application).reference

    answer = report(application, {"reference": reference, "status": "delivered"}, secret=b"other")

    assert (answer.status_code, answer.get_json()["code"]) == (403, "SIGNATURE_REFUSED")
    assert state(bob) == "sent"


def test_a_receipt_that_comes_before_its_delivery_is_settled_is_asked_for_again(application, bob):
    answer = report(application, {"reference": "not-yet", "status": "delivered"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_receipt_of_another_provider_is_not_for_this_delivery(application, bob):
    delivery = sent(application, "vonage")

    assert report(application, {"reference": delivery.id, "status": "delivered"}).status_code == 503


@pytest.mark.parametrize("body", [{"status": "delivered"}, {"reference": "r1", "status": "?"}, []])
def test_a_receipt_of_no_known_form_is_refused(application, bob, body):
    answer = report(application, body)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


def test_a_body_that_is_no_json_is_refused(application):
    headers = {"Content-Type": "application/json"}

    answer = application.app.test_client().post("/receipts/custom", data=b"{", headers=headers)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


def test_twilio_reports_by_a_signed_form(application, bob):
    delivery = sent(application, "twilio")
    form = {
        "MessageSid": delivery.reference,
        "MessageStatus": "undelivered",
        "ErrorCode": "30003",
        "To": "+94712345678",
    }
    headers = {"X-Twilio-Signature": RequestValidator("token").compute_signature(URL, form)}

    answer = application.app.test_client().post("/receipts/twilio", data=form, headers=headers)

    assert answer.status_code == 204
    assert state(bob) == "failed"


@pytest.mark.parametrize("provider", ["vonage", "console", "nobody"])
def test_there_is_no_receipt_for_a_provider_without_a_secret(application, provider):
    answer = application.app.test_client().get(f"/receipts/{provider}?status=delivered")

    assert answer.status_code == 404
