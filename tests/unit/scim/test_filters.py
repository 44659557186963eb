"""Filters as text: the grammar of RFC 7644 §3.4.2.2 and what stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.attributes import AttributePath
from scim.errors import InvalidFilter
from scim.filter_nodes import And, Comparison, Not, Operator, Or, Present, ValueFilter
from scim.filters import FilterLimits, parse_filter
from tests.factories.filters import nodes, render

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def path(name: str, sub: str | None = None, urn: str | None = None) -> AttributePath:
    return AttributePath(urn, name, sub)


def equal(name: str, value) -> Comparison:
    return Comparison(path(name), Operator.EQ, value)


@pytest.mark.parametrize("operator", list(Operator))
def test_every_operator_compares(operator: Operator):
    node = parse_filter(f'userName {operator} "bjensen"')

    assert node == Comparison(path("userName"), operator, "bjensen")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title pr", Present(path("title"))),
        ("TITLE PR", Present(path("TITLE"))),
        ('userName EQ "x"', equal("userName", "x")),
        ('name.familyName co "O\'Malley"', Comparison(path("name", "familyName"), Operator.CO, "O'Malley")),
        (f'{ENTERPRISE}:manager.value eq "1"', Comparison(path("manager", "value", ENTERPRISE), Operator.EQ, "1")),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', None),
        ("not (title pr)", Not(Present(path("title")))),
        ("NOT(title pr)", Not(Present(path("title")))),
        ('not eq "x"', equal("not", "x")),
        ('  a\teq\r\n"x"  ', equal("a", "x")),
    ],
)
def test_names_and_operators_are_read(text: str, expected):
    node = parse_filter(text)

    assert expected is None or node == expected


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('""', ""),
        (r'"a\"b\\c\/d"', 'a"b\\c/d'),
        (r'"\u00e9\n\ud83d\ude00"', "é\n😀"),
        ('"ümlaut ] ) ("', "ümlaut ] ) ("),
        ("true", True),
        ("False", False),
        ("null", None),
        ("0", 0),
        ("-12", -12),
        ("1.5", 1.5),
        ("-2E+3", -2000.0),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_literals_are_those_of_json(literal: str, expected):
    node = parse_filter(f"a eq {literal}")

    assert isinstance(node, Comparison)
    assert (type(node.value), node.value) == (type(expected), expected)


def test_and_binds_closer_than_or():
    node = parse_filter("a pr or b pr and c pr or d pr")

    a, b, c, d = (Present(path(name)) for name in "abcd")
    assert node == Or((a, And((b, c)), d))


def test_parentheses_group():
    node = parse_filter("(a pr or b pr) and ((c pr))")

    a, b, c = (Present(path(name)) for name in "abc")
    assert node == And((Or((a, b)), c))


def test_value_filter_selects_elements():
    node = parse_filter('emails[type eq "work" and not (value co "@x")] and active eq true')

    inside = And((equal("type", "work"), Not(Comparison(path("value"), Operator.CO, "@x"))))
    assert node == And((ValueFilter(path("emails"), inside), equal("active", True)))


@pytest.mark.parametrize(
    ("tail", "expected"),
    [('value eq "x"', equal("value", "x")), ("value pr", Present(path("value")))],
)
def test_value_filter_may_be_followed_by_a_sub_attribute(tail: str, expected):
    """Entra asks like this; the RFC's grammar has it in paths only."""
    node = parse_filter(f'emails[type eq "work"].{tail}')

    assert node == ValueFilter(path("emails"), equal("type", "work"), expected)


def test_nodes_know_their_position():
    node = parse_filter('a pr and  emails[type eq "work"].value pr')

    assert isinstance(node, And)
    selection = node.terms[1]
    assert isinstance(selection, ValueFilter)
    assert isinstance(selection.term, Comparison)
    assert (selection.position, selection.term.position) == (11, 18)


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "the name of an attribute"),
        ("   ", 4, "the name of an attribute"),
        ("userName", 9, "expected one of eq, ne,"),
        ("userName eq", 12, "a string in double quotes"),
        ("userName eq bjensen", 13, "a string in double quotes"),
        ("userName eq 'bjensen'", 13, "a string in double quotes"),
        ("userName eq (", 13, "a string in double quotes"),
        ("userName eq 01", 13, "a string in double quotes"),
        ("userName eq 5and a pr", 13, "a string in double quotes"),
        ("userName is 5", 10, "expected one of eq, ne,"),
        ('userName "x"', 10, "expected one of eq, ne,"),
        ("userName eq 5 foo", 15, "and, or, or the end"),
        ("a pr)", 5, "and, or, or the end"),
        ("(a pr", 6, "and, or, or )"),
        ("(a pr]", 6, "and, or, or )"),
        ("a[b pr", 7, "and, or, or ]"),
        ("a[b pr] .c pr", 9, "and, or, or the end"),
        ("a[b pr]c pr", 8, "a dot and the name"),
        ("a[b pr].c.d pr", 8, "a dot and the name"),
        ("a[b[c pr]]", 4, "cannot hold another"),
        ("a pr and", 9, "the name of an attribute"),
        ('"a" eq 1', 1, "the name of an attribute"),
        ("1a eq 1", 1, "not the name of an attribute"),
        ("a.b.c eq 1", 1, "not the name of an attribute"),
        ("not a pr", 5, "expected one of eq, ne,"),
        ('a eq "x', 6, "does not end"),
        ('a eq "\\x"', 6, "does not end"),
        ('a eq "tab\there"', 6, "does not end"),
        ('a eq "\\ud800"', 6, "not a character"),
        ('a eq "\ud800"', 6, "not a character"),
        ('a eq "\\u0000"', 6, "not a character"),
        ("a\u00a0eq 1", 2, "no place in a filter"),
        ("a eq 1e999", 6, "too large"),
        ("a eq 9223372036854775808", 6, "too large"),
    ],
)
def test_faults_say_where_they_are(text: str, position: int, expected: str):
    with pytest.raises(InvalidFilter) as caught:
        parse_filter(text)

    assert caught.value.detail.startswith(f"Character {position}: ")
    assert expected in caught.value.detail


def test_faults_do_not_repeat_what_was_sent():
    """A filter may hold a phone number, and a detail ends up in logs."""
    with pytest.raises(InvalidFilter) as caught:
        parse_filter('phoneNumbers.value eq "+94771234567" 0771234567')

    assert "077" not in caught.value.detail
    assert "771" not in repr(parse_filter('phoneNumbers.value eq "+94771234567"'))


@pytest.mark.parametrize("text", ["(" * 4000, "not (" * 800, "(" * 17 + "a pr" + ")" * 17, "a[" + "(" * 4000])
def test_depth_is_bounded_before_the_stack_is_used(text: str):
    with pytest.raises(InvalidFilter, match="16 deep at most"):
        parse_filter(text)


def test_deepest_filter_is_read():
    assert parse_filter("(" * 16 + "a pr" + ")" * 16) == Present(path("a"))


def test_length_is_bounded():
    assert parse_filter("a pr" + " " * 4092) == Present(path("a"))
    with pytest.raises(InvalidFilter, match="4096 characters at most"):
        parse_filter("a pr" + " " * 4093)


def test_terms_are_bounded():
    limits = FilterLimits(terms=2)

    assert parse_filter("a pr and b pr", limits=limits)
    with pytest.raises(InvalidFilter, match="Character 19: a filter may have 2 comparisons"):
        parse_filter("a pr and b pr and c pr", limits=limits)


@given(nodes())
def test_what_is_written_is_read_back(node):
    assert parse_filter(render(node), limits=FilterLimits(100_000, 1000, 100)) == node


@given(st.text(max_size=60) | st.text(st.sampled_from('ab.[]()" eqpr:05-\\u'), max_size=60))
def test_any_text_is_a_filter_or_invalid(text: str):
    detail = "Character"
    try:
        parse_filter(text)
    except InvalidFilter as exc:
        detail = exc.detail

    assert detail.startswith("Character")
