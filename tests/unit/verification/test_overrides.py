"""Rules as names and texts: what is shown of a policy, and what a text makes of one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from verification.errors import RuleRefused
from verification.fixed_codes import FixedCode
from verification.overrides import BY_NAME, RULES, policy_under
from verification.policy import Alphabet, OtpRules, Policy

U = "UserClaimUpdate"
LENGTH = f"{U}.OTP.OTPLength"
EMAIL_SKIP = f"{U}.Email.EnableSkipInitiatingVerificationByPrivilegedUser"
MOBILE_SKIP = f"{U}.MobileNumber.EnableSkipInitiatingVerificationByPrivilegedUser"
EMAIL_LIFETIME = f"{U}.Email.VerificationCode.ExpiryTime"
MOBILE_LIFETIME = f"{U}.MobileNumber.VerificationCode.ExpiryTime"


def shown(policy: Policy) -> dict[str, str]:
    """Return the texts of all rules."""
    return {rule.name: rule.show(policy) for rule in RULES}


def test_the_defaults_are_shown_under_the_names_of_the_guides_product():
    assert shown(Policy()) == {
        f"{U}.Email.EnableVerification": "false",
        f"{U}.Email.EnableEmailOTP": "true",
        EMAIL_SKIP: "false",
        f"{U}.OTP.SendOTPInEmail": "true",
        f"{U}.OTP.UseUppercaseCharactersInOTP": "false",
        f"{U}.OTP.UseLowercaseCharactersInOTP": "false",
        f"{U}.OTP.UseNumbersInOTP": "true",
        LENGTH: "6",
        EMAIL_LIFETIME: "5",
        f"{U}.Email.EnableNotification": "true",
        f"{U}.MobileNumber.EnableVerification": "true",
        MOBILE_LIFETIME: "5",
        f"{U}.MobileNumber.EnableVerificationByPrivilegedUser": "true",
        MOBILE_SKIP: "false",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (f"{U}.Email.EnableVerification", "true"),
        (EMAIL_SKIP, "true"),
        (f"{U}.OTP.UseUppercaseCharactersInOTP", "true"),
        (LENGTH, "8"),
        (EMAIL_LIFETIME, "60"),
        (f"{U}.Email.EnableNotification", "false"),
        (f"{U}.MobileNumber.EnableVerification", "false"),
        (MOBILE_LIFETIME, "999"),
        (f"{U}.MobileNumber.EnableVerificationByPrivilegedUser", "false"),
        (MOBILE_SKIP, "true"),
    ],
)
def test_a_text_changes_its_own_rule_and_no_other(name, text):
    assert shown(policy_under(Policy(), {name: text})) == {**shown(Policy()), name: text}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (LENGTH, "5"),
        (LENGTH, "9"),
        (LENGTH, "six"),
        (LENGTH, "٦"),
        (LENGTH, "0006"),
        (MOBILE_LIFETIME, "0"),
        (MOBILE_LIFETIME, "1000"),
        (EMAIL_LIFETIME, "1.5"),
        (MOBILE_SKIP, "yes"),
        (f"{U}.OTP.UseUppercaseCharactersInOTP", ""),
        (f"{U}.OTP.UseLowercaseCharactersInOTP", "true"),
        (f"{U}.OTP.UseNumbersInOTP", "false"),
    ],
)
def test_what_a_rule_cannot_be_is_refused_and_passed_over_where_it_is_stored(name, text):
    with pytest.raises(RuleRefused, match=name.rsplit(".", 1)[-1]):
        BY_NAME[name].check(Policy(), text)

    assert shown(policy_under(Policy(), {name: text})) == shown(Policy())


def test_a_fixed_rule_takes_the_value_that_it_has():
    rule = BY_NAME[f"{U}.OTP.UseNumbersInOTP"]

    assert rule.is_fixed
    assert rule.check(Policy(), "True") is None


def test_a_length_is_that_of_the_codes_of_test_numbers():
    fixed = FixedCode("+15005550006", "123456", datetime(2027, 1, 1, tzinfo=UTC))
    policy = Policy(otp=OtpRules(fixed_codes=(fixed,)))

    assert policy_under(policy, {LENGTH: "6"}).otp.length == 6
    with pytest.raises(RuleRefused, match="test numbers"):
        BY_NAME[LENGTH].check(policy, "7")


def test_without_anything_stored_the_policy_is_the_very_same():
    policy = Policy()

    assert policy_under(policy, {}) is policy
    assert shown(policy_under(policy, {"UserClaimUpdate.Unknown": "1"})) == shown(policy)


def test_letters_are_those_of_the_alphabet():
    policy = policy_under(Policy(), {f"{U}.OTP.UseUppercaseCharactersInOTP": "true"})

    assert policy.otp.alphabet is Alphabet.ALPHANUMERIC


def test_a_lifetime_of_the_environment_may_be_part_of_a_minute():
    assert shown(Policy(otp=OtpRules(lifetime=timedelta(seconds=90))))[MOBILE_LIFETIME] == "1.5"
