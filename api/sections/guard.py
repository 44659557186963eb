"""Which targets get no code, and which get one that nobody sends."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api import guard_readers
from api import setting_readers as read
from api.setting_fields import setting, unset
from verification.conversion import ConversionRules
from verification.guard import GuardRules

if TYPE_CHECKING:
    from datetime import timedelta

    from verification.fixed_codes import FixedCode
    from verification.guard import CountryRule
    from verification.number_facts import NumberType

_MANY = 1_000_000
_YEAR = 366 * 86400


@dataclass(frozen=True, kw_only=True)
class GuardSettings:
    """Which targets get no code, and which get one that nobody sends."""

    guard_refused_types: frozenset[NumberType] = setting(
        guard_readers.number_types,
        "premium,shared_cost,toll_free,pager,uan,voicemail",
        "Types of numbers that get no code, where the type can be told; `none` for none. Others are `fixed_line`, "
        "`mobile`, `fixed_line_or_mobile`, `voip` and `personal`.",
    )
    guard_countries: tuple[tuple[str, CountryRule], ...] = setting(
        guard_readers.countries,
        "*=allow",
        "What becomes of codes to a country: `allow`, `monitor` (let pass and counted) or `deny`, as in "
        "`LK=allow,US=monitor,unknown=deny,*=deny`; `*` are all others, `unknown` are numbers without a country code.",
    )
    guard_safe: tuple[str, ...] = unset(
        guard_readers.safe_numbers,
        (),
        "Numbers, or beginnings of numbers, that the guard lets pass and that no limit of a prefix or a country "
        "counts, as in `+9471234,+15005550006`.",
    )
    guard_min_conversion: int = setting(
        read.integer(0, 100),
        "10",
        "Codes of a hundred that must come back from a prefix or a country; where fewer do, it gets none for a time. "
        "0 switches that off.",
    )
    guard_min_samples: int = setting(
        read.integer(1, _MANY), "50", "Codes sent to a prefix or a country that are needed to judge it."
    )
    guard_window: timedelta = setting(
        read.seconds(3600, _YEAR), "86400", "Seconds that the judgement of prefixes and countries looks back."
    )
    guard_block: timedelta = setting(
        read.seconds(60, _YEAR), "3600", "Seconds of the first block of a prefix or a country; each repeat doubles it."
    )
    guard_longest_block: timedelta = setting(read.seconds(60, _YEAR), "604800", "Seconds of a block at most.")
    guard_attempts_kept: timedelta = setting(
        read.seconds(3600, 10 * _YEAR), "7776000", "Seconds after which refused attempts are removed."
    )
    test_numbers: tuple[FixedCode, ...] = unset(
        guard_readers.test_numbers,
        (),
        "Numbers whose code is fixed and not sent, each with the last day (UTC) on which it is so, as in "
        "`+15005550006=123456@2027-01-31`; refused in production.",
        is_secret=True,
    )

    def guard_rules(self) -> GuardRules:
        """Return them as the engine knows them."""
        return GuardRules(
            refused_types=self.guard_refused_types,
            countries=dict(self.guard_countries),
            safe=self.guard_safe,
            conversion=ConversionRules(
                min_percent=self.guard_min_conversion,
                min_samples=self.guard_min_samples,
                span=self.guard_window,
                first_block=self.guard_block,
                longest_block=self.guard_longest_block,
            ),
        )
