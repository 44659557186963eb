"""Twilio Programmable Messaging."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from providers import base_urls
from providers.base import HttpProvider
from providers.errors import ProviderConfigError
from providers.exchange import Answer, Exchange, Request, Transport, basic_credentials, url_fault
from providers.faults import Reason, Refusal, permanent, refusal_of_code, refusal_of_status, setup, temporary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verification.ports import Clock, Message


# Seconds that Twilio may keep a message in its queue.
SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36000

# https://www.twilio.com/docs/api/errors
CODES: Mapping[str, Refusal] = {
    # The account and its credentials
    "20003": setup(Reason.CREDENTIALS_REFUSED),
    "20005": setup(Reason.ACCOUNT_RESTRICTED),  # account not active
    "20008": setup(Reason.CREDENTIALS_REFUSED),  # test credentials on a live resource
    "20403": setup(Reason.ACCOUNT_RESTRICTED),
    "20404": setup(Reason.SETUP_REFUSED),  # no such account
    "21608": setup(Reason.ACCOUNT_RESTRICTED),  # trial account, number not verified
    "30002": setup(Reason.ACCOUNT_RESTRICTED),  # account suspended
    # The sender
    "21212": setup(Reason.SENDER_REFUSED),  # invalid From
    "21603": setup(Reason.SENDER_REFUSED),  # From missing
    "21606": setup(Reason.SENDER_REFUSED),  # From not capable for this destination
    "21659": setup(Reason.SENDER_REFUSED),  # From not a Twilio number
    "21660": setup(Reason.SENDER_REFUSED),  # From of another account
    "21661": setup(Reason.SENDER_REFUSED),  # From not SMS-capable
    "21703": setup(Reason.SENDER_REFUSED),  # messaging service without a number
    "30032": setup(Reason.SENDER_REFUSED),  # toll-free number not verified
    "30034": setup(Reason.SENDER_REFUSED),  # number not registered (US A2P 10DLC)
    # The moment
    "14107": temporary(Reason.THROTTLED),
    "20429": temporary(Reason.THROTTLED),
    "21611": temporary(Reason.THROTTLED),  # the sender's queue is full
    "30001": temporary(Reason.THROTTLED),  # queue overflow
    "63017": temporary(Reason.THROTTLED),
    "63038": temporary(Reason.QUOTA_USED_UP),  # messages of the day
    "20500": temporary(Reason.GATEWAY_UNAVAILABLE),
    "20503": temporary(Reason.GATEWAY_UNAVAILABLE),
    "21730": temporary(Reason.GATEWAY_UNAVAILABLE),  # maintenance
    "30003": temporary(Reason.HANDSET_UNREACHABLE),
    "30008": temporary(Reason.UNKNOWN),
    # The recipient
    "21211": permanent(Reason.INVALID_NUMBER),
    "21214": permanent(Reason.INVALID_NUMBER),
    "21217": permanent(Reason.INVALID_NUMBER),
    "21265": permanent(Reason.NOT_SMS_CAPABLE),  # a short code
    "21266": permanent(Reason.INVALID_NUMBER),  # To is From
    "21604": permanent(Reason.INVALID_NUMBER),  # To missing
    "21610": permanent(Reason.OPTED_OUT),
    "21612": permanent(Reason.UNROUTABLE),
    "21614": permanent(Reason.NOT_SMS_CAPABLE),
    "21635": permanent(Reason.LANDLINE),
    "30005": permanent(Reason.INVALID_NUMBER),  # unknown handset
    "30006": permanent(Reason.LANDLINE),  # or a carrier out of reach
    # Guards
    "21408": permanent(Reason.REGION_BLOCKED),
    "30004": permanent(Reason.FILTERED),
    "30007": permanent(Reason.FILTERED),
    "30450": permanent(Reason.FRAUD_GUARD),
    "30453": permanent(Reason.FRAUD_GUARD),
    # The message
    "20001": permanent(Reason.REQUEST_REFUSED),
    "21602": permanent(Reason.TEXT_REFUSED),  # empty
    "21617": permanent(Reason.TEXT_REFUSED),  # over 1,600 letters
    "30036": permanent(Reason.EXPIRED),
}

_CREATED = 201
_FAILED = frozenset({"failed", "undelivered", "canceled"})
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True)
class TwilioConfig:
    """An account and its sender: a number, a name, or a messaging service by its SID."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    base_url: str = ""
    receipts_url: str = ""
    """Where Twilio reports what became of a message; empty for no reports."""

    def faults(self) -> tuple[str, ...]:
        """Name what is missing or wrong."""
        needed = {"account_sid": self.account_sid, "auth_token": self.auth_token, "sender": self.sender}
        missing = [f"twilio.{name}: is missing" for name, value in needed.items() if not value.strip()]
        fault = url_fault("twilio.base_url", self.base_url.strip() or base_urls.TWILIO)
        return tuple([*missing, fault] if fault else missing)


class TwilioProvider(HttpProvider):
    """Send one message by one form POST."""

    name = "twilio"

    def __init__(self, config: TwilioConfig, clock: Clock, transport: Transport | None = None) -> None:
        if faults := config.faults():
            raise ProviderConfigError(*faults)
        account = config.account_sid.strip()
        base_url = (config.base_url.strip() or base_urls.TWILIO).rstrip("/")
        url = f"{base_url}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        headers = {
            "Authorization": basic_credentials(account, config.auth_token.strip()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        super().__init__(Exchange("POST", url, headers, transport or Transport()), clock)
        sender = config.sender.strip()
        self._callback = {"StatusCallback": config.receipts_url} if config.receipts_url else {}
        self._sender = {"MessagingServiceSid" if _MESSAGING_SERVICE.fullmatch(sender) else "From": sender}

    def _write(self, message: Message) -> Request:
        validity = min(max(int(message.remaining.total_seconds()), SHORTEST_VALIDITY), LONGEST_VALIDITY)
        fields = {
            "To": message.to,
            "Body": message.body,
            "ValidityPeriod": str(validity),
            **self._sender,
            **self._callback,
        }
        return Request(urlencode(fields).encode())

    def _read(self, answer: Answer) -> str | None:
        document = answer.document()
        if not answer.is_success:
            raise self._refusal(document.get("code"), refusal_of_status(answer.status)).error(
                retry_after=answer.retry_after(self._clock.now())
            )
        if document.get("status") in _FAILED:
            raise self._refusal(document.get("error_code"), temporary(Reason.UNKNOWN)).error()
        sid = document.get("sid")
        if isinstance(sid, str) and sid:
            return sid
        if answer.status == _CREATED:
            return None  # taken, though its name was lost on the way
        raise temporary(Reason.UNREADABLE_ANSWER).error()

    def _refusal(self, code: Any, otherwise: Refusal) -> Refusal:  # noqa: ANN401 - a JSON value of any type
        return otherwise if code is None else refusal_of_code(self.name, CODES, str(code), otherwise)
