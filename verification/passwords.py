"""Passwords: which ones are good enough, after NIST SP 800-63B-4 §3.1.1. How they are kept is not said here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from verification.errors import PasswordRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_WITH_SECOND_FACTOR = 8
LEAST_ALONE = 15
"""The shortest passwords that SP 800-63B-4 §3.1.1.2 allows, beside a second factor and without one."""
LONGEST = 256  # at least 64 have to be allowed; beyond this nobody types or remembers, and a hash is not free
SERVICE = "lineproof"

_SHORTEST_CONTEXT = 4  # a user called Al may have a password with those two letters in it
_LEFT_BESIDES = LEAST_WITH_SECOND_FACTOR  # what a password must have besides a name that everybody knows
_LOOKS_LIKE = str.maketrans("013457@$!", "oleastasi")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_FEWEST_LETTERS = 3
_LONGEST_UNIT = 4


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """How short a password may be. There are no rules of composition: they make passwords worse (§3.1.1.2)."""

    min_length: int = LEAST_WITH_SECOND_FACTOR


def normalise(password: str) -> str:
    """Bring a password to the one form it is kept and compared in (NFKC), whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, context: Iterable[str], rules: PasswordRules) -> None:
    """Refuse a normalised password that is too short, too long, or easily guessed.

    `context` are words that a guesser tries first for this user, such as the user name.

    Raises:
        PasswordRefused: It says why, in words that do not repeat it.
    """
    if len(password) < rules.min_length:
        raise PasswordRefused(f"A password has at least {rules.min_length} characters.")
    if len(password) > LONGEST:
        raise PasswordRefused(f"A password has at most {LONGEST} characters.")
    folded = password.casefold()
    if _is_monotonous(folded) or _is_common(folded):
        raise PasswordRefused("This password is among those that are guessed first.")
    for word in {part for text in (*context, SERVICE) for part in _words(text)}:
        if _is_little_more(folded, word):
            raise PasswordRefused("A password is more than one's own name, address, or the name of this service.")


def _is_little_more(folded: str, word: str) -> bool:
    """Tell whether a password is a word that everybody knows, with little besides."""
    if word in {folded, _ENDS.sub("", folded)}:
        return True
    return len(word) >= _SHORTEST_CONTEXT and len(folded.replace(word, "")) < _LEFT_BESIDES


def _words(text: str) -> tuple[str, ...]:
    """Return a name as a guesser would try it: whole, and without the domain of an address."""
    folded = normalise(text).casefold()
    return (folded, folded.partition("@")[0])


def _is_common(folded: str) -> bool:
    """Tell whether it is a common one, or that again and again, with more at its ends or signs for letters or not."""
    forms = (folded, _ENDS.sub("", folded))
    return any(_unit(form) in _common() for plain in forms for form in (plain, plain.translate(_LOOKS_LIKE)))


def _unit(text: str) -> str:
    """Return the shortest text that, repeated, makes up this one."""
    return text[: (text + text).find(text, 1)] if text else text


def _is_monotonous(folded: str) -> bool:
    """Tell whether it repeats a few characters, or runs up or down the alphabet or the digits."""
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    is_run = steps <= {1, -9} or steps <= {-1, 9}  # 9 and 0 are neighbours
    return is_run or len(_unit(folded)) <= _LONGEST_UNIT or len(set(folded)) < _FEWEST_LETTERS


@cache
def _common() -> frozenset[str]:
    """Read the list, once, when the first password is judged."""
    return frozenset((files("verification") / "data" / "common_passwords.txt").read_text("utf-8").split())
