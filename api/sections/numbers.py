"""How numbers and addresses are read and shown, and what becomes of one that changes."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.dialect import Dialect
from api.setting_fields import setting, unset
from verification.policy import PhonePolicy


@dataclass(frozen=True, kw_only=True)
class NumberSettings:
    """How numbers and addresses are read and shown, and what becomes of one that changes."""

    dialect: Dialect = setting(
        read.member_of(Dialect),
        "guide",
        "`guide`: lists as one comma-separated string, what is pending in the enterprise extension, "
        "validate-code answers 200. `current`: JSON arrays, what is pending under both URNs, 202. "
        "Input of either form is always accepted.",
    )
    default_region: str = unset(
        read.region, "", "Region of numbers that are written without a country code, like `US`."
    )
    phone_policy: PhonePolicy = setting(
        read.member_of(PhonePolicy),
        "lenient",
        "How strictly a number is read: `lenient` takes 1 to 15 digits, `valid` a number of a known numbering plan, "
        "`mobile` a valid one that can be a mobile.",
    )
    mobile_verification: bool = setting(read.boolean, "true", "Whether a changed mobile number waits for its proof.")
    multiple_mobile_numbers: bool = setting(
        read.boolean, "true", "Whether `mobileNumbers` and `verifiedMobileNumbers` exist."
    )
    email_verification: bool = setting(
        read.boolean,
        "false",
        "Whether a changed primary e-mail address waits for its proof. Without it addresses are data like any other.",
    )
    multiple_email_addresses: bool = setting(
        read.boolean,
        "true",
        "Whether `emailAddresses` and `verifiedEmailAddresses` exist, where e-mail addresses are verified at all.",
    )
    privileged_validation: bool = setting(
        read.boolean, "true", "Whether a caller with the scope for it may submit the code of another user."
    )
    privileged_skip: bool = setting(
        read.boolean,
        "false",
        "Whether numbers and addresses set by a privileged caller are written at once, unverified.",
    )
    use_verify_claim: bool = setting(
        read.boolean,
        "false",
        "Whether a proof is asked for only where the request says `verifyMobile: true`, or `verifyEmail: true`.",
    )
