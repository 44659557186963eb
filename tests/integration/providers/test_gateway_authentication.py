"""A custom gateway is told who sends: by a header that stays, or by a token of a token endpoint."""

from __future__ import annotations

import base64
import threading
import time
from datetime import timedelta

import pytest

from providers import authentication
from providers.authentication_types import AuthenticationType
from providers.custom import CustomConfig, CustomProvider
from providers.errors import ProviderConfigError
from providers.exchange import Exchange, Transport
from tests.factories.gateways import Gateway, Misbehaviour, Reply
from tests.factories.messages import message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

CLIENT = {"clientId": "a b", "clientSecret": "s:1"}
USER = {"username": "u", "password": "p"}


def basic(user, secret):
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


@pytest.fixture
def gateway():
    with Gateway() as found:
        yield found


@pytest.fixture
def tokens():
    numbers = iter(range(1, 100))
    with Gateway(lambda _: Reply(200, {"access_token": f"t{next(numbers)}", "expires_in": 3600})) as found:
        yield found


def provider(gateway, type_=AuthenticationType.NONE, clock=None, headers="", **credentials):
    config = CustomConfig(gateway.url, headers=headers, authentication=type_, credentials=credentials)
    return CustomProvider(config, clock or FrozenClock())


def with_tokens(gateway, tokens, type_=AuthenticationType.CLIENT_CREDENTIAL, clock=None, **more):
    return provider(gateway, type_, clock, **{**CLIENT, "tokenEndpoint": f"{tokens.url}/token", **more})


def authorizations(gateway):
    return [received.headers.get("authorization") for received in gateway.received]


@pytest.mark.parametrize(
    ("type_", "credentials", "header", "value"),
    [
        ("NONE", {}, "authorization", None),
        ("BASIC", USER, "authorization", basic("u", "p")),
        ("BEARER", {"accessToken": "t"}, "authorization", "Bearer t"),
        ("API_KEY", {"header": "X-Key", "value": "k"}, "x-key", "k"),
    ],
)
def test_a_header_that_stays(gateway, type_, credentials, header, value):
    provider(gateway, AuthenticationType(type_), **credentials).send(message())

    assert gateway.received[0].headers.get(header) == value


def test_it_is_over_the_static_headers(gateway):
    sender = provider(gateway, AuthenticationType.BASIC, headers="authorization: other, x-b: 2", **USER)

    sender.send(message())

    assert authorizations(gateway) == [basic("u", "p")]
    assert gateway.received[0].headers["x-b"] == "2"


def test_a_refused_header_is_not_tried_again(gateway):
    gateway.always(Reply(401))

    with pytest.raises(PermanentDeliveryError, match="credentials refused"):
        provider(gateway, AuthenticationType.BEARER, accessToken="t").send(message())

    assert len(gateway.received) == 1


@pytest.mark.parametrize(
    ("type_", "more", "form"),
    [
        ("CLIENT_CREDENTIAL", {}, {"grant_type": "client_credentials"}),
        ("CLIENT_CREDENTIAL", {"scopes": "a b"}, {"grant_type": "client_credentials", "scope": "a b"}),
        ("PASSWORD_CREDENTIAL", USER, {"grant_type": "password", **USER}),
    ],
)
def test_a_token_is_fetched_once_for_many_messages(gateway, tokens, type_, more, form):
    sender = with_tokens(gateway, tokens, AuthenticationType(type_), **more)

    sender.send(message())
    sender.send(message())

    assert authorizations(gateway) == ["Bearer t1", "Bearer t1"]
    assert [received.body for received in tokens.received] == [form]
    assert authorizations(tokens) == [basic("a+b", "s%3A1")]


def test_a_token_is_fetched_anew_shortly_before_its_end(gateway, tokens):
    clock = FrozenClock()
    sender = with_tokens(gateway, tokens, clock=clock)
    sender.send(message())
    clock.advance(3569)
    sender.send(message())
    clock.advance(1)
    sender.send(message())

    assert authorizations(gateway) == ["Bearer t1", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("told", [None, "3600", True, 0, -1])
def test_a_token_whose_end_is_not_told_is_used_for_minutes(gateway, tokens, told):
    clock = FrozenClock()
    tokens.always(Reply(200, {"access_token": "t", "expires_in": told}))
    sender = with_tokens(gateway, tokens, clock=clock)
    sender.send(message())
    clock.advance(269)
    sender.send(message())
    clock.advance(1)
    sender.send(message())

    assert len(tokens.received) == 2


def test_a_refused_token_is_fetched_anew_once(gateway, tokens):
    sender = with_tokens(gateway, tokens)
    gateway.then(Reply(401))

    assert sender.send(message(reference="d-1")) == "gw-1"

    assert authorizations(gateway) == ["Bearer t1", "Bearer t2"]
    assert {received.headers["idempotency-key"] for received in gateway.received} == {"d-1"}
    gateway.then(Reply(401), Reply(401))
    with pytest.raises(PermanentDeliveryError, match="credentials refused"):
        sender.send(message())
    assert len(tokens.received) == 3


@pytest.mark.parametrize(
    ("answer", "fault", "reason"),
    [
        (Reply(401, {"error": "invalid_client"}), PermanentDeliveryError, "credentials refused"),
        (Reply(400, {"error": "invalid_grant"}), PermanentDeliveryError, "credentials refused"),
        (Reply(503), TemporaryDeliveryError, "gateway unavailable"),
        (Reply(200, {}), TemporaryDeliveryError, "unreadable answer"),
        (Reply(200, {"access_token": "a\nb"}), TemporaryDeliveryError, "unreadable answer"),
    ],
)
def test_without_a_token_nothing_is_sent(gateway, tokens, answer, fault, reason):
    tokens.always(answer)

    with pytest.raises(fault, match=reason):
        with_tokens(gateway, tokens).send(message())

    assert gateway.received == []


@pytest.mark.parametrize(
    ("type_", "credentials", "fault"),
    [
        ("BASIC", {"username": "u"}, "custom.authentication: password is missing"),
        ("API_KEY", {"header": "x y", "value": "k"}, "custom.authentication: the header has no valid name"),
        (
            "API_KEY",
            {"header": "content-type", "value": "k"},
            "custom.authentication: the header follows from the kind of payload",
        ),
        (
            "CLIENT_CREDENTIAL",
            {**CLIENT, "tokenEndpoint": "ftp://x"},
            "custom.authentication.tokenEndpoint: must be an http or https URL with a host",
        ),
    ],
)
def test_what_cannot_be_sent_is_told(gateway, type_, credentials, fault):
    with pytest.raises(ProviderConfigError) as raised:
        provider(gateway, AuthenticationType(type_), **credentials)

    assert raised.value.faults == (fault,)


def test_whoever_waits_for_a_token_waits_no_longer_than_a_call_may_take(gateway, tokens):
    tokens.always(Misbehaviour.HANG)
    sender = with_tokens(gateway, tokens)
    took = []

    def send():
        began = time.monotonic()
        with pytest.raises(TemporaryDeliveryError, match="gateway timed out"):
            sender.send(message(), within=timedelta(seconds=0.3))
        took.append(time.monotonic() - began)

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(took) == 16
    assert max(took) < 1
    assert len(tokens.received) == 1


def test_an_endpoint_that_gave_no_token_is_asked_again_a_moment_later(gateway, tokens, monkeypatch):
    tokens.then(Reply(503))
    sender = with_tokens(gateway, tokens)

    for _ in range(3):
        with pytest.raises(TemporaryDeliveryError, match="gateway unavailable"):
            sender.send(message())
    assert len(tokens.received) == 1
    monkeypatch.setattr(authentication, "FAILED_FOR", 0.0)

    assert sender.send(message()) == "gw-1"
    assert authorizations(gateway) == ["Bearer t1"]


def test_who_has_waited_too_long_does_not_ask(gateway, tokens):
    endpoint = Exchange("POST", tokens.url, {}, Transport())

    with pytest.raises(TemporaryDeliveryError, match="gateway timed out"):
        authentication.Tokens(endpoint, {}, FrozenClock()).headers(timedelta(0))

    assert tokens.received == []
