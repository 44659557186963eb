"""scim-sanity, whole and strict, against the service as a process.

Its probe of groups adds a member `fake-member-id`, which it has not made. A member that does not exist is an error
here, so the probe is run with a user of that id, and once without to see that nothing else depends on it.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from persistence.database import Database
from scim.resource_types import load_registry
from tests.factories.application import START

pytestmark = pytest.mark.conformance

INVENTED = "fake-member-id"


def probe(process, token):
    command = [sys.executable, "-m", "scim_sanity", "probe", f"{process.url}/scim2"]
    options = ["--token", token, "--i-accept-side-effects", "--json-output"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout)


def add_invented_member(process):
    database = Database.open(process.settings["database_url"])
    user_type = load_registry().resource_type("User")
    try:
        database.transact(lambda unit: unit.resources.add(INVENTED, user_type, {"userName": INVENTED}, START))
    finally:
        database.close()


def named(report, status):
    return [result["name"] for result in report["results"] if result["status"] == status]


def test_whole_strict_probe_passes(process, process_token):
    before = probe(process, process_token)[1]
    add_invented_member(process)

    exit_code, report = probe(process, process_token)

    assert [result for result in report["results"] if result["status"] != "pass"] == []
    assert exit_code == 0
    # The one demand that is not met knowingly: a member that does not exist.
    assert named(before, "fail") == ["PATCH /Groups/{id} add member"]
