"""Every module says what it is for, and stays small enough to be read at once."""

from __future__ import annotations

import ast

from tests.factories.tree import PACKAGES, modules

MOST_LINES = 400


def test_every_module_begins_with_a_docstring():
    silent = [name for name, source in modules().items() if not ast.get_docstring(ast.parse(source))]

    assert silent == []


def test_every_module_with_code_postpones_annotations():
    late = [
        name
        for name, source in modules().items()
        if len(ast.parse(source).body) > 1 and "\nfrom __future__ import annotations\n" not in source
    ]

    assert late == []


def test_no_module_is_long():
    """What is longer holds two ideas, or a table that is data. A test may be a long table."""
    lengths = {name: source.count("\n") for name, source in modules(*PACKAGES, "deploy").items()}

    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_package_files_hold_no_code():
    """A folder's front door re-exports at most; nothing happens when it is imported."""
    statements = {
        name: {type(node) for node in ast.parse(source).body}
        for name, source in modules().items()
        if name.endswith("__init__.py")
    }

    assert [name for name, found in statements.items() if not found <= {ast.Expr, ast.ImportFrom, ast.Assign}] == []
