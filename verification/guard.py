"""The guard against toll fraud: which targets get no code, whatever the limits say.

Only what can be told is refused. A number without a country code tells neither its country nor its type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from verification.conversion import AreaKind, ConversionRules, areas_of
from verification.number_facts import NumberType, facts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

REST = "*"
UNKNOWN = "unknown"
"""In the rules of countries: all that are not named, and numbers whose country cannot be told."""
REFUSED_TYPES = frozenset(
    {
        NumberType.PREMIUM,
        NumberType.SHARED_COST,
        NumberType.TOLL_FREE,
        NumberType.PAGER,
        NumberType.UAN,
        NumberType.VOICEMAIL,
    }
)
"""Types nobody reads an SMS on, or whose owners are paid by the caller."""


class CountryRule(StrEnum):
    """What becomes of codes to a country."""

    ALLOW = "allow"
    MONITOR = "monitor"  # let pass, and noted
    DENY = "deny"


class Reason(StrEnum):
    """Why a target gets no code."""

    NUMBER_TYPE = "number_type"
    COUNTRY = "country"
    PREFIX_CONVERSION = "prefix_conversion"  # hardly any of the codes sent to its prefix came back
    COUNTRY_CONVERSION = "country_conversion"


_CONVERSION = {AreaKind.PREFIX: Reason.PREFIX_CONVERSION, AreaKind.COUNTRY: Reason.COUNTRY_CONVERSION}


@dataclass(frozen=True, slots=True)
class GuardRules:
    """Which targets are refused.

    Attributes:
        refused_types: Types of numbers that get no code, where the type can be told.
        countries: What becomes of codes by region; `*` and `unknown` are the rest.
        safe: Numbers, or beginnings of them, that the guard lets pass whatever it thinks of them.
    """

    refused_types: frozenset[NumberType] = REFUSED_TYPES
    countries: Mapping[str, CountryRule] = field(default_factory=lambda: {REST: CountryRule.ALLOW})
    safe: tuple[str, ...] = ()
    conversion: ConversionRules = field(default_factory=ConversionRules)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of a target: why it is refused, if it is, and whether it is to be noted all the same."""

    refusal: Reason | None = None
    is_monitored: bool = False


PASS = Verdict()


def is_safe(key: str, rules: GuardRules) -> bool:
    """Tell whether a number is on the safe-list."""
    return key.startswith(rules.safe)


def judge(key: str, rules: GuardRules, blocked: Collection[str]) -> Verdict:
    """Judge a target, given the keys of the areas that are shut just now.

    Where those are not to be had, none is: the guard rather lets a fraud pass than nobody at all.
    """
    if "@" in key or is_safe(key, rules):
        return PASS
    facts = facts_of(key)
    if facts.type in rules.refused_types:
        return Verdict(Reason.NUMBER_TYPE)
    country = _country_rule(facts.country, rules)
    if country is CountryRule.DENY:
        return Verdict(Reason.COUNTRY)
    shut = next((area for area in areas_of(key) if area.key in blocked), None)
    return Verdict(None if shut is None else _CONVERSION[shut.kind], country is CountryRule.MONITOR)


def _country_rule(country: str | None, rules: GuardRules) -> CountryRule:
    if country is None:
        return rules.countries.get(UNKNOWN, CountryRule.ALLOW)
    return rules.countries.get(country, rules.countries.get(REST, CountryRule.ALLOW))
