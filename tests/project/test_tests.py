"""Every test can fail."""

from __future__ import annotations

import ast

import pytest

from tests.factories.tree import modules

# Calls that assert: pytest's own, and functions whose name promises it.
ASSERTING = ("assert", "check", "expect", "raises", "verify", "warns")


def asserts(function: ast.AST) -> bool:
    """Tell whether a test holds an assertion or calls something that asserts."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called.lstrip("_").startswith(ASSERTING):
                return True
    return False


def test_every_test_asserts_something():
    idle = [
        f"{name}:{node.lineno} {node.name}"
        for name, source in modules("tests").items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not asserts(node)
    ]

    assert idle == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("def test_x():\n    assert 1", True, id="assert"),
        pytest.param("def test_x():\n    with pytest.raises(E):\n        f()", True, id="raises"),
        pytest.param("def test_x():\n    assert_same(a, b)", True, id="named for it"),
        pytest.param("def test_x():\n    f()", False, id="only a call"),
    ],
)
def test_assertions_are_told_from_calls(source: str, expected: bool):
    assert asserts(ast.parse(source)) is expected
