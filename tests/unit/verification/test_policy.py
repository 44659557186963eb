"""The rules and their defaults."""

from __future__ import annotations

from datetime import timedelta

import pytest

from verification.conversion import ConversionRules
from verification.guard import GuardRules
from verification.policy import Alphabet, OtpRules, PhonePolicy, Policy, SendLimits


def test_the_defaults_are_those_of_the_settings():
    assert Policy() == Policy(
        mobile_verification=True,
        multiple_mobile_numbers=True,
        privileged_validation=True,
        privileged_skip=False,
        use_verify_claim=False,
        phone_policy=PhonePolicy.LENIENT,
        default_region=None,
        pending_lifetime=timedelta(seconds=86400),
        privileged_max_wrong=20,
        otp=OtpRules(
            length=6,
            alphabet=Alphabet.NUMERIC,
            lifetime=timedelta(seconds=300),
            max_attempts=5,
            max_sends=5,
            resend_cooldown=timedelta(seconds=30),
            max_sends_per_hour=10,
            max_wrong_per_day=30,
        ),
        sends=SendLimits(
            per_user_day=20,
            per_number_day=10,
            per_address_day=10,
            per_ip_hour=60,
            per_prefix_hour=100,
            per_country_hour=0,
            per_domain_hour=0,
        ),
        guard=GuardRules(
            refused_types=frozenset({"premium", "shared_cost", "toll_free", "pager", "uan", "voicemail"}),
            countries={"*": "allow"},
            safe=(),
            conversion=ConversionRules(
                min_percent=10,
                min_samples=50,
                span=timedelta(days=1),
                first_block=timedelta(hours=1),
                longest_block=timedelta(days=7),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({"length": 5}, "length"),
        ({"length": 9}, "length"),
        ({"lifetime": timedelta(0)}, "lives"),
        ({"lifetime": timedelta(minutes=1000)}, "lives"),
        ({"resend_cooldown": timedelta(seconds=-1)}, "cooldown"),
        ({"max_attempts": -1}, "maximum"),
        ({"max_sends": -1}, "maximum"),
        ({"max_sends_per_hour": -1}, "maximum"),
        ({"max_wrong_per_day": -1}, "maximum"),
    ],
)
def test_rules_without_safe_codes_are_refused(rules, fault):
    with pytest.raises(ValueError, match=fault):
        OtpRules(**rules)


def test_all_faults_are_named_at_once():
    with pytest.raises(ValueError, match=r"length.*;.*maximum"):
        OtpRules(length=4, max_sends=-1)


def test_every_limit_can_be_switched_off():
    off = OtpRules(max_attempts=0, max_sends=0, resend_cooldown=timedelta(0), max_sends_per_hour=0, max_wrong_per_day=0)

    assert off.faults() == ()
