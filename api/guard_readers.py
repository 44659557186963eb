"""Readers of the settings of the guard; as in `api.setting_readers`, none repeats the text it refuses."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from verification.fixed_codes import FixedCode
from verification.guard import REST, UNKNOWN, CountryRule
from verification.number_facts import NumberType
from verification.numbers import is_known_region, stored_number

_SAFE = re.compile(r"\+[0-9]{1,15}")
_TEST_NUMBER = re.compile(r"(\+?[0-9]{1,15})=([0-9A-Z]{6,8})@([0-9]{4}-[0-9]{2}-[0-9]{2})")
_NO_TYPE = "none"


def number_types(value: str) -> frozenset[NumberType]:
    """Read some types of numbers, or `none`."""
    names = {part.strip().lower() for part in value.split(",")}
    if names == {_NO_TYPE}:
        return frozenset()
    try:
        return frozenset(NumberType(name) for name in names)
    except ValueError:
        raise ValueError(f"must be {_NO_TYPE} or some of {', '.join(NumberType)}") from None


def countries(value: str) -> tuple[tuple[str, CountryRule], ...]:
    """Read the rules of countries."""
    rules: dict[str, CountryRule] = {}
    for part in value.split(","):
        name, _, rule = part.strip().partition("=")
        country = name.strip() if name.strip() in {REST, UNKNOWN} else name.strip().upper()
        if country in rules:
            raise ValueError("must not name the same country twice")
        if country not in {REST, UNKNOWN} and not is_known_region(country):
            raise ValueError(f"must name countries like US, {UNKNOWN} or {REST}")
        try:
            rules[country] = CountryRule(rule.strip().lower())
        except ValueError:
            raise ValueError(f"must give each country one of {', '.join(CountryRule)}") from None
    return tuple(rules.items())


def safe_numbers(value: str) -> tuple[str, ...]:
    """Read numbers, or beginnings of numbers, with their country codes."""
    items = tuple(part.strip() for part in value.split(","))
    if not all(_SAFE.fullmatch(item) for item in items):
        raise ValueError("must be numbers or beginnings of numbers, each with its country code, like +9471234")
    return items


def test_numbers(value: str) -> tuple[FixedCode, ...]:
    """Read numbers with their codes and last days."""
    return tuple(_test_number(part.strip()) for part in value.split(","))


def _test_number(text: str) -> FixedCode:
    match = _TEST_NUMBER.fullmatch(text.upper())
    try:
        number, code, day = match.groups() if match else ("", "", "")
        after = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be number=code@day, like +15005550006=123456@2027-01-31") from None
    return FixedCode(stored_number(number, None).key, code, after)
