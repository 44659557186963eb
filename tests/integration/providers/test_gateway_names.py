"""Names of gateways: slow to find, with dead addresses, or leading to the inside."""

from __future__ import annotations

import errno
import socket
import threading
import time
from datetime import timedelta

import pytest

from providers.custom import CustomConfig, CustomProvider
from tests.factories.gateways import Gateway
from tests.factories.messages import message
from tests.factories.verification import FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

SHORT = timedelta(seconds=0.3)
SOON = 2.0
NAME = "gateway.example"


@pytest.fixture
def gateway():
    with Gateway() as running:
        yield running


def provider_for(gateway, host=NAME, *, is_url_trusted=True):
    config = CustomConfig(url=f"http://{host}:{gateway.port}/", is_url_trusted=is_url_trusted)
    return CustomProvider(config, FrozenClock())


@pytest.fixture
def names(monkeypatch):
    """Answer the system's look-ups of NAME from this list, or by calling it."""
    real = socket.getaddrinfo
    answers = []

    def getaddrinfo(host, port, *args, **options):
        if host != NAME:
            return real(host, port, *args, **options)
        if callable(answers[0]):
            answers[0]()
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in address], socket.SOCK_STREAM, 6, "", (address, port)) for address in answers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


def test_a_name_is_found(gateway, names):
    names.append("127.0.0.1")

    assert provider_for(gateway).send(message()) == "gw-1"
    assert gateway.received[0].headers["host"] == f"{NAME}:{gateway.port}"


def test_a_dead_address_is_passed_over(gateway, names):
    names.extend(["127.0.0.2", "127.0.0.1"])

    assert provider_for(gateway).send(message()) == "gw-1"


def test_a_name_without_a_living_address_is_unreachable(gateway, names):
    names.extend(["127.0.0.2", "127.0.0.3"])

    with pytest.raises(TemporaryDeliveryError, match="gateway unreachable"):
        provider_for(gateway).send(message())


def test_an_unknown_name_is_unreachable(gateway, names):
    def unknown():
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    names.append(unknown)

    with pytest.raises(TemporaryDeliveryError, match="gateway unreachable"):
        provider_for(gateway).send(message())


def test_a_look_up_that_hangs_is_left(gateway, names):
    release = threading.Event()
    names.append(lambda: release.wait(30))
    started = time.monotonic()

    with pytest.raises(TemporaryDeliveryError, match="gateway timed out"):
        provider_for(gateway).send(message(), within=SHORT)

    assert time.monotonic() - started < SOON
    names[:] = ["127.0.0.1"]
    release.set()


def test_an_untrusted_url_may_not_lead_to_loopback(gateway):
    with pytest.raises(PermanentDeliveryError, match="gateway address refused"):
        provider_for(gateway, "127.0.0.1", is_url_trusted=False).send(message())

    assert gateway.connections == 0


def test_an_untrusted_name_is_judged_by_the_address_that_is_used(gateway, names):
    """It may have led elsewhere when it was stored."""
    names.append("127.0.0.1")

    with pytest.raises(PermanentDeliveryError, match="gateway address refused"):
        provider_for(gateway, is_url_trusted=False).send(message())

    assert gateway.connections == 0


def test_an_untrusted_name_may_not_have_one_address_inside(gateway, names):
    names.extend(["93.184.216.34", "10.0.0.1"])

    with pytest.raises(PermanentDeliveryError, match="gateway address refused"):
        provider_for(gateway, is_url_trusted=False).send(message(), within=SHORT)


def test_an_untrusted_name_may_lead_to_the_internet(gateway, names, monkeypatch):
    """Nothing leaves this machine: the network is made unreachable."""
    tried = []

    def connect(_self, address):
        tried.append(address)
        raise OSError(errno.ENETUNREACH, "unreachable")

    names.append("93.184.216.34")
    monkeypatch.setattr(socket.socket, "connect", connect)

    with pytest.raises(TemporaryDeliveryError, match="gateway unreachable"):
        provider_for(gateway, is_url_trusted=False).send(message())

    assert tried == [("93.184.216.34", gateway.port)]


def test_an_untrusted_tls_url_is_held_to_the_same():
    config = CustomConfig(url="https://127.0.0.1:9/", is_url_trusted=False)

    with pytest.raises(PermanentDeliveryError, match="gateway address refused"):
        CustomProvider(config, FrozenClock()).send(message())
