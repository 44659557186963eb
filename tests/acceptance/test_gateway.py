"""Codes that travel through a real HTTP gateway, also when the service is killed on the way."""

from __future__ import annotations

import time

import pytest

from tests.factories.gateways import Gateway, Misbehaviour, Reply
from tests.factories.servers import Service, code_in, mobile_of


@pytest.fixture
def gateway():
    with Gateway() as running:
        yield running


def _service(tmp_path, gateway, *arguments, **settings):
    custom = {"sms_providers": "custom", "custom_url": gateway.url, **settings}
    return Service(tmp_path, settings=custom, arguments=("serve", "--demo", "--workers", "1", *arguments))


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content_type", ["JSON", "FORM"])
def test_a_code_arrives_at_the_gateway_and_promotes_the_number(tmp_path, gateway, method, content_type):
    headers = "authorisation: qwer1234asdfzxcv, x-csrf: true, x-abc: some-value"
    service = _service(
        tmp_path, gateway, custom_method=method, custom_content_type=content_type, custom_headers=headers
    ).start()
    bob = service.user("bob")

    bob.set_mobile("/scim2/Me", "0123456789")
    (message,) = gateway.wait_for(1)

    assert message.method == method
    assert message.headers["authorisation"] == "qwer1234asdfzxcv"
    assert message.headers["x-abc"] == "some-value"
    assert message.body["to"] == "0123456789"
    assert bob.validate(code_in(message.body["content"])).status_code == 200
    assert mobile_of(bob.me()) == "0123456789"
    assert service.process.stop() == 0


def test_a_code_is_sent_again_after_the_gateway_recovers(tmp_path, gateway):
    gateway.then(Reply(503, {}), Reply(200, {}))
    service = _service(tmp_path, gateway).start()
    bob = service.user("bob")

    bob.set_mobile("/scim2/Me", "0123456789")
    messages = gateway.wait_for(2)

    assert messages[0].body == messages[1].body
    assert service.process.stop() == 0


def test_a_gateway_that_hangs_does_not_hold_up_the_patch(tmp_path, gateway):
    gateway.always(Misbehaviour.HANG)
    service = _service(tmp_path, gateway).start()
    bob = service.user("bob")
    began = time.monotonic()

    answer = bob.set_mobile("/scim2/Me", "0123456789")

    assert answer.status_code == 200
    assert time.monotonic() - began < 3
    service.process.kill()


def test_a_code_arrives_after_the_server_was_killed_before_delivery(tmp_path, gateway):
    service = _service(tmp_path, gateway, "--no-delivery").start()
    bob = service.user("bob")
    assert bob.set_mobile("/scim2/Me", "0123456789").status_code == 200
    service.process.kill()
    assert gateway.received == []

    again = _service(tmp_path, gateway)
    again.port = service.port
    again.start()
    (message,) = gateway.wait_for(1, 30)

    assert again.user("bob").validate(code_in(message.body["content"])).status_code == 200
    assert again.process.stop() == 0


def test_a_code_in_a_dead_workers_hands_arrives_within_thirty_seconds_and_is_the_same(tmp_path, gateway):
    gateway.then(Misbehaviour.HANG)
    service = _service(tmp_path, gateway).start()
    bob = service.user("bob")
    bob.set_mobile("/scim2/Me", "0123456789")
    (first,) = gateway.wait_for(1)
    service.process.kill()
    killed_at = time.monotonic()

    again = _service(tmp_path, gateway)
    again.port = service.port
    again.start()
    messages = gateway.wait_for(2, 30)

    assert time.monotonic() - killed_at < 30
    assert messages[1].body == first.body
    assert again.process.stop() == 0
