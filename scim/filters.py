"""Read a filter (RFC 7644 §3.4.2.2) into its tree.

Beyond the grammar of the RFC: Entra's `emails[type eq "work"].value eq "x"`, and white space where it is not
missed. Names and operators are compared without case. Nested value filters are no part of the grammar.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from scim.attributes import AttributePath, is_attribute_name, parse_attribute_path
from scim.errors import InvalidPath
from scim.filter_lexer import Token, TokenKind, fault, tokenize
from scim.filter_nodes import And, Comparison, Literal, Node, Not, Operator, Or, Present, ValueFilter

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_OPERATORS = {operator.value: operator for operator in Operator}
# What the integer column of every database holds.
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """How much filter one request may bring.

    A filter costs a database query as long as itself, and an unbounded depth once exhausted the stack of a
    peer before anybody had signed in. 64 comparisons of some 64 characters are more than any client known
    sends; brackets deeper than 16 are written by nobody.
    """

    characters: int = 4096
    terms: int = 64
    depth: int = 16


DEFAULT_LIMITS = FilterLimits()


def parse_filter(text: str, *, limits: FilterLimits = DEFAULT_LIMITS) -> Node:
    """Read a filter; raise InvalidFilter with the position of what is wrong."""
    parser = FilterParser(text, limits)
    node = parser.expression()
    parser.end()
    return node


class FilterParser:
    """Walk the tokens of a filter, or of a path from its bracket on, by recursive descent.

    The depth is counted before each step down, so the stack never depends on the text.
    """

    def __init__(self, text: str, limits: FilterLimits, start: int = 0) -> None:
        if len(text) > limits.characters:
            raise fault(limits.characters, f"a filter may have {limits.characters} characters at most")
        self._limits = limits
        self._tokens = tokenize(text, start)
        self._at = 0
        self._depth = 0
        self._terms = 0
        self._is_in_brackets = False

    def expression(self) -> Node:
        """Read terms joined by `and` and `or`; `and` binds closer."""
        terms = [self._conjunction()]
        while self._accept_word("or"):
            terms.append(self._conjunction())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def bracketed(self) -> Node:
        """Read `[term]`."""
        if self._is_in_brackets:
            raise fault(self._token.start, "a value filter cannot hold another one")
        self._is_in_brackets = True
        node = self._enclosed(TokenKind.CLOSE_BRACKET)
        self._is_in_brackets = False
        return node

    def dotted(self) -> Token | None:
        """Read the `.sub` that directly follows a bracket, if there is one."""
        token, before = self._token, self._tokens[self._at - 1]
        if not token.is_any_word() or token.start != before.end:
            return None
        if not (token.text.startswith(".") and is_attribute_name(token.text[1:])):
            raise fault(token.start, "expected a dot and the name of a sub-attribute")
        return self._advance()

    def end(self) -> None:
        """Make sure that nothing is left."""
        if self._token.kind is not TokenKind.END:
            raise fault(self._token.start, "expected and, or, or the end")

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _advance(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def _accept_word(self, word: str) -> bool:
        if not self._token.is_word(word):
            return False
        self._at += 1
        return True

    def _conjunction(self) -> Node:
        terms = [self._term()]
        while self._accept_word("and"):
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _term(self) -> Node:
        if self._token.kind is TokenKind.OPEN:
            return self._enclosed(TokenKind.CLOSE)
        # An attribute may be called "not"; only with a parenthesis it is the operator.
        if self._token.is_word("not") and self._tokens[self._at + 1].kind is TokenKind.OPEN:
            self._advance()
            return Not(self._enclosed(TokenKind.CLOSE))
        token = self._advance()
        path = _attribute_path(token)
        if self._token.kind is TokenKind.OPEN_BRACKET:
            return self._value_filter(path, token)
        return self._attribute_expression(path, token)

    def _enclosed(self, closing: TokenKind) -> Node:
        opening = self._advance()
        if self._depth == self._limits.depth:
            raise fault(opening.start, f"brackets may be {self._limits.depth} deep at most")
        self._depth += 1
        node = self.expression()
        self._depth -= 1
        if self._token.kind is not closing:
            raise fault(self._token.start, f"expected and, or, or {closing.value}")
        self._advance()
        return node

    def _value_filter(self, path: AttributePath, first: Token) -> ValueFilter:
        term = self.bracketed()
        token = self.dotted()
        tail = None if token is None else self._attribute_expression(AttributePath(None, token.text[1:]), token)
        return ValueFilter(path, term, tail, first.start + 1)

    def _attribute_expression(self, path: AttributePath, first: Token) -> Comparison | Present:
        self._terms += 1
        if self._terms > self._limits.terms:
            raise fault(first.start, f"a filter may have {self._limits.terms} comparisons at most")
        if self._accept_word("pr"):
            return Present(path, first.start + 1)
        token = self._advance_to_operator()
        literal = _literal(self._token)
        self._advance()
        return Comparison(path, _OPERATORS[token.text.lower()], literal, first.start + 1)

    def _advance_to_operator(self) -> Token:
        token = self._token
        if not token.is_any_word() or token.text.lower() not in _OPERATORS:
            raise fault(token.start, f"expected one of {', '.join(_OPERATORS)}, pr")
        return self._advance()


def _attribute_path(token: Token) -> AttributePath:
    if not token.is_any_word():
        raise fault(token.start, "expected the name of an attribute")
    try:
        return parse_attribute_path(token.text)
    except InvalidPath as exc:
        raise fault(token.start, "this is not the name of an attribute") from exc


def _literal(token: Token) -> Literal:
    if token.kind is TokenKind.STRING:
        return token.text
    word = token.text.lower()
    if token.is_any_word() and word in _WORDS:
        return _WORDS[word]
    match = _NUMBER.fullmatch(word)
    if match is None:
        raise fault(token.start, "expected a string in double quotes, a number, true, false or null")
    number = float(word) if match["fraction"] else int(word)
    if abs(number) > _LARGEST_INTEGER if isinstance(number, int) else not math.isfinite(number):
        raise fault(token.start, "this number is too large")
    return number
