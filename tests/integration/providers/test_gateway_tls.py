"""Gateways over TLS: only the one that the certificate names gets a message."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from providers.custom import CustomConfig, CustomProvider
from providers.exchange import Transport
from tests.factories.certificates import loopback_certificate
from tests.factories.gateways import Gateway, Reply
from tests.factories.messages import message
from tests.factories.verification import FrozenClock
from verification.errors import TemporaryDeliveryError


def provider_for(url, ca_bundle=None):
    transport = Transport(ca_bundle=None if ca_bundle is None else str(ca_bundle))
    return CustomProvider(CustomConfig(url=url), FrozenClock(), transport)


def test_a_trusted_certificate_lets_messages_through(tmp_path):
    certificate, context = loopback_certificate(tmp_path)
    with Gateway(tls=context) as gateway:
        provider = provider_for(gateway.url, certificate)

        assert [provider.send(message()), provider.send(message())] == ["gw-1", "gw-1"]
        assert gateway.connections == 1


def test_a_certificate_of_nobody_known_is_refused(tmp_path):
    _, context = loopback_certificate(tmp_path)
    with Gateway(tls=context) as gateway:
        with pytest.raises(TemporaryDeliveryError, match="gateway certificate refused"):
            provider_for(gateway.url).send(message())

        assert gateway.received == []


def test_a_certificate_of_another_host_is_refused(tmp_path):
    certificate, context = loopback_certificate(tmp_path, "127.0.0.9")
    with Gateway(tls=context) as gateway:
        with pytest.raises(TemporaryDeliveryError, match="gateway certificate refused"):
            provider_for(gateway.url, certificate).send(message())

        assert gateway.received == []


def test_an_answer_that_drips_over_tls_is_left(tmp_path):
    certificate, context = loopback_certificate(tmp_path)
    with Gateway(Reply(200, {}, drip=0.1), tls=context) as gateway:
        started = time.monotonic()

        with pytest.raises(TemporaryDeliveryError, match="gateway timed out"):
            provider_for(gateway.url, certificate).send(message(), within=timedelta(seconds=0.5))

        assert time.monotonic() - started < 2


def test_missing_authorities_are_a_temporary_fault(tmp_path):
    _, context = loopback_certificate(tmp_path)
    with Gateway(tls=context) as gateway, pytest.raises(TemporaryDeliveryError, match="gateway unreachable"):
        provider_for(gateway.url, tmp_path / "missing.pem").send(message())
