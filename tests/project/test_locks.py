"""The lock files pin every distribution by hash and name no index."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.factories.tree import ROOT, project_texts

LOCKS = {
    name: text
    for name, text in project_texts().items()
    if name.endswith((".lock", "lock.json", ".npmrc")) or name.rsplit("/", maxsplit=1)[-1].startswith("requirements")
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

_PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Return the version of each distribution in a lock file."""
    return dict(_PIN.findall(LOCKS[name]))


def required(specifiers: list[str]) -> set[str]:
    """Return the normalised distribution names of requirement specifiers."""
    return {re.split(r"[\[<>=!~; ]", specifier, maxsplit=1)[0].replace("_", "-").lower() for specifier in specifiers}


def test_both_locks_are_there():
    assert {"requirements.lock", "requirements-dev.lock"} <= set(LOCKS)


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_lock_names_no_address(name: str):
    assert "://" not in LOCKS[name]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-msgraph.lock"])
def test_every_pin_has_a_hash(name: str):
    entries = re.split(r"^(?=[a-z0-9])", LOCKS[name], flags=re.MULTILINE)[1:]

    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_runtime_lock_holds_what_the_project_and_its_build_require():
    needed = required(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"])

    assert needed <= set(pins("requirements.lock"))


def test_development_lock_holds_what_the_tests_require():
    assert required(PROJECT["dependency-groups"]["dev"]) <= set(pins("requirements-dev.lock"))


def test_development_lock_pins_what_the_service_runs_with():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_build_backend_is_the_locked_one():
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]
