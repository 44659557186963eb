"""Decisions are numbered without gaps, each number once, and all of them are in the list."""

from __future__ import annotations

import re

from tests.factories.tree import ROOT

FOLDER = ROOT / "docs" / "decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


def test_numbers_are_without_gaps():
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]


def test_a_record_begins_with_its_number():
    wrong = [path.name for path in RECORDS if not path.read_text().startswith(f"# {path.name[:4]}: ")]

    assert wrong == []


def test_every_record_is_in_the_list():
    listed = re.findall(r"^\| \[(\d{4})\]\((\d{4}-[\w-]+\.md)\)", (FOLDER / "README.md").read_text(), re.MULTILINE)

    assert listed == [(path.name[:4], path.name) for path in RECORDS]
