"""Which targets get no code."""

from __future__ import annotations

import pytest

from verification.guard import CountryRule, GuardRules, Reason, Verdict, judge
from verification.number_facts import NumberType

MOBILE, PREMIUM, PAGER, FREE = "+94712345678", "+449012345678", "+447640123456", "+18005550123"
ALLOW, MONITOR, DENY = CountryRule.ALLOW, CountryRule.MONITOR, CountryRule.DENY
PASS, WATCHED = Verdict(), Verdict(is_monitored=True)


@pytest.mark.parametrize("key", [PREMIUM, PAGER, FREE])
def test_types_that_nobody_reads_messages_on_are_refused(key):
    assert judge(key, GuardRules(), ()) == Verdict(Reason.NUMBER_TYPE)


@pytest.mark.parametrize(
    "key",
    [MOBILE, "+15005550006", "0111111111", "123", "+15555551234", "bob@example.com"],
    ids=["mobile", "personal", "no country code", "short", "not valid", "address"],
)
def test_what_is_no_such_type_or_cannot_be_told_is_let_pass(key):
    assert judge(key, GuardRules(), ()) == PASS


def test_the_types_can_be_chosen():
    only_mobiles = GuardRules(refused_types=frozenset({NumberType.MOBILE}))

    assert judge(MOBILE, only_mobiles, ()) == Verdict(Reason.NUMBER_TYPE)
    assert judge(PREMIUM, only_mobiles, ()) == PASS


@pytest.mark.parametrize(
    ("countries", "key", "verdict"),
    [
        ({"LK": DENY}, MOBILE, Verdict(Reason.COUNTRY)),
        ({"GB": DENY}, MOBILE, PASS),
        ({"LK": ALLOW, "*": DENY}, MOBILE, PASS),
        ({"GB": ALLOW, "*": DENY}, MOBILE, Verdict(Reason.COUNTRY)),
        ({"LK": MONITOR}, MOBILE, WATCHED),
        ({"*": MONITOR}, MOBILE, WATCHED),
        # What cannot be told is let pass, unless that is said to be refused, too.
        ({"*": DENY}, "0111111111", PASS),
        ({"*": DENY, "unknown": DENY}, "0111111111", Verdict(Reason.COUNTRY)),
        ({"unknown": MONITOR}, "0111111111", WATCHED),
        ({"*": DENY, "unknown": DENY}, "bob@example.com", PASS),
    ],
)
def test_countries_have_rules(countries, key, verdict):
    assert judge(key, GuardRules(countries=countries), ()) == verdict


@pytest.mark.parametrize(
    ("blocked", "verdict"),
    [
        ({"prefix:+9471234"}, Verdict(Reason.PREFIX_CONVERSION)),
        ({"country:LK"}, Verdict(Reason.COUNTRY_CONVERSION)),
        ({"prefix:+9471235", "country:GB"}, PASS),
        (frozenset(), PASS),
    ],
)
def test_an_area_that_is_shut_gets_none(blocked, verdict):
    assert judge(MOBILE, GuardRules(), blocked) == verdict


def test_a_country_that_is_watched_can_be_shut():
    verdict = judge(MOBILE, GuardRules(countries={"LK": MONITOR}), {"country:LK"})

    assert verdict == Verdict(Reason.COUNTRY_CONVERSION, is_monitored=True)


@pytest.mark.parametrize("safe", ["+9471", MOBILE])
def test_the_safe_list_comes_before_everything(safe):
    strict = GuardRules(frozenset({NumberType.MOBILE}), {"*": DENY}, (safe,))

    assert judge(MOBILE, strict, {"country:LK"}) == PASS
    assert judge("+94722345678", strict, ()).refusal is Reason.NUMBER_TYPE
