"""What all providers over HTTP do alike."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
import responses
from structlog.testing import capture_logs

from providers.base import HttpProvider
from providers.exchange import Exchange, Request, Transport
from providers.faults import Reason, permanent, temporary
from tests.factories.messages import CODE, MOBILE, message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

URL = "https://gateway.example/sms"


class PlainProvider(HttpProvider):
    name = "plain"

    def _write(self, message):
        return Request(f"{message.to} {message.body}".encode())

    def _read(self, answer):
        if answer.status == 200:
            return answer.content.decode() or None
        raise (temporary(Reason.THROTTLED) if answer.status == 429 else permanent(Reason.OPTED_OUT)).error()


def provider():
    ticks = iter([10.0, 10.25])
    return PlainProvider(Exchange("POST", URL, {}, Transport()), FrozenClock(), monotonic=lambda: next(ticks))


@responses.activate
def test_the_reference_of_the_gateway_is_returned():
    responses.post(URL, body=b"gw-1")

    assert provider().send(message()) == "gw-1"


@responses.activate
def test_an_acceptance_is_one_line_in_the_log():
    responses.post(URL, body=b"gw-1")

    with capture_logs() as logs:
        provider().send(message(reference="d-1"))

    assert logs == [
        {
            "event": "message handed to gateway",
            "log_level": "info",
            "provider": "plain",
            "outcome": "accepted",
            "reason": None,
            "delivery_id": "d-1",
            "milliseconds": 250,
        }
    ]


@pytest.mark.parametrize(
    ("status", "error", "outcome", "reason"),
    [
        (429, TemporaryDeliveryError, "postponed", "throttled"),
        (400, PermanentDeliveryError, "refused", "recipient opted out"),
    ],
)
@responses.activate
def test_a_failure_is_one_line_in_the_log(status, error, outcome, reason):
    responses.post(URL, status=status)

    with capture_logs() as logs, pytest.raises(error):
        provider().send(message())

    assert [(entry["log_level"], entry["outcome"], entry["reason"]) for entry in logs] == [("warning", outcome, reason)]


@responses.activate
def test_a_broken_connection_is_logged_too():
    responses.post(URL, body=ConnectionResetError())

    with capture_logs() as logs, pytest.raises(TemporaryDeliveryError):
        provider().send(message())

    assert [entry["reason"] for entry in logs] == ["gateway unreachable"]


@pytest.mark.parametrize("status", [200, 400, 429])
@responses.activate
def test_neither_number_nor_text_is_logged(status):
    responses.post(URL, status=status, body=f"{MOBILE} {CODE}".encode())

    with capture_logs() as logs, suppress(TemporaryDeliveryError, PermanentDeliveryError):
        provider().send(message())

    assert MOBILE[1:] not in str(logs)
    assert CODE not in str(logs)


@responses.activate
def test_a_call_takes_ten_seconds_at_most():
    responses.post(URL)

    provider().send(message())

    assert responses.calls[0].request.req_kwargs["timeout"].total == 10


@responses.activate
def test_a_call_keeps_to_the_time_it_is_given():
    responses.post(URL)

    provider().send(message(), within=timedelta(seconds=3))

    assert responses.calls[0].request.req_kwargs["timeout"].total == 3
