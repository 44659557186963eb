"""`lineproof prune`, beside a service that is at work."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.factories.servers import COMMAND, Service

pytestmark = pytest.mark.acceptance


def test_it_prints_what_it_removes_while_the_service_runs(tmp_path):
    service = Service(tmp_path).start()
    bob = service.user("bob")
    bob.set_mobile("/scim2/Me", "0123456789")
    bob.validate(service.code_for("0123456789"))

    def prune(*arguments):
        return subprocess.run(
            [str(COMMAND), "prune", *arguments], env=service.environ, capture_output=True, text=True, check=False
        )

    looked, kept = prune("--dry-run"), prune("--audit-days", "1", "--verification-days", "1")

    heaps = ["audit events", "ended verifications", "limit entries", "expired sessions", "places of sign-ins"]
    heaps += ["expired grants", "notices", "changes of contacts", "resets", "ended blocks"]
    assert [(done.returncode, done.stderr) for done in (looked, kept)] == [(0, ""), (0, "")]
    assert re.findall(r"(.+): 0 to remove", looked.stdout) == heaps
    assert re.findall(r"(.+): 0 removed", kept.stdout) == heaps
    assert prune("--audit-days", "x").returncode == 2
    assert bob.me()["userName"] == "bob"
    assert service.process.stop() == 0
