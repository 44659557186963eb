"""What a running service writes anywhere: no code, no token, and no whole number in its log."""

from __future__ import annotations

import re

import pytest

from tests.factories.gateways import Reply
from tests.factories.servers import mobile_of

pytestmark = pytest.mark.acceptance

NUMBERS = ("0123456789", "0123456780", "0123456781")


def _long_code(message):
    return re.search(r"\b\d{8}\b", message.body["content"]).group()


def test_log_and_files_hold_no_code_and_no_token(begin, gateway, tmp_path):
    """Codes of eight digits, and a gateway that refuses one: eight digits stand nowhere by chance."""
    gateway.then(Reply(503, {}), Reply(200, {}), Reply(400, {"error": "no"}), Reply(200, {}))
    service = begin(
        sms_providers="custom", custom_url=f"{gateway.url}?key=gateway-secret", otp_length="8", otp_resend_cooldown="0"
    )
    admin, bob = service.printed()
    printed = "\n".join(service.process.lines)

    bob.set_mobile("/scim2/Me", NUMBERS[0])
    first = _long_code(gateway.wait_for(2, 30)[1])
    refused = bob.validate("00000000")
    bob.set_mobile("/scim2/Me", NUMBERS[1])
    second = _long_code(gateway.wait_for(3, 30)[2])
    bob.call(
        "POST",
        "/api/identity/user/v1.0/me/resend-code",
        {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_UPDATE"}]},
    )
    third = _long_code(gateway.wait_for(4, 30)[3])
    late = bob.validate(second)
    assert bob.validate(third).status_code == 200
    faulty = admin.call("POST", "/api/identity/user/v1.0/validate-code", {"code": [third]})
    assert mobile_of(bob.me()) == NUMBERS[1]
    assert service.process.stop() == 0

    log = "\n".join(service.process.errors)
    assert "message handed to gateway" in log
    told = log + "".join(answer.text for answer in (refused, late, faulty))
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (first, second, third, bob.token, admin.token):
        assert secret not in told
        assert secret.encode() not in files
    for private in (*NUMBERS, "0111111111", "gateway-secret"):
        assert private not in log
    # Only the console provider writes messages to standard output, and it is not in use here.
    assert "\n".join(service.process.lines) == printed
