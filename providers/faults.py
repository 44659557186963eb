"""What gateways answer, as data: a code leads to a fault and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

from verification.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = structlog.get_logger()

_LONGEST_CODE = 8


class Reason(StrEnum):
    """Why a message was not accepted, in the words of logs and rows."""

    # About the recipient: no provider will help.
    INVALID_NUMBER = "invalid number"
    NOT_SMS_CAPABLE = "number cannot receive sms"
    LANDLINE = "number is a landline"
    UNROUTABLE = "no route to number"
    NUMBER_BARRED = "number barred"
    OPTED_OUT = "recipient opted out"
    HANDSET_UNREACHABLE = "handset unreachable"
    INVALID_ADDRESS = "invalid address"
    MAILBOX_REFUSED = "mailbox refused"

    # Guards: another provider would defeat them.
    FRAUD_GUARD = "blocked by fraud guard"
    REGION_BLOCKED = "region not enabled"
    FILTERED = "blocked by carrier"

    # About the message.
    TEXT_REFUSED = "text refused"
    REQUEST_REFUSED = "request refused"
    EXPIRED = "expired at gateway"

    # About the set-up of this provider: its operator must act.
    CREDENTIALS_REFUSED = "credentials refused"
    ACCOUNT_RESTRICTED = "account restricted"
    SENDER_REFUSED = "sender refused"
    SENDER_UNUSABLE = "no stored sender usable"
    SETUP_REFUSED = "set-up refused"
    ADDRESS_REFUSED = "gateway address refused"

    # About the moment.
    THROTTLED = "throttled"
    QUOTA_USED_UP = "quota used up"
    GATEWAY_UNAVAILABLE = "gateway unavailable"
    GATEWAY_UNREACHABLE = "gateway unreachable"
    GATEWAY_UNTRUSTED = "gateway certificate refused"
    CONNECTION_BROKEN = "connection broken"
    TIMED_OUT = "gateway timed out"
    UNREADABLE_ANSWER = "unreadable answer"
    UNKNOWN = "unknown gateway error"


class Fault(Enum):
    """Who may try a message again after a refusal."""

    TEMPORARY = "temporary"  # this provider later, another one now
    SETUP = "set-up"  # this provider once its operator has acted, another one now
    PERMANENT = "permanent"  # nobody


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row of a table of codes."""

    fault: Fault
    reason: Reason

    def error(self, *, retry_after: int | None = None) -> DeliveryError:
        """Return the error that says so to the dispatcher."""
        if self.fault is Fault.PERMANENT:
            return PermanentDeliveryError(self.reason.value)
        return TemporaryDeliveryError(self.reason.value, retry_after=retry_after)


def temporary(reason: Reason) -> Refusal:
    """Write a row for what passes by itself."""
    return Refusal(Fault.TEMPORARY, reason)


def setup(reason: Reason) -> Refusal:
    """Write a row for what the operator of the provider must mend."""
    return Refusal(Fault.SETUP, reason)


def permanent(reason: Reason) -> Refusal:
    """Write a row for what stays so, whoever tries."""
    return Refusal(Fault.PERMANENT, reason)


# Statuses that say more than their class does.
STATUSES: Mapping[int, Refusal] = {
    HTTPStatus.UNAUTHORIZED: permanent(Reason.CREDENTIALS_REFUSED),
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: permanent(Reason.CREDENTIALS_REFUSED),
    HTTPStatus.REQUEST_TIMEOUT: temporary(Reason.TIMED_OUT),
    HTTPStatus.TOO_EARLY: temporary(Reason.THROTTLED),
    HTTPStatus.TOO_MANY_REQUESTS: temporary(Reason.THROTTLED),
}


def refusal_of_status(status: int) -> Refusal:
    """Judge an answer by its status alone: the gateway's own trouble passes, a refused request does not."""
    if status in STATUSES:
        return STATUSES[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return temporary(Reason.GATEWAY_UNAVAILABLE)
    return permanent(Reason.REQUEST_REFUSED)


def outcome_of(failure: DeliveryError) -> str:
    """Name what a failure makes of a message: `refused` for good, or `postponed`."""
    return "refused" if isinstance(failure, PermanentDeliveryError) else "postponed"


def refusal_of_code(provider: str, table: Mapping[str, Refusal], code: str, otherwise: Refusal) -> Refusal:
    """Look a gateway's code up; one that the table lacks is logged, so that somebody adds its row."""
    known = table.get(code)
    if known is not None:
        return known
    # What is not a short number did not come from the gateway's own list, and might be anything.
    is_code = code.isdecimal() and len(code) <= _LONGEST_CODE
    _log.warning("unknown gateway code", provider=provider, code=code if is_code else "unreadable")
    return otherwise
