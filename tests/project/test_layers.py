"""The packages know only what the architecture lets them know."""

from __future__ import annotations

import sys
import tomllib

import pytest

from tests.factories.tree import PACKAGES, ROOT, imported_names, modules

CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# What the two pure packages may import beside the standard library and themselves.
ALLOWED = {"scim": {"scim"}, "verification": {"verification", "pyotp", "phonenumbers"}}


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


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_pure_package_imports_the_standard_library_and_itself(package: str):
    """The import contract forbids the frameworks by name; here everything is forbidden that is not allowed."""
    roots = {
        imported.split(".", maxsplit=1)[0]
        for source in modules(package).values()
        for imported in imported_names(source)
    }

    assert roots - sys.stdlib_module_names <= ALLOWED[package]
