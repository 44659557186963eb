"""The packages know only what the architecture lets them know."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.factories.tree import PACKAGES, ROOT, imported_names, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACT = PROJECT["tool"]["importlinter"]

# What the two pure packages may import beside the standard library and themselves.
ALLOWED = {"scim": {"scim"}, "verification": {"verification", "cryptography", "phonenumbers", "pyotp"}}


def test_contract_names_every_package():
    layers = CONTRACT["contracts"][0]["layers"]
    named = {package for layer in layers for package in layer.split(" | ")}

    assert named == set(PACKAGES) == set(CONTRACT["root_packages"])


def test_contract_orders_the_layers():
    layers = CONTRACT["contracts"][0]["layers"]

    assert layers == ["api", "persistence | providers", "verification | scim"]


def test_every_layer_is_a_package_of_the_project():
    missing = [package for package in PACKAGES if not (ROOT / package / "__init__.py").is_file()]

    assert missing == []


# Part of a dependency's own interface (requests, flask, flask-smorest), or of the type checker.
COMPANIONS = {"jinja2", "urllib3", "werkzeug", "webargs", "_typeshed"}


def imported_roots(*packages: str) -> set[str]:
    """Return the top-level names that packages import beside the standard library."""
    sources = modules(*packages).values()
    names = {name.split(".", maxsplit=1)[0] for source in sources for name in imported_names(source)}
    return names - sys.stdlib_module_names


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_pure_package_imports_the_standard_library_and_itself(package: str):
    """The import contract forbids the frameworks by name; here everything is forbidden that is not allowed."""
    assert imported_roots(package) <= ALLOWED[package]


def test_what_is_imported_is_a_declared_dependency():
    declared = {re.split(r"[\[<>=]", line, maxsplit=1)[0] for line in PROJECT["project"]["dependencies"]}
    provided = packages_distributions()
    undeclared = {
        root
        for root in imported_roots(*PACKAGES) - set(PACKAGES) - COMPANIONS
        if not declared & {name.lower().replace("_", "-") for name in provided.get(root, [])}
    }

    assert undeclared == set()
