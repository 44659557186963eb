"""Style sheets and templates speak of the same classes."""

from __future__ import annotations

import re

from tests.factories.tree import ROOT

PAGES = ROOT / "api" / "pages"
STYLES = "".join(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL) for path in PAGES.glob("static/*.css"))
TEMPLATES = "".join(path.read_text() for path in PAGES.glob("templates/**/*.html"))
SCRIPTS = "".join(path.read_text() for path in PAGES.glob("static/*.js"))
VIEWS = "".join(path.read_text() for path in PAGES.rglob("*.py"))
CLASS = re.compile(r"\.([a-z][\w-]*)")
SELECTORS = re.compile(r"[^{};]+(?=\{)")
ATTRIBUTE = re.compile(r'\bclass="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"')
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def styled():
    return {name for selector in SELECTORS.findall(STYLES) for name in CLASS.findall(selector)}


def test_every_class_that_has_a_style_is_given_to_something():
    quoted = re.findall(r'"([\w -]+)', TEMPLATES + SCRIPTS + VIEWS)

    assert styled() - {word for text in quoted for word in text.split()} == set()


def test_every_class_that_is_given_has_a_style_or_a_script():
    given = {name for value in ATTRIBUTE.findall(TEMPLATES) for name in EXPRESSION.sub(" ", value).split()}

    assert {name for name in given - styled() if f".{name}" not in SCRIPTS} == set()
