"""Folding text for comparison without case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.folding import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [("BJensen", "bjensen"), ("ÉLAN", "élan"), ("ÀΣ", "à\u03c3"), ("İ", "İ"), ("Straße", "straße"), ("", "")],
)
def test_each_character_becomes_its_simple_lower_case(text: str, expected: str):
    assert fold(text) == expected


@given(st.text(), st.text())
def test_parts_fold_like_the_whole(first: str, second: str):
    """So that co, sw and ew find in a folded text what they find in the text."""
    assert fold(first + second) == fold(first) + fold(second)
    assert len(fold(first)) == len(first)


@given(st.text())
def test_folding_again_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)
