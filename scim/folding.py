"""The one way of comparing text without case, in memory and in every index."""

from __future__ import annotations


def fold(text: str) -> str:
    """Make two texts equal that differ in case only.

    Each character becomes its simple lower case: a folded text is as long as the text, and a part of it is
    the fold of that part. (`str.lower` on a whole text looks at neighbours, as with a final sigma, and
    `str.casefold` makes some characters two.) A key stored once stays right, so this never changes.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_lowered, text))


def _lowered(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character
