"""Rules that an administrator sets hold in every process within a second, without a restart."""

from __future__ import annotations

import re
import time

import pytest

from tests.factories.servers import Service

pytestmark = pytest.mark.acceptance

CONNECTOR = "/api/server/v1/identity-governance/T3RoZXIgU2V0dGluZ3M/connectors/dXNlci1jbGFpbS11cGRhdGU"
LENGTH = "UserClaimUpdate.OTP.OTPLength"


def test_every_process_follows_within_a_second(tmp_path):
    service = Service(
        tmp_path,
        settings={"otp_max_sends_per_hour": "0", "otp_max_sends_per_day": "0"},
        arguments=("serve", "--demo", "--workers", "2"),
    ).start()
    try:
        admin, bob = service.admin(), service.user("bob")
        bob.set_mobile("/scim2/Me", "0122222200")
        service.process.wait_for_line(r"0122222200\D.*\b\d{6}\b")

        body = {"operation": "UPDATE", "properties": [{"name": LENGTH, "value": "8"}]}
        assert admin.call("PATCH", CONNECTOR, body).status_code == 200
        time.sleep(1.2)

        # Connections are new ones each, so that both processes have their share.
        numbers = [f"01333333{number:02d}" for number in range(8)]
        for number in numbers:
            bob.set_mobile("/scim2/Me", number)
            line = service.process.wait_for_line(rf"{re.escape(number)}\D")
            assert re.search(r"\b\d{8}\b", line.split(number, 1)[1])
    finally:
        assert service.process.stop() == 0
