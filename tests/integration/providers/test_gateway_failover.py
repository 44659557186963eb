"""Failover between real gateways."""

from __future__ import annotations

import io
import time
from datetime import timedelta

import pytest

from providers.building import ProviderConfigs, build_providers
from providers.custom import CustomConfig, CustomProvider
from providers.failover import Carried, FailoverProvider
from providers.twilio import TwilioConfig
from providers.vonage import VonageConfig
from tests.factories.gateways import (
    ACCOUNT_SID,
    API_KEY,
    API_SECRET,
    AUTH_TOKEN,
    GARBAGE,
    Gateway,
    Misbehaviour,
    Reply,
    TwilioGateway,
    VonageGateway,
    too_many,
)
from tests.factories.messages import TEXT, message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError


@pytest.fixture
def custom():
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def twilio():
    with TwilioGateway() as gateway:
        yield gateway


@pytest.fixture
def vonage():
    with VonageGateway(statuses={"94770000001": "7"}) as gateway:
        yield gateway


@pytest.fixture
def providers(custom, twilio, vonage):
    configs = ProviderConfigs(
        custom=CustomConfig(url=custom.url),
        twilio=TwilioConfig(ACCOUNT_SID, AUTH_TOKEN, "+15005550006", twilio.url),
        vonage=VonageConfig(API_KEY, API_SECRET, "Lineproof", vonage.url),
    )
    return build_providers(["custom", "vonage", "twilio"], configs, clock=FrozenClock(), console=io.StringIO())


@pytest.mark.parametrize(
    "trouble",
    [Reply(503, b"down"), too_many("30"), Misbehaviour.CLOSE, GARBAGE, Reply(401, {})],
    ids=["unavailable", "throttled", "closed", "garbage", "credentials"],
)
def test_the_next_provider_carries_the_same_message(providers, custom, vonage, trouble):
    custom.then(trouble)

    carried = providers.send(message())

    assert carried == Carried("vonage", "0000000000000001")
    assert vonage.received[0].body["text"] == TEXT


def test_the_last_one_carries_it_when_two_fail(providers, custom, twilio, vonage):
    custom.always(Reply(503))
    vonage.always(Reply(200, {"message-count": "1", "messages": [{"status": "9", "error-text": "Quota Exceeded"}]}))

    assert providers.send(message()) == Carried("twilio", "SM" + "1".zfill(32))
    assert twilio.received[0].body["Body"] == TEXT


def test_a_barred_number_is_not_tried_elsewhere(providers, custom, twilio):
    custom.always(Reply(503))

    with pytest.raises(PermanentDeliveryError, match="number barred"):
        providers.send(message(to="+94770000001"))

    assert twilio.received == []


def test_a_round_that_fails_everywhere_may_be_repeated(providers, custom, twilio, vonage):
    for gateway in (custom, twilio, vonage):
        gateway.always(Reply(503))

    with pytest.raises(TemporaryDeliveryError, match="gateway unavailable"):
        providers.send(message())

    assert [len(gateway.received) for gateway in (custom, vonage, twilio)] == [1, 1, 1]


def test_a_gateway_that_hangs_leaves_time_for_the_next(custom):
    with Gateway(Misbehaviour.HANG) as hanging:
        pair = [CustomProvider(CustomConfig(url=gateway.url), FrozenClock()) for gateway in (hanging, custom)]
        started = time.monotonic()

        carried = FailoverProvider(pair, budget=timedelta(seconds=0.6)).send(message())

        assert carried == Carried("custom", "gw-1")
        assert time.monotonic() - started < 2


def test_gateways_that_all_hang_take_no_longer_than_one():
    with Gateway(Misbehaviour.HANG) as hanging:
        three = [CustomProvider(CustomConfig(url=hanging.url), FrozenClock()) for _ in range(3)]
        started = time.monotonic()

        with pytest.raises(TemporaryDeliveryError, match="gateway timed out"):
            FailoverProvider(three, budget=timedelta(seconds=0.6)).send(message())

        assert time.monotonic() - started < 2
        assert len(hanging.received) == 3
