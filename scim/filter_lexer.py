"""The words of a filter: names, operators, literals and brackets, each with its place in the text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum

from scim.errors import InvalidFilter

_SPACE = " \t\r\n"
_WORD = re.compile(r'[^\s()\[\]"]+')
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"')


class TokenKind(StrEnum):
    """What a token is; brackets are named by themselves."""

    WORD = "word"
    STRING = "string"
    OPEN = "("
    CLOSE = ")"
    OPEN_BRACKET = "["
    CLOSE_BRACKET = "]"
    END = "end"


_BRACKETS = {kind.value: kind for kind in TokenKind if len(kind.value) == 1}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: where it starts and ends (counted from 0), and its text, unescaped where it is a string."""

    kind: TokenKind
    start: int
    end: int
    text: str = field(default="", repr=False)

    def is_word(self, word: str) -> bool:
        """Say whether this is that lower-case word, in whatever case (RFC 7644 §3.4.2.2)."""
        return self.kind is TokenKind.WORD and self.text.lower() == word

    def is_any_word(self) -> bool:
        """Say whether this is a word at all."""
        return self.kind is TokenKind.WORD


def fault(start: int, message: str) -> InvalidFilter:
    """Build the error for a place in the filter, counted from 1 as people do.

    It never quotes the filter: what stands there may be a phone number, and details end up in logs.
    """
    return InvalidFilter(f"Character {start + 1}: {message}.")


def tokenize(text: str, start: int = 0) -> tuple[Token, ...]:
    """Split a filter into tokens from *start* on; the last one is always END."""
    tokens: list[Token] = []
    at = _skip_space(text, start)
    while at < len(text):
        token = _token(text, at)
        tokens.append(token)
        at = _skip_space(text, token.end)
    tokens.append(Token(TokenKind.END, at, at))
    return tuple(tokens)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _token(text: str, at: int) -> Token:
    kind = _BRACKETS.get(text[at])
    if kind is not None:
        return Token(kind, at, at + 1)
    if text[at] == '"':
        return _string(text, at)
    match = _WORD.match(text, at)
    if match is None:
        raise fault(at, "this character has no place in a filter")
    return Token(TokenKind.WORD, at, match.end(), match.group())


def _string(text: str, at: int) -> Token:
    match = _STRING.match(text, at)
    if match is None:
        raise fault(at, "this string does not end, or is not a JSON string")
    value = json.loads(match.group())
    # A lone surrogate is no character and a NUL cannot be stored, so neither can match; databases refuse both.
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise fault(at, "this string holds something that is not a character")
    return Token(TokenKind.STRING, at, match.end(), value)
