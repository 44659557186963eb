"""A sender that an administrator sets up carries the next code, without a restart; and the environment's again."""

from __future__ import annotations

import time

import pytest

from tests.factories.gateways import Gateway
from tests.factories.servers import Service, code_in

pytestmark = pytest.mark.acceptance

SENDERS = "/api/server/v1/notification-senders/sms"


def custom(url):
    return {
        "provider": "Custom",
        "providerURL": url,
        "contentType": "JSON",
        "properties": [
            {"key": "body", "value": '{"text": {{body}}, "nr": {{mobile}}}'},
            {"key": "http.headers", "value": "x-key: geheim"},
        ],
    }


def arrived(gateway, number):
    """Wait for the message to a number; notices of changes go to others."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for message in gateway.received:
            if message.body["nr"] == number:
                return message
        time.sleep(0.02)
    raise TimeoutError(f"no message to {number} arrived")


def follow():
    """Leave the worker the time in which it hears of a change."""
    time.sleep(1.2)


def test_codes_go_by_the_sender_that_is_set_up(tmp_path):
    settings = {"allow_private_urls": "true", "otp_max_sends_per_hour": "0", "otp_max_sends_per_day": "0"}
    service = Service(tmp_path, settings=settings).start()
    with Gateway() as first, Gateway() as second:
        admin, bob = service.admin(), service.user("bob")
        try:
            assert admin.call("POST", SENDERS, custom(first.url)).status_code == 201
            follow()
            bob.set_mobile("/scim2/Me", "0122222201")
            message = arrived(first, "0122222201")
            assert message.headers["x-key"] == "geheim"
            assert bob.validate(code_in(message.body["text"])).status_code == 200

            # The secret is told again, as it goes elsewhere.
            assert admin.call("PUT", f"{SENDERS}/SMSPublisher", custom(second.url)).status_code == 200
            follow()
            bob.set_mobile("/scim2/Me", "0122222202")
            arrived(second, "0122222202")
            assert "0122222202" not in {message.body["nr"] for message in first.received}
            tried = admin.call("POST", f"{SENDERS}/try", {"to": "0122222204"}).json()
            assert (tried["outcome"], tried["provider"]) == ("accepted", "SMSPublisher")

            assert admin.call("DELETE", f"{SENDERS}/SMSPublisher").status_code == 204
            follow()
            bob.set_mobile("/scim2/Me", "0122222203")
            assert len(service.code_for("0122222203")) == 6
            assert not any("0122222203" in str(received.body) for received in second.received)
            assert not any("geheim" in line for line in service.process.errors + service.process.lines)
        finally:
            assert service.process.stop() == 0
