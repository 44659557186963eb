"""Templates are well-formed; what they call is there, and what is there is called."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment

from tests.factories.tree import ROOT

FOLDER = ROOT / "api" / "pages" / "templates"
TEMPLATES = {path.relative_to(FOLDER).as_posix(): path.read_text() for path in FOLDER.glob("**/*.html")}
IMPORT = re.compile(r'\{% import "([^"]+)" as (\w+) with context %\}')
MACRO = re.compile(r"\{% macro (\w+)\(")
EXPRESSION = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
MACROS = {(name, macro) for name, text in TEMPLATES.items() for macro in MACRO.findall(text)}


def aliases():
    """Return the file of each name that macros are imported by; a name is of one file in all templates."""
    pairs = {pair for text in TEMPLATES.values() for pair in IMPORT.findall(text)}
    assert len(pairs) == len({alias for _, alias in pairs})
    return {alias: name for name, alias in pairs}


def called():
    """Return the file and the name of each macro that is called."""
    files, found = aliases(), set()
    imported = re.compile(rf"\b({'|'.join(files)})\.(\w+)\(")
    for name, text in TEMPLATES.items():
        for expression in EXPRESSION.findall(text):
            if not MACRO.match(expression):
                found |= {(name, macro) for macro in re.findall(r"(?<![\w.])(\w+)\(", expression)} & MACROS
                found |= {(files[alias], macro) for alias, macro in imported.findall(expression)}
    return found


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_template_is_well_formed(name):
    assert Environment(autoescape=True).parse(TEMPLATES[name], name).body


def test_every_macro_that_is_called_is_there_and_every_other_one_is_called():
    assert called() == MACROS
