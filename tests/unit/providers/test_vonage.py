"""Vonage's requests, and every status of its table."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import responses
from structlog.testing import capture_logs

from providers.errors import ProviderConfigError
from providers.vonage import STATUSES, VonageConfig, VonageProvider
from tests.factories.gateways import API_KEY, API_SECRET
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

URL = "https://rest.nexmo.com/sms/json"

TEMPORARY, PERMANENT = TemporaryDeliveryError, PermanentDeliveryError

# What each status means to us, written down a second time: a change of the table is meant.
EXPECTED = {
    "1": (TEMPORARY, "throttled"),
    "2": (PERMANENT, "request refused"),
    "3": (PERMANENT, "request refused"),
    "4": (TEMPORARY, "credentials refused"),
    "5": (TEMPORARY, "gateway unavailable"),
    "6": (PERMANENT, "no route to number"),
    "7": (PERMANENT, "number barred"),
    "8": (TEMPORARY, "account restricted"),
    "9": (TEMPORARY, "quota used up"),
    "10": (TEMPORARY, "throttled"),
    "11": (TEMPORARY, "account restricted"),
    "12": (PERMANENT, "text refused"),
    "14": (TEMPORARY, "credentials refused"),
    "15": (TEMPORARY, "sender refused"),
    "22": (PERMANENT, "no route to number"),
    "23": (TEMPORARY, "set-up refused"),
    "29": (TEMPORARY, "account restricted"),
    "32": (TEMPORARY, "credentials refused"),
    "33": (TEMPORARY, "sender refused"),
}


def provider(**changes):
    settings = {"api_key": API_KEY, "api_secret": API_SECRET, "sender": "Lineproof"}
    return VonageProvider(VonageConfig(**(settings | changes)), FrozenClock())


def part(status="0", reference="0A0000000123ABCD1"):
    if status != "0":
        return {"status": status, "error-text": "refused"}
    return {"to": MOBILE[1:], "message-id": reference, "status": "0", "remaining-balance": "3.14", "network": "41301"}


def answer(*parts):
    return {"json": {"message-count": str(len(parts)), "messages": list(parts)}}


def sent(config=None, **changes):
    """Send one message and return the request with its fields."""
    with responses.RequestsMock() as gateway:
        gateway.post(URL, **answer(part()))
        provider(**(config or {})).send(message(**changes))
        request = gateway.calls[0].request
        return request, {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def outcome(**reply):
    with responses.RequestsMock() as gateway:
        gateway.post(URL, **reply)
        return provider().send(message())


def test_a_message_is_one_form():
    request, fields = sent(reference="d-1")

    assert fields == {
        "from": "Lineproof",
        "to": "94711234567",
        "text": TEXT,
        "type": "text",
        "ttl": "300000",
        "client-ref": "d-1",
    }
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_account_vouches_for_the_request():
    request, _ = sent()

    scheme, _, credentials = request.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(credentials).decode()) == ("Basic", f"{API_KEY}:{API_SECRET}")


def test_a_sender_s_number_goes_without_its_plus_sign():
    _, fields = sent({"sender": "+15005550006"})

    assert fields["from"] == "15005550006"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("Ihr Code für €: 493816 {ok}", "text", id="GSM-7 with its extension"),
        pytest.param("Ваш код 493816", "unicode", id="Cyrillic"),
        pytest.param("ඔබේ කේතය 493816", "unicode", id="Sinhala"),
        pytest.param("Code 493816 😀", "unicode", id="emoji"),
    ],
)
def test_the_type_follows_from_the_letters(body, expected):
    _, fields = sent(body=body)

    assert (fields["type"], fields["text"]) == (expected, body)


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        (timedelta(seconds=-3), "20000"),
        (timedelta(seconds=19), "20000"),
        (timedelta(seconds=20.5), "20500"),
        (timedelta(days=7), "604800000"),
        (timedelta(days=8), "604800000"),
    ],
)
def test_the_code_s_life_bounds_vonage_s_tries(remaining, expected):
    _, fields = sent(remaining=remaining)

    assert fields["ttl"] == expected


def test_a_long_reference_of_ours_is_cut():
    _, fields = sent(reference="x" * 50)

    assert fields["client-ref"] == "x" * 40


def test_the_base_url_can_be_replaced():
    with responses.RequestsMock() as gateway:
        gateway.post("http://127.0.0.1:9/sms/json", **answer(part(reference="m-1")))

        assert provider(base_url="http://127.0.0.1:9/").send(message()) == "m-1"


def test_the_reference_is_the_first_part_s():
    assert outcome(**answer(part(reference="m-1"), part(reference="m-2"))) == "m-1"


@pytest.mark.parametrize("reference", ["", None, 7])
def test_an_acceptance_without_a_name_is_one(reference):
    assert outcome(**answer(part() | {"message-id": reference})) is None


def test_the_table_is_the_expected_one():
    assert set(STATUSES) == set(EXPECTED)


@pytest.mark.parametrize(("status", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_a_status_in_an_answer_of_200(status, expected):
    error, reason = expected

    with capture_logs() as logs, pytest.raises(error) as caught:
        outcome(**answer(part(status)))

    assert (type(caught.value), caught.value.reason) == (error, reason)
    assert [entry["event"] for entry in logs] == ["message handed to gateway"]


def test_an_unknown_status_is_loud_and_temporary():
    with capture_logs() as logs, pytest.raises(TemporaryDeliveryError, match="unknown gateway error"):
        outcome(**answer(part("77")))

    assert {"event": "unknown gateway code", "log_level": "warning", "provider": "vonage", "code": "77"} in logs


@pytest.mark.parametrize(
    ("statuses", "error", "reason"),
    [
        pytest.param(["0", "1"], TEMPORARY, "throttled", id="one part was not taken"),
        pytest.param(["1", "7"], PERMANENT, "number barred", id="what stays outweighs what passes"),
        pytest.param(["1", "4"], TEMPORARY, "credentials refused", id="the set-up outweighs the moment"),
        pytest.param(["5", "1"], TEMPORARY, "gateway unavailable", id="the first of equals"),
    ],
)
def test_a_message_is_carried_only_with_all_its_parts(statuses, error, reason):
    with pytest.raises(error) as caught:
        outcome(**answer(*map(part, statuses)))

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param({"body": b"<html>"}, id="markup"),
        pytest.param({"body": b""}, id="empty"),
        pytest.param({"json": {}}, id="no messages"),
        pytest.param({"json": {"message-count": "0", "messages": []}}, id="none of them"),
        pytest.param({"json": {"messages": ["0"]}}, id="other things"),
        pytest.param({"json": {"messages": {"status": "0"}}}, id="no list"),
    ],
)
def test_an_answer_that_says_nothing_is_no_acceptance(reply):
    with pytest.raises(TemporaryDeliveryError, match="unreadable answer"):
        outcome(**reply)


def test_a_part_without_a_status_is_no_acceptance():
    with pytest.raises(TemporaryDeliveryError, match="unknown gateway error"):
        outcome(**answer({"message-id": "m-1"}))


@pytest.mark.parametrize(
    ("status", "error"), [(400, PERMANENT), (401, PERMANENT), (404, PERMANENT), (429, TEMPORARY), (503, TEMPORARY)]
)
def test_another_status_of_http_is_judged_by_its_class(status, error):
    with pytest.raises(error):
        outcome(status=status)


def test_the_pause_that_is_asked_for_travels_with_the_error():
    with pytest.raises(TemporaryDeliveryError) as caught:
        outcome(status=429, headers={"Retry-After": "3"})

    assert caught.value.retry_after == 3


def test_all_faults_of_the_configuration_are_named_at_once():
    with pytest.raises(ProviderConfigError) as caught:
        provider(api_key="", api_secret=" ", sender="", base_url="rest.nexmo.com")

    assert caught.value.faults == (
        "vonage.api_key: is missing",
        "vonage.api_secret: is missing",
        "vonage.sender: is missing",
        "vonage.base_url: must be an http or https URL with a host",
    )


def test_the_configuration_does_not_show_its_secret():
    assert "s3cret" not in repr(VonageConfig(api_key="k", api_secret="s3cret", sender="+1"))
