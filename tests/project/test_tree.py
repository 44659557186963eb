"""Nothing in the tree belongs to one machine."""

from __future__ import annotations

import pytest

from tests.factories.tree import project_texts

TEXTS = project_texts()

# In pieces, or this file would be the first finding.
FOREIGN = {
    "a work folder": "/" + "work/",
    "a home of root": "/" + "root/",
    "the Python index": "pypi" + ".org",
    "the Python index's files": "pythonhosted" + ".org",
    "the npm registry": "registry.npmjs" + ".org",
}


@pytest.mark.parametrize("what", sorted(FOREIGN))
def test_no_file_names_a_place_of_one_machine_or_a_registry(what: str):
    assert [name for name, text in TEXTS.items() if FOREIGN[what] in text] == []


def test_every_text_ends_with_one_newline():
    wrong = [name for name, text in TEXTS.items() if text and (not text.endswith("\n") or text.endswith("\n\n"))]

    assert wrong == []


def test_no_file_holds_unfinished_work():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
    found = [name for name, text in TEXTS.items() if any(mark in text for mark in marks)]

    assert found == []
