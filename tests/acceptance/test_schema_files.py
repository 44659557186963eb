"""Schemas of a deployer, as the command meets them: good ones are served, faulty ones stop the start."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.factories.custom_schemas import EXAMPLES, device, write_schemas
from tests.factories.servers import COMMAND, Service, environment, free_port

pytestmark = pytest.mark.acceptance

UNKNOWN_TYPE = {"id": "urn:example:badges", "attributes": [{"name": "badge", "type": "text"}]}
UNKNOWN_SCHEMA = {"name": "Badge", "endpoint": "/Badges", "schema": "urn:example:none"}


def run(tmp_path, *arguments, schemas):
    """Run a command that is to end by itself; return its exit code and the lines of its errors."""
    environ = environment(tmp_path / "data", free_port(), schema_dir=str(schemas))
    done = subprocess.run(
        [str(COMMAND), *arguments], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert "ready" not in done.stdout
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [("serve", "--workers", "1"), ("serve", "--demo"), ("worker",)],
    ids=["serve", "serve --demo", "worker"],
)
def test_a_faulty_file_stops_the_start_in_one_line(tmp_path, arguments):
    schemas = write_schemas(tmp_path / "schemas", UNKNOWN_SCHEMA)

    code, errors = run(tmp_path, *arguments, schemas=schemas)

    fault = "the resource type Badge names the schema urn:example:none, which is not defined"
    assert (code, errors) == (1, [f"lineproof: {schemas}/0.json: {fault}"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "not JSON"),
        ("[7]", "a document must be an object"),
        (json.dumps(UNKNOWN_TYPE), "urn:example:badges:badge needs one of string"),
    ],
    ids=["no JSON", "no document", "no type"],
)
def test_the_line_names_the_file_and_the_fault(tmp_path, text, fault):
    schemas = write_schemas(tmp_path / "schemas")
    (schemas / "badges.json").write_text(text, encoding="utf-8")

    code, errors = run(tmp_path, "serve", schemas=schemas)

    assert (code, len(errors)) == (1, 1)
    assert errors[0].startswith(f"lineproof: {schemas}/badges.json: {fault}")


def test_a_directory_that_is_not_there_is_a_fault_of_the_setting(tmp_path):
    code, errors = run(tmp_path, "serve", schemas=tmp_path / "none")

    assert (code, errors) == (1, ["lineproof: LINEPROOF_SCHEMA_DIR: must be a directory that exists"])


def test_the_examples_are_served_by_the_command(tmp_path):
    service = Service(tmp_path / "data", settings={"schema_dir": str(EXAMPLES)}).start()
    admin = service.admin()

    made = admin.call("POST", "/scim2/Devices", device()).json()
    types = admin.call("GET", "/scim2/ResourceTypes").json()["Resources"]

    assert made["meta"]["location"] == f"{service.url}/scim2/Devices/{made['id']}"
    assert {item["name"] for item in types} == {"User", "Group", "Device"}
    assert admin.call("GET", f"/scim2/Devices/{made['id']}").json() == made
    assert service.process.stop() == 0
