"""Calls to real gateways on loopback that misbehave."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest

from providers.custom import CustomConfig, CustomProvider
from providers.exchange import MAX_ANSWER, Transport, basic_credentials
from tests.factories.gateways import GARBAGE, Gateway, Misbehaviour, Reply, too_many
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

SHORT = timedelta(seconds=0.3)
SOON = 2.0  # far from the ten seconds and more that the misbehaviour would take, and forgiving to a busy machine


@pytest.fixture
def gateway():
    with Gateway() as running:
        yield running


def provider_for(url, transport=None, **changes):
    return CustomProvider(CustomConfig(url=url, **changes), FrozenClock(), transport)


@contextmanager
def taking_less_than(seconds):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def failure(provider, error=TemporaryDeliveryError, within=SHORT):
    """Send one message, soon enough, and return why it failed."""
    with taking_less_than(SOON), pytest.raises(error) as caught:
        provider.send(message(), within=within)
    return caught.value.reason


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_message_arrives_as_the_template_says(gateway):
    provider = provider_for(f"{gateway.url}/v1/sms?key=1", headers="authorisation: qwer1234asdfzxcv")

    assert provider.send(message()) == "gw-1"
    (received,) = gateway.received
    assert (received.method, received.path) == ("POST", "/v1/sms?key=1")
    assert received.body == {"content": TEXT, "to": MOBILE}
    assert received.headers["authorisation"] == "qwer1234asdfzxcv"
    assert received.headers["content-type"] == "application/json"


def test_credentials_of_the_url_are_sent_as_such(gateway):
    provider_for(gateway.url.replace("//", "//user:s3cret@")).send(message())

    assert gateway.received[0].headers["authorization"] == basic_credentials("user", "s3cret")


def test_a_form_arrives_by_put(gateway):
    provider_for(gateway.url, method="PUT", content_type="FORM").send(message())

    (received,) = gateway.received
    assert (received.method, received.body) == ("PUT", {"content": TEXT, "to": MOBILE})


def test_a_gateway_that_hangs_is_left(gateway):
    gateway.always(Misbehaviour.HANG)

    assert failure(provider_for(gateway.url)) == "gateway timed out"


def test_headers_that_drip_are_left(gateway):
    """A byte now and then resets the timeouts of requests, but not the budget of the call."""
    gateway.always(Reply(200, {"id": "x"}, drip=0.1))

    assert failure(provider_for(gateway.url)) == "gateway timed out"


def test_a_body_that_drips_is_left_and_the_acceptance_kept(gateway):
    """The status has come: the message is the gateway's, and to send it again would send it twice."""
    reply = Reply(200, {"id": "x" * 100})
    gateway.always(Reply(200, {"id": "x" * 100}, drip=0.1, at_once=reply.octets().index(b"\r\n\r\n") + 4))

    with taking_less_than(SOON):
        assert provider_for(gateway.url).send(message(), within=SHORT) is None


def test_chunks_that_drip_are_left(gateway):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    gateway.always(Reply(raw=head + b"1\r\nx\r\n" * 200, drip=0.1, at_once=len(head)))

    with taking_less_than(SOON):
        assert provider_for(gateway.url).send(message(), within=SHORT) is None


def test_informational_answers_without_end_are_left(gateway):
    gateway.always(Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, drip=0.01))

    assert failure(provider_for(gateway.url)) == "gateway timed out"


def test_a_handshake_that_hangs_is_left():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        provider = provider_for(f"https://127.0.0.1:{silent.getsockname()[1]}/")

        assert failure(provider) == "gateway timed out"


def test_a_gateway_that_takes_the_message_and_closes_is_ambiguous(gateway):
    gateway.then(Misbehaviour.CLOSE)

    assert failure(provider_for(gateway.url)) == "connection broken"
    assert len(gateway.received) == 1


def test_nothing_is_sent_twice_by_itself(gateway):
    """Only the dispatcher repeats a message, which may have arrived."""
    gateway.always(Misbehaviour.CLOSE)
    provider = provider_for(gateway.url)

    failure(provider)
    failure(provider)

    assert len(gateway.received) == 2


def test_what_is_not_http_is_a_broken_connection(gateway):
    gateway.always(GARBAGE)

    assert failure(provider_for(gateway.url)) == "connection broken"


def test_a_port_without_a_gateway_is_unreachable():
    assert failure(provider_for(f"http://127.0.0.1:{unused_port()}/")) == "gateway unreachable"


def test_a_pause_is_passed_on(gateway):
    gateway.always(too_many("9"))

    with pytest.raises(TemporaryDeliveryError) as caught:
        provider_for(gateway.url).send(message())

    assert (caught.value.reason, caught.value.retry_after) == ("throttled", 9)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(gateway, status):
    with Gateway() as other:
        gateway.always(Reply(status, b"moved", {"Location": other.url}))

        assert failure(provider_for(gateway.url), PermanentDeliveryError) == "request refused"
        assert other.received == []


def test_a_long_answer_is_not_read_to_its_end(gateway):
    gateway.then(Reply(200, b"x" * (100 * MAX_ANSWER)))
    provider = provider_for(gateway.url)

    with taking_less_than(SOON):
        assert provider.send(message()) is None

    assert provider.send(message()) == "gw-1"


def test_an_answer_shorter_than_announced_is_no_document(gateway):
    gateway.then(Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "x"}'))

    assert provider_for(gateway.url).send(message()) is None


def test_a_packed_answer_is_not_unpacked(gateway):
    gateway.always(Reply(200, b"\x1f\x8b not really", {"Content-Encoding": "gzip"}))

    assert provider_for(gateway.url).send(message()) is None


def test_connections_are_kept(gateway):
    provider = provider_for(gateway.url)

    for _ in range(20):
        provider.send(message())

    assert gateway.connections == 1


@pytest.mark.parametrize("status", [204, 400, 503])
def test_connections_are_kept_after_other_answers(gateway, status):
    gateway.then(Reply(status, b""), Reply(status, b""))
    provider = provider_for(gateway.url)

    for _ in range(3):
        with suppress(TemporaryDeliveryError, PermanentDeliveryError):
            provider.send(message())

    assert gateway.connections == 1


def test_an_idle_connection_that_the_gateway_ended_is_replaced(gateway):
    provider = provider_for(gateway.url)
    provider.send(message())

    gateway.drop_connections()

    assert provider.send(message()) == "gw-1"
    assert gateway.connections == 2


def test_a_gateway_may_end_each_connection(gateway):
    gateway.always(Reply(200, {"id": "gw-1"}, {"Connection": "close"}))
    provider = provider_for(gateway.url)

    assert [provider.send(message()) for _ in range(3)] == ["gw-1"] * 3
    assert gateway.connections == 3


def test_threads_share_a_provider(gateway):
    provider = provider_for(gateway.url)

    def send_many(worker):
        for number in range(50):
            provider.send(message(reference=f"{worker}-{number}"))

    threads = [threading.Thread(target=send_many, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    keys = [received.headers["idempotency-key"] for received in gateway.received]
    assert sorted(keys) == sorted(f"{worker}-{number}" for worker in range(8) for number in range(50))
    assert gateway.connections <= 8


def test_cookies_are_not_kept(gateway):
    gateway.always(Reply(200, {}, {"Set-Cookie": "session=1; Path=/"}))
    provider = provider_for(gateway.url)

    provider.send(message())
    provider.send(message())

    assert all("cookie" not in received.headers for received in gateway.received)


def test_netrc_is_not_read(gateway, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))

    provider_for(gateway.url, headers="authorization: Bearer ours").send(message())

    assert gateway.received[0].headers["authorization"] == "Bearer ours"


def test_a_proxy_of_the_environment_is_not_used(gateway, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")

    assert provider_for(gateway.url).send(message()) == "gw-1"


def test_a_configured_proxy_is_used(gateway):
    provider = provider_for("http://gateway.example/sms", Transport({"http": gateway.url}))

    assert provider.send(message()) == "gw-1"
    assert gateway.received[0].path == "http://gateway.example/sms"


def test_a_proxy_that_hangs_is_left(gateway):
    gateway.always(Misbehaviour.HANG)
    provider = provider_for("https://gateway.example/sms", Transport({"https": gateway.url}))

    assert failure(provider) in {"gateway timed out", "gateway unreachable"}
    assert gateway.received[0].method == "CONNECT"


def test_a_proxy_that_drips_is_left(gateway):
    gateway.always(Reply(200, b"", drip=0.1))
    provider = provider_for("https://gateway.example/sms", Transport({"https": gateway.url}))

    assert failure(provider) in {"gateway timed out", "gateway unreachable"}


def test_a_proxy_that_refuses_is_unreachable(gateway):
    gateway.always(Reply(403, b""))
    provider = provider_for("https://gateway.example/sms", Transport({"https": gateway.url}))

    assert failure(provider) == "gateway unreachable"
