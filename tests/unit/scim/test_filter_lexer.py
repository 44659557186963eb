"""The words of a filter."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scim.errors import InvalidFilter
from scim.filter_lexer import TokenKind, tokenize


def test_tokens_know_their_kind_text_and_place():
    tokens = tokenize(r'a[b Eq "x\ty"]', start=1)

    assert [(token.kind, token.text, token.start, token.end) for token in tokens] == [
        (TokenKind.OPEN_BRACKET, "", 1, 2),
        (TokenKind.WORD, "b", 2, 3),
        (TokenKind.WORD, "Eq", 4, 6),
        (TokenKind.STRING, "x\ty", 7, 13),
        (TokenKind.CLOSE_BRACKET, "", 13, 14),
        (TokenKind.END, "", 14, 14),
    ]


def test_words_are_compared_without_case():
    token = tokenize("AND")[0]

    assert token.is_word("and")
    assert not token.is_word("or")
    assert not tokenize('"and"')[0].is_word("and")


def test_text_is_kept_out_of_the_repr():
    assert "0771234567" not in repr(tokenize('"0771234567"')[0])


@given(st.text(max_size=80))
def test_tokens_cover_the_text(text: str):
    try:
        tokens = tokenize(text)
    except InvalidFilter:
        return

    assert tokens[-1].kind is TokenKind.END
    assert all(before.end <= after.start for before, after in pairwise(tokens))
