"""How numbers are read and shown, and what becomes of one that changes."""

# ruff: noqa: RUF009 - setting() and unset() are ways to write dataclasses.field(), which the rule lets pass

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.dialect import Dialect
from api.setting_fields import setting, unset
from verification.policy import PhonePolicy


@dataclass(frozen=True, kw_only=True)
class NumberSettings:
    """How numbers are read and shown, and what becomes of one that changes."""

    dialect: Dialect = setting(
        read.member_of(Dialect),
        "guide",
        "`guide`: number lists as one comma-separated string, the pending number in the enterprise extension, "
        "validate-code answers 200. `current`: JSON arrays, the pending number under both URNs, 202. "
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
    privileged_validation: bool = setting(
        read.boolean, "true", "Whether a caller with the scope for it may submit the code of another user."
    )
    privileged_skip: bool = setting(
        read.boolean, "false", "Whether numbers set by a privileged caller are written at once, unverified."
    )
    use_verify_claim: bool = setting(
        read.boolean, "false", "Whether a proof is asked for only where the request says `verifyMobile: true`."
    )
