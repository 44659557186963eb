"""The commands that `lineproof serve --demo` prints, pasted into a shell as they stand."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.factories.servers import ENTERPRISE, WSO2, mobile_of, pending_of

pytestmark = pytest.mark.acceptance


@pytest.fixture
def service(begin):
    """Start the service as `make run` does, but for the half minute that a second code has to wait."""
    running = begin(otp_resend_cooldown="0")
    running.process.wait_for_line(r"^curl .*/scim2/Me --header")
    return running


def printed_commands(service):
    """Return the commands on the terminal, each with all its lines."""
    text = "\n".join(service.process.lines)
    return [block for block in re.split(r"\n\s*\n", text) if block.startswith("curl ")]


@pytest.fixture
def paste(tmp_path):
    """Run a command in a shell, and return status and body; the shell's own settings make curl tell the status."""
    (tmp_path / ".curlrc").write_text('silent\nshow-error\nmax-time = 20\nwrite-out = "\\n%{http_code}"\n')

    def run(command):
        done = subprocess.run(
            ["bash", "-c", command],
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "CURL_HOME": str(tmp_path), "no_proxy": "*"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body) if body else None

    return run


def test_every_printed_command_does_what_is_said_of_it(service, paste):
    commands = printed_commands(service)
    assert len(commands) == 9
    update, validate, own_update, resend, list_update, privileged_validate, again, privileged_resend, show = commands

    status, user = paste(update)
    assert (status, mobile_of(user), pending_of(user)) == (200, "0111111111", "0123456789")
    assert paste(validate.replace("<code>", service.code_for("0123456789"))) == (200, None)

    status, user = paste(own_update)
    assert (status, mobile_of(user), pending_of(user)) == (200, "0123456789", "0123456780")
    service.code_for("0123456780")
    after = len(service.process.lines)
    assert paste(resend) == (201, None)
    assert paste(validate.replace("<code>", service.code_for("0123456780", after=after))) == (200, None)

    status, user = paste(list_update)
    assert (status, pending_of(user)) == (200, "0123456781")
    status, proved = paste(privileged_validate.replace("<code>", service.code_for("0123456781")))
    assert (status, proved["username"], proved["realm"]) == (200, "bob", "PRIMARY")

    status, user = paste(again)
    assert (status, pending_of(user)) == (200, "0123456782")
    service.code_for("0123456782")
    after = len(service.process.lines)
    assert paste(privileged_resend) == (201, None)
    assert paste(privileged_validate.replace("<code>", service.code_for("0123456782", after=after)))[0] == 200

    status, user = paste(show)
    assert (status, mobile_of(user)) == (200, "0123456782")
    assert user[ENTERPRISE] == {"phoneVerified": True}
    assert "0123456781" in user[WSO2]["verifiedMobileNumbers"].split(",")
    assert service.process.complaints == []


def test_a_second_start_adds_nobody_and_prints_the_commands_again(begin):
    service = begin()
    first = service.process.lines[0]
    admin, bob = service.printed()
    before = bob.me()
    assert first == f"lineproof ready on {service.url}"
    assert before["roles"] == [{"type": "default", "value": "Internal/everyone"}]
    assert service.process.stop() == 0

    again = begin(port=service.port)

    again.process.wait_for_line(rf"curl .*/scim2/Users/{before['id']}")
    assert again.printed()[1].me() == before
    # On a database where bob is gone and others are, nobody is added.
    admin.call("POST", "/scim2/Users", {"userName": "eve"})
    admin.call("DELETE", f"/scim2/Users/{before['id']}")
    assert again.process.stop() == 0
    third = begin(port=service.port)
    users = admin.call("GET", "/scim2/Users").json()["Resources"]
    assert [user["userName"] for user in users] == ["admin", "eve"]
    assert third.process.stop() == 0
    assert third.process.lines == [first]
