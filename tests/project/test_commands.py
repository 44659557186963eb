"""The commands that documents and CI name are there."""

from __future__ import annotations

import re

import pytest

from tests.factories.tree import ROOT, documents

MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = documents()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))

# `make` and a word, at the start of a code span or of a line in a code block.
_MADE = re.compile(r"(?:`|^\s*(?:\$ )?|&& )make ([a-z]+)", re.MULTILINE)


def test_make_targets_of_documents_exist():
    code = "\n".join(
        span for text in DOCUMENTS.values() for span in re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    )

    assert set(_MADE.findall(code)) <= TARGETS


@pytest.mark.parametrize("target", ["setup", "run", "test", "check"])
def test_main_targets_explain_themselves(target: str):
    assert re.search(rf"^{target}:.*## \S", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_names_the_two_commands(command: str):
    assert f"`{command}`" in DOCUMENTS["README.md"]


def test_ci_script_runs_the_tests_and_the_checks():
    script = ROOT / ".ci" / "run"
    lines = script.read_text().splitlines()

    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in lines
    assert lines.index("make test") < lines.index("make check")
