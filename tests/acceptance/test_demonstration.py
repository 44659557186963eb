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
    assert service.process.errors == []


def test_the_first_line_says_where_it_is_and_what_else_stands_there_is_bobs(service):
    first, *rest = service.process.lines

    assert first == f"lineproof ready on {service.url}"
    tokens = set(re.findall(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "\n".join(rest)))
    assert len(tokens) == 2
    assert service.user("bob").me()["roles"] == [{"type": "default", "value": "Internal/everyone"}]


def test_a_second_start_adds_nobody_and_prints_the_commands_again(begin):
    service = begin()
    bob = service.user("bob").me()
    assert service.process.stop() == 0

    again = begin(port=service.port)

    again.process.wait_for_line(rf"curl .*/scim2/Users/{bob['id']}")
    assert again.user("bob").me() == bob


def test_on_a_database_with_other_users_nobody_is_added(begin, tmp_path):
    service = begin("--no-delivery")
    bob = service.user("bob").me()
    admin = service.admin()
    admin.call("POST", "/scim2/Users", {"userName": "eve"})
    admin.call("DELETE", f"/scim2/Users/{bob['id']}")
    assert service.process.stop() == 0

    again = begin("--no-delivery", port=service.port)

    users = again.admin().call("GET", "/scim2/Users").json()["Resources"]
    assert [user["userName"] for user in users] == ["eve"]
    assert again.process.stop() == 0
    assert again.process.lines[0] == f"lineproof ready on {again.url}"
    assert not any("curl" in line for line in again.process.lines)
