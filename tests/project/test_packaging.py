"""The image, the compose file and the units run what the project has, with settings that it knows."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.factories.tree import PACKAGES, ROOT, settings_in

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
UNITS = {path.name: path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service")}
COMMAND = Path(sys.executable).with_name("lineproof")


def known_settings() -> set[str]:
    """Return the names of all settings; `make check` holds .env.example against the code."""
    return settings_in((ROOT / ".env.example").read_text())


def unknown(names: set[str]) -> set[str]:
    """Return the names that are neither a setting nor the file of one."""
    return {name for name in names if name.removesuffix("_FILE") not in known_settings()}


def instructions(keyword: str) -> list[str]:
    """Return the arguments of a Dockerfile instruction, in order."""
    return re.findall(rf"^{keyword} (.+)$", DOCKERFILE, re.MULTILINE)


def pip_steps(text: str) -> list[str]:
    """Return what pip is told to install, without what only concerns its output and its cache."""
    return [
        re.sub(r"--editable\s+", "", step.strip())
        for step in re.findall(r"(?:pip|\$\(PIP\))[^\n]*? install (.+)$", text, re.MULTILINE)
        if "requirements-dev" not in step
    ]


def own_services() -> dict[str, dict]:
    """Return the compose services that run the project's image."""
    return {name: service for name, service in SERVICES.items() if "build" in service}


def command_lines() -> list[list[str]]:
    """Return each command line of `lineproof` that a container or a unit runs."""
    units = (re.search(r"^ExecStart=\S+/lineproof (.+)$", unit, re.MULTILINE) for unit in UNITS.values())
    return [
        json.loads(instructions("CMD")[-1]),
        *(service["command"] for service in own_services().values() if "entrypoint" not in service),
        *(shlex.split(found.group(1)) for found in units if found),
    ]


def test_compose_file_obeys_the_compose_specification():
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text())

    jsonschema.validate(COMPOSE, schema)

    assert set(SERVICES) == {"postgres", "keys", "migrate", "api", "worker", "gateway"}


def test_compose_file_sets_known_settings_only():
    names = {name for service in own_services().values() for name in service["environment"]}

    assert {name for name in names if not name.startswith("LINEPROOF_")} == set()
    assert unknown(names) == set()


def test_compose_services_wait_for_services_that_are_there():
    waited = {name for service in SERVICES.values() for name in service.get("depends_on", {})}

    assert waited <= set(SERVICES)


def test_service_is_awaited_healthy_only_where_its_health_is_checked():
    healthy = {
        name
        for service in SERVICES.values()
        for name, wanted in service.get("depends_on", {}).items()
        if wanted["condition"] == "service_healthy"
    }

    assert [name for name in healthy if "test" not in SERVICES[name].get("healthcheck", {})] == []


def test_compose_volumes_are_declared_or_in_the_tree():
    sources = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    missing = {
        source
        for source in sources
        if not ((ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"])
    }

    assert missing == set()


def test_compose_publishes_on_loopback_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_containers_of_the_service_have_no_privileges():
    for service in own_services().values():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_gateway_of_the_compose_file_is_the_one_in_the_tree():
    gateway = SERVICES["gateway"]

    assert gateway["command"][:2] == ["python", "/gateway/gateway.py"]
    assert (ROOT / "deploy" / "gateway" / "gateway.py").is_file()
    assert own_services()["worker"]["environment"]["LINEPROOF_CUSTOM_URL"] == "http://gateway:9000/messages"


def test_entry_point_of_the_key_maker_is_in_the_image():
    copied = {argument.split()[-1] for argument in instructions("COPY")}

    assert SERVICES["keys"]["entrypoint"][1] in copied


@pytest.mark.parametrize("line", command_lines(), ids=" ".join)
def test_command_line_is_a_real_one(line: list[str]):
    answer = subprocess.run([COMMAND, line[0], "--help"], capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stderr
    assert [option for option in line[1:] if option.startswith("--") and option not in answer.stdout] == []


def test_image_is_installed_like_the_virtual_environment():
    assert pip_steps(DOCKERFILE) == pip_steps((ROOT / "Makefile").read_text())


def test_image_holds_every_package():
    copied = {argument.split()[0] for argument in instructions("COPY")}

    assert set(PACKAGES) <= copied


def test_what_the_image_copies_reaches_the_engine():
    """The build context holds nothing but what .dockerignore lets through."""
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source for argument in instructions("COPY") if "--from" not in argument for source in argument.split()[:-1]
    }

    assert copied == kept
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_image_runs_as_nobody_in_particular():
    assert instructions("USER") == ["10001:10001"]


def test_image_has_two_stages_of_one_python():
    stages = instructions("FROM")

    assert stages == ["python:3.11-slim AS build", "python:3.11-slim"]


def test_image_sets_known_settings_only():
    assert unknown(settings_in(DOCKERFILE)) == set()


@pytest.mark.parametrize(("status", "expected"), [(200, 0), (503, 1)])
def test_health_check_of_the_image_tells_ready_from_not_ready(status: int, expected: int, answering):
    check = json.loads(re.search(r"HEALTHCHECK .*? CMD (\[.+\])$", DOCKERFILE, re.MULTILINE).group(1))
    port = answering(status)

    done = subprocess.run([sys.executable, *check[1:]], env={"LINEPROOF_PORT": str(port)}, check=False)

    assert done.returncode == expected


@pytest.mark.parametrize("name", sorted(UNITS))
def test_unit_sets_known_settings_only(name: str):
    environment = (ROOT / "deploy" / "systemd" / "environment").read_text()

    assert unknown(settings_in(UNITS[name]) | settings_in(environment)) == set()


@pytest.mark.parametrize("name", sorted(UNITS))
def test_unit_reads_the_environment_that_the_others_read(name: str):
    unit = configparser.RawConfigParser(strict=False)
    unit.read_string(UNITS[name])

    assert unit["Service"]["EnvironmentFile"] == "/etc/lineproof/environment"
    assert unit["Service"]["User"] == "lineproof"
