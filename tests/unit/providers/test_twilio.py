"""Twilio's requests, and every code of its table."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import responses
from structlog.testing import capture_logs

from providers.errors import ProviderConfigError
from providers.twilio import CODES, TwilioConfig, TwilioProvider
from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

URL = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
SID = "SM" + "0" * 32

TEMPORARY, PERMANENT = TemporaryDeliveryError, PermanentDeliveryError

# What each code means to us, written down a second time: a change of the table is meant.
EXPECTED = {
    14107: (TEMPORARY, "throttled"),
    20001: (PERMANENT, "request refused"),
    20003: (TEMPORARY, "credentials refused"),
    20005: (TEMPORARY, "account restricted"),
    20008: (TEMPORARY, "credentials refused"),
    20403: (TEMPORARY, "account restricted"),
    20404: (TEMPORARY, "set-up refused"),
    20429: (TEMPORARY, "throttled"),
    20500: (TEMPORARY, "gateway unavailable"),
    20503: (TEMPORARY, "gateway unavailable"),
    21211: (PERMANENT, "invalid number"),
    21212: (TEMPORARY, "sender refused"),
    21214: (PERMANENT, "invalid number"),
    21217: (PERMANENT, "invalid number"),
    21265: (PERMANENT, "number cannot receive sms"),
    21266: (PERMANENT, "invalid number"),
    21408: (PERMANENT, "region not enabled"),
    21602: (PERMANENT, "text refused"),
    21603: (TEMPORARY, "sender refused"),
    21604: (PERMANENT, "invalid number"),
    21606: (TEMPORARY, "sender refused"),
    21608: (TEMPORARY, "account restricted"),
    21610: (PERMANENT, "recipient opted out"),
    21611: (TEMPORARY, "throttled"),
    21612: (PERMANENT, "no route to number"),
    21614: (PERMANENT, "number cannot receive sms"),
    21617: (PERMANENT, "text refused"),
    21635: (PERMANENT, "number is a landline"),
    21659: (TEMPORARY, "sender refused"),
    21660: (TEMPORARY, "sender refused"),
    21661: (TEMPORARY, "sender refused"),
    21703: (TEMPORARY, "sender refused"),
    21730: (TEMPORARY, "gateway unavailable"),
    30001: (TEMPORARY, "throttled"),
    30002: (TEMPORARY, "account restricted"),
    30003: (TEMPORARY, "handset unreachable"),
    30004: (PERMANENT, "blocked by carrier"),
    30005: (PERMANENT, "invalid number"),
    30006: (PERMANENT, "number is a landline"),
    30007: (PERMANENT, "blocked by carrier"),
    30008: (TEMPORARY, "unknown gateway error"),
    30032: (TEMPORARY, "sender refused"),
    30034: (TEMPORARY, "sender refused"),
    30036: (PERMANENT, "expired at gateway"),
    30450: (PERMANENT, "blocked by fraud guard"),
    30453: (PERMANENT, "blocked by fraud guard"),
    63017: (TEMPORARY, "throttled"),
    63038: (TEMPORARY, "quota used up"),
}


def provider(**changes):
    settings = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "sender": "+15005550006"}
    return TwilioProvider(TwilioConfig(**(settings | changes)), FrozenClock())


def sent(config=None, **changes):
    """Send one message and return the request with its fields."""
    with responses.RequestsMock() as gateway:
        gateway.post(URL, status=201, json={"sid": SID, "status": "queued"})
        provider(**(config or {})).send(message(**changes))
        request = gateway.calls[0].request
        return request, {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def outcome(**answer):
    with responses.RequestsMock() as gateway:
        gateway.post(URL, **answer)
        return provider().send(message())


def refusal(code, status=400, **answer):
    more = f"https://www.twilio.com/docs/errors/{code}"
    document = {"code": code, "message": "refused", "more_info": more, "status": status}
    return {"json": document, "status": status, **answer}


def test_a_message_is_one_form():
    request, fields = sent()

    assert fields == {"To": MOBILE, "Body": TEXT, "ValidityPeriod": "300", "From": "+15005550006"}
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_account_vouches_for_the_request():
    request, _ = sent()

    scheme, _, credentials = request.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(credentials).decode()) == ("Basic", f"{ACCOUNT_SID}:{AUTH_TOKEN}")


def test_a_messaging_service_is_named_as_one():
    service = "MG" + "a" * 32

    _, fields = sent({"sender": service})

    assert fields["MessagingServiceSid"] == service
    assert "From" not in fields


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        (timedelta(seconds=-3), "1"),
        (timedelta(0), "1"),
        (timedelta(seconds=1.9), "1"),
        (timedelta(seconds=299.9), "299"),
        (timedelta(hours=10), "36000"),
        (timedelta(days=2), "36000"),
    ],
)
def test_the_code_s_life_bounds_twilio_s_queue(remaining, expected):
    _, fields = sent(remaining=remaining)

    assert fields["ValidityPeriod"] == expected


def test_the_base_url_can_be_replaced():
    base_url = "http://127.0.0.1:9/"
    with responses.RequestsMock() as gateway:
        gateway.post(URL.replace("https://api.twilio.com", "http://127.0.0.1:9"), status=201, json={"sid": SID})

        assert provider(base_url=base_url).send(message()) == SID


@pytest.mark.parametrize("status", ["queued", "accepted", "sending", "sent", "delivered", "scheduled", "read"])
def test_a_message_on_its_way_is_accepted(status):
    assert outcome(json={"sid": SID, "status": status}, status=201) == SID


def test_a_created_message_is_accepted_though_its_name_is_lost():
    assert outcome(body=b"<html>", status=201) is None


@pytest.mark.parametrize("status", [200, 202, 204])
def test_another_success_without_a_name_proves_nothing(status):
    with pytest.raises(TemporaryDeliveryError, match="unreadable answer"):
        outcome(body=b"<html>welcome to the hotel</html>", status=status)


def test_the_table_is_the_expected_one():
    assert set(CODES) == {str(code) for code in EXPECTED}


@pytest.mark.parametrize(("code", "expected"), EXPECTED.items(), ids=map(str, EXPECTED))
def test_a_code_in_a_refusal(code, expected):
    error, reason = expected

    with capture_logs() as logs, pytest.raises(error) as caught:
        outcome(**refusal(code))

    assert (type(caught.value), caught.value.reason) == (error, reason)
    assert [entry["event"] for entry in logs] == ["message handed to gateway"]


@pytest.mark.parametrize("status", ["failed", "undelivered", "canceled"])
@pytest.mark.parametrize(("code", "expected"), [(21610, EXPECTED[21610]), (30008, EXPECTED[30008])])
def test_a_code_in_a_message_that_failed_at_once(status, code, expected):
    error, reason = expected

    with pytest.raises(error) as caught:
        outcome(json={"sid": SID, "status": status, "error_code": code}, status=201)

    assert caught.value.reason == reason


def test_a_failure_without_a_code():
    with pytest.raises(TemporaryDeliveryError, match="unknown gateway error"):
        outcome(json={"sid": SID, "status": "failed", "error_code": None}, status=201)


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        (400, PERMANENT, "request refused"),
        (401, PERMANENT, "credentials refused"),
        (404, PERMANENT, "request refused"),
        (429, TEMPORARY, "throttled"),
        (500, TEMPORARY, "gateway unavailable"),
    ],
)
def test_an_unknown_code_is_loud_and_judged_by_the_status(status, error, reason):
    with capture_logs() as logs, pytest.raises(error) as caught:
        outcome(**refusal(29999, status))

    assert caught.value.reason == reason
    assert {"event": "unknown gateway code", "log_level": "warning", "provider": "twilio", "code": "29999"} in logs


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]"])
def test_a_refusal_without_a_code_is_judged_by_the_status(body):
    with capture_logs() as logs, pytest.raises(TemporaryDeliveryError, match="gateway unavailable"):
        outcome(body=body, status=502)

    assert [entry["event"] for entry in logs] == ["message handed to gateway"]


def test_the_pause_that_is_asked_for_travels_with_the_error():
    with pytest.raises(TemporaryDeliveryError) as caught:
        outcome(**refusal(20429, 429, headers={"Retry-After": "3"}))

    assert caught.value.retry_after == 3


def test_all_faults_of_the_configuration_are_named_at_once():
    with pytest.raises(ProviderConfigError) as caught:
        provider(account_sid="", auth_token=" ", sender="", base_url="api.twilio.com")

    assert caught.value.faults == (
        "twilio.account_sid: is missing",
        "twilio.auth_token: is missing",
        "twilio.sender: is missing",
        "twilio.base_url: must be an http or https URL with a host",
    )


def test_the_configuration_does_not_show_its_secret():
    assert "s3cret" not in repr(TwilioConfig(account_sid="AC1", auth_token="s3cret", sender="+1"))
