"""How many codes may be sent, over all verifications."""

from __future__ import annotations

from dataclasses import dataclass

from api import setting_readers as read
from api.setting_fields import setting
from verification.policy import SendLimits

_MANY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class LimitSettings:
    """How many codes may be sent, over all verifications."""

    otp_max_sends_per_day: int = setting(
        read.integer(0, _MANY), "20", "Codes sent to one user within 24 hours at most; 0 for no limit."
    )
    otp_max_sends_per_number: int = setting(
        read.integer(0, _MANY), "10", "Codes sent to one number within 24 hours at most; 0 for no limit."
    )
    otp_max_sends_per_address: int = setting(
        read.integer(0, _MANY), "10", "Codes sent to one e-mail address within 24 hours at most; 0 for no limit."
    )
    otp_max_sends_per_ip: int = setting(
        read.integer(0, _MANY),
        "60",
        "Codes that users ask for themselves from one IPv4 address, or from one /64 of IPv6, within an hour at most; "
        "0 for no limit.",
    )
    otp_max_sends_per_prefix: int = setting(
        read.integer(0, _MANY),
        "100",
        "Codes sent within an hour at most to numbers that differ in their last four digits only; 0 for no limit.",
    )
    otp_max_sends_per_country: int = setting(
        read.integer(0, _MANY), "0", "Codes sent to numbers of one country within an hour at most; 0 for no limit."
    )
    otp_max_sends_per_domain: int = setting(
        read.integer(0, _MANY), "0", "Codes sent to addresses of one domain within an hour at most; 0 for no limit."
    )

    def send_limits(self) -> SendLimits:
        """Return them as the engine knows them."""
        return SendLimits(
            per_user_day=self.otp_max_sends_per_day,
            per_number_day=self.otp_max_sends_per_number,
            per_address_day=self.otp_max_sends_per_address,
            per_ip_hour=self.otp_max_sends_per_ip,
            per_prefix_hour=self.otp_max_sends_per_prefix,
            per_country_hour=self.otp_max_sends_per_country,
            per_domain_hour=self.otp_max_sends_per_domain,
        )
