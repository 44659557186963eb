"""One request and its answer, without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import responses
from requests.exceptions import ConnectTimeout, ReadTimeout, SSLError
from urllib3.exceptions import HeaderParsingError, MaxRetryError, ProtocolError

from providers.exchange import (
    LONGEST_PAUSE,
    MAX_ANSWER,
    Answer,
    Exchange,
    Request,
    Transport,
    basic_credentials,
    url_fault,
)
from providers.faults import Reason
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://gateway.example/sms"
WITHIN = timedelta(seconds=5)


def exchange(**headers):
    return Exchange("POST", URL, headers, Transport())


def answer(content=b"{}", status=200, **headers):
    return Answer(status, headers, content)


@responses.activate
def test_a_request_is_sent_as_written():
    responses.post(URL, json={})

    exchange(Authorization="Bearer x").send(Request(b"payload", {"Idempotency-Key": "d-1"}), WITHIN)

    sent = responses.calls[0].request
    assert sent.body == b"payload"
    assert sent.headers["Authorization"] == "Bearer x"
    assert sent.headers["Idempotency-Key"] == "d-1"
    assert sent.headers["Content-Length"] == "7"
    assert sent.headers["Accept-Encoding"] == "identity"


@responses.activate
def test_the_whole_call_gets_one_budget():
    responses.post(URL, json={})

    exchange().send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["timeout"].total == 5


@responses.activate
def test_certificates_are_checked():
    responses.post(URL, json={})

    exchange().send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["verify"] is True


@responses.activate
def test_other_authorities_can_be_trusted():
    responses.post(URL, json={})

    Exchange("POST", URL, {}, Transport(ca_bundle="/etc/ours.pem")).send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["verify"] == "/etc/ours.pem"


@responses.activate
def test_an_answer_of_any_status_is_returned():
    responses.post(URL, body=b'{"a": 1}', status=503, headers={"Retry-After": "7"})

    received = exchange().send(Request(b""), WITHIN)

    assert (received.status, received.content, received.is_whole) == (503, b'{"a": 1}', True)
    assert received.retry_after(NOW) == 7


@responses.activate
def test_a_long_answer_is_cut_off():
    responses.post(URL, body=b"x" * (MAX_ANSWER + 1))

    received = exchange().send(Request(b""), WITHIN)

    assert len(received.content) == MAX_ANSWER
    assert not received.is_whole


@responses.activate
def test_an_answer_of_the_greatest_length_is_whole():
    responses.post(URL, body=b"x" * MAX_ANSWER)

    assert exchange().send(Request(b""), WITHIN).is_whole


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectTimeout(), Reason.TIMED_OUT),
        (ReadTimeout(), Reason.TIMED_OUT),
        (SSLError(), Reason.GATEWAY_UNTRUSTED),
        (requests.exceptions.ConnectionError(MaxRetryError(None, "/sms")), Reason.GATEWAY_UNREACHABLE),
        (requests.exceptions.ConnectionError(ProtocolError("reset")), Reason.CONNECTION_BROKEN),
        (requests.exceptions.ConnectionError(), Reason.CONNECTION_BROKEN),
        (requests.exceptions.ProxyError(MaxRetryError(None, "/sms")), Reason.GATEWAY_UNREACHABLE),
        (requests.exceptions.InvalidHeader(), Reason.UNREADABLE_ANSWER),
        (OSError("no certificates"), Reason.GATEWAY_UNREACHABLE),
        (HeaderParsingError([], None), Reason.UNREADABLE_ANSWER),
    ],
)
@responses.activate
def test_every_failure_of_the_library_is_temporary(error, reason):
    responses.post(URL, body=error)

    with pytest.raises(TemporaryDeliveryError) as caught:
        exchange().send(Request(b""), WITHIN)

    assert caught.value.reason == reason


@responses.activate
def test_an_error_does_not_show_the_url():
    """It may hold a key of the gateway, and the library's own errors quote it."""
    secret_url = f"{URL}?key=s3cret"
    responses.post(secret_url, body=requests.exceptions.ConnectionError(MaxRetryError(None, secret_url)))

    with pytest.raises(TemporaryDeliveryError) as caught:
        Exchange("POST", secret_url, {}, Transport()).send(Request(b""), WITHIN)

    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("status", "expected"), [(199, False), (200, True), (204, True), (299, True), (300, False)])
def test_success_is_the_class_of_the_status(status, expected):
    assert answer(status=status).is_success is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b'{"id": "x"}', {"id": "x"}, id="object"),
        pytest.param(b"[1]", {}, id="array"),
        pytest.param(b'"x"', {}, id="string"),
        pytest.param(b"<html>", {}, id="markup"),
        pytest.param(b"", {}, id="empty"),
        pytest.param(b"\xff\xfe", {}, id="no text"),
    ],
)
def test_a_document_is_a_json_object(content, expected):
    assert answer(content).document() == expected


def test_a_part_of_an_answer_is_no_document():
    assert Answer(200, {}, b'{"id": "x"}', is_whole=False).document() == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 0 ", 0, id="at once"),
        pytest.param("9" * 30, LONGEST_PAUSE, id="for ever"),
        pytest.param(format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90, id="a moment"),
        pytest.param(format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0, id="a moment that has passed"),
        pytest.param(format_datetime(NOW + timedelta(days=9), usegmt=True), LONGEST_PAUSE, id="a far moment"),
        pytest.param("Sun, 22 Nov 2026 12:01:00 -0000", None, id="a moment without a zone"),
        pytest.param("soon", None, id="a word"),
        pytest.param("-5", None, id="a negative number"),
        pytest.param("1.5", None, id="a fraction"),
    ],
)
def test_a_pause_is_asked_for_in_seconds_or_until_a_moment(text, expected):
    assert answer(**{"Retry-After": text}).retry_after(NOW) == expected


def test_no_pause_is_asked_for():
    assert answer().retry_after(NOW) is None


PROXIES = {"https": "http://proxy.example:3128", "no": "localhost, .inside.example,other.example"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://gateway.example/", {"https": "http://proxy.example:3128"}, id="by scheme"),
        pytest.param("http://gateway.example/", {}, id="another scheme"),
        pytest.param("https://localhost:8443/", {}, id="exempt"),
        pytest.param("https://sms.inside.example/", {}, id="exempt by its domain"),
        pytest.param("https://notother.example/", {"https": "http://proxy.example:3128"}, id="only the same ending"),
    ],
)
def test_a_proxy_is_chosen_by_scheme_and_exemptions(url, expected):
    assert Transport(PROXIES).proxies_for(url) == expected


def test_a_proxy_for_all_schemes():
    proxies = {"all": "http://proxy.example"}

    assert Transport(proxies).proxies_for("http://gateway.example/") == {"http": "http://proxy.example"}


def test_all_hosts_can_be_exempt():
    assert Transport(PROXIES | {"no": "*"}).proxies_for("https://gateway.example/") == {}


@responses.activate
def test_the_proxy_is_used():
    responses.post(URL, json={})

    Exchange("POST", URL, {}, Transport(PROXIES)).send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["proxies"] == {"https": "http://proxy.example:3128"}


@responses.activate
def test_the_environment_names_no_proxy(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    responses.post(URL, json={})

    exchange().send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["proxies"] == {}


@responses.activate
def test_a_url_from_an_api_never_goes_through_a_proxy():
    """Behind a proxy nobody could tell which address it leads to."""
    responses.post(URL, json={})

    Exchange("POST", URL, {}, Transport(PROXIES), is_url_trusted=False).send(Request(b""), WITHIN)

    assert responses.calls[0].request.req_kwargs["proxies"] == {}


@pytest.mark.parametrize("value", [Transport({"https": "http://u:s3cret@p"}), Request(b"s3cret", {"a": "s3cret"})])
def test_secrets_are_not_shown(value):
    assert "s3cret" not in repr(value)


def test_an_answer_does_not_show_what_a_gateway_may_echo():
    assert "s3cret" not in repr(Answer(200, {"a": "s3cret"}, b"s3cret"))


def test_credentials_in_the_basic_scheme():
    """RFC 7617 §2, whose own sample this is."""
    assert basic_credentials("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    "url", ["https://gateway.example/sms", "http://127.0.0.1:9090", "HTTPS://u:p@gateway.example?k=1"]
)
def test_a_url_of_a_gateway(url):
    assert url_fault("custom.url", url) is None


@pytest.mark.parametrize("url", ["gateway.example/s3cret", "https://[::1", "https://*.example"])
def test_a_way_needs_a_url(url):
    with pytest.raises(PermanentDeliveryError, match=r"^set-up refused$"):
        Exchange("POST", url, {}, Transport())


@pytest.mark.parametrize(
    "url",
    [
        "gateway.example",
        "ftp://gateway.example",
        "http://",
        "https://[::1",
        "https://*.example",
        "https://a.example/s3cret\n",
        "http://a b/",
        "mailto:a@example.com",
    ],
)
def test_a_url_that_is_none(url):
    fault = url_fault("custom.url", url)

    assert fault.startswith("custom.url: ")
    assert "s3cret" not in fault
