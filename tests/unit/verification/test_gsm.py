"""The size of a text on the air."""

from __future__ import annotations

import pytest

from verification.gsm import BASIC, EXTENSION, Encoding, Segments, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments(Encoding.GSM_7, 0, 1)),
        ("a" * 160, Segments(Encoding.GSM_7, 160, 1)),
        ("a" * 161, Segments(Encoding.GSM_7, 161, 2)),
        ("a" * 306, Segments(Encoding.GSM_7, 306, 2)),
        ("a" * 307, Segments(Encoding.GSM_7, 307, 3)),
        ("€", Segments(Encoding.GSM_7, 2, 1)),
        ("[" * 80, Segments(Encoding.GSM_7, 160, 1)),
        ("é", Segments(Encoding.GSM_7, 1, 1)),
        ("ç", Segments(Encoding.UCS_2, 1, 1)),
        ("\u2019" * 70, Segments(Encoding.UCS_2, 70, 1)),
        ("\u2019" * 71, Segments(Encoding.UCS_2, 71, 2)),
        ("🙂" * 35, Segments(Encoding.UCS_2, 70, 1)),
    ],
)
def test_a_text_is_measured_as_it_travels(text, expected):
    assert segments(text) == expected


def test_an_escaped_letter_is_not_split_over_two_parts():
    """A part of 153 septets holds 76 pairs: 320 septets of pairs take a third part, though 306 would be enough room."""
    assert segments("[]" * 76).parts == 2
    assert segments("[]" * 76 + "[").parts == 3


def test_a_surrogate_pair_is_not_split_over_two_parts():
    assert segments("🙂" * 67).parts == 3


def test_the_alphabet_has_as_many_letters_as_the_standard():
    """128 less the escape itself, and the ten letters of the extension table."""
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
