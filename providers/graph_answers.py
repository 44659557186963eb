"""Reading what Microsoft Graph answers: nothing in it is trusted to have its form, or to hold no number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from providers.exchange import Answer

_LONG_NUMBER = re.compile(r"\d[\d ().-]{5,}\d")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST_REASON = 200


def reason_of(answer: Answer) -> str:
    """Return what Graph says of a refusal: a sentence for a person, by which nothing is decided (facts C.2)."""
    message = str(error_of(answer).get("message") or "refused")
    shown = "".join(character for character in message if character.isprintable())
    return _LONG_NUMBER.sub("…", shown)[:_LONGEST_REASON]


def error_of(answer: Answer) -> dict[str, Any]:
    """Return the error object of an answer, empty where there is none."""
    error = answer.document().get("error")
    return error if isinstance(error, dict) else {}


def word(value: object) -> str:
    """Return a code where it is one, else nothing."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def whole(value: object) -> int:
    """Return a positive whole number where it is one, else 0."""
    return value if isinstance(value, int) and value > 0 else 0
