"""Vonage's SMS API, which answers 200 whatever the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from providers import base_urls
from providers.base import HttpProvider
from providers.errors import ProviderConfigError
from providers.exchange import Answer, Exchange, Request, Transport, basic_credentials, url_fault
from providers.faults import (
    Fault,
    Reason,
    Refusal,
    permanent,
    refusal_of_code,
    refusal_of_status,
    setup,
    temporary,
)
from verification.gsm import Encoding, segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verification.ports import Clock, Message


# Milliseconds that Vonage may try to deliver.
SHORTEST_TTL, LONGEST_TTL = 20_000, 604_800_000
LONGEST_CLIENT_REF = 40

SUCCESS = "0"

# https://developer.vonage.com/en/api-errors/sms
STATUSES: Mapping[str, Refusal] = {
    "1": temporary(Reason.THROTTLED),
    "2": permanent(Reason.REQUEST_REFUSED),  # parameter missing
    "3": permanent(Reason.REQUEST_REFUSED),  # parameter invalid
    "4": setup(Reason.CREDENTIALS_REFUSED),
    "5": temporary(Reason.GATEWAY_UNAVAILABLE),  # internal error
    "6": permanent(Reason.UNROUTABLE),  # message or prefix not recognised
    "7": permanent(Reason.NUMBER_BARRED),
    "8": setup(Reason.ACCOUNT_RESTRICTED),  # account suspended
    "9": temporary(Reason.QUOTA_USED_UP),  # no credit
    "10": temporary(Reason.THROTTLED),  # too many connections
    "11": setup(Reason.ACCOUNT_RESTRICTED),  # account not enabled for HTTP
    "12": permanent(Reason.TEXT_REFUSED),  # too long
    "14": setup(Reason.CREDENTIALS_REFUSED),  # signature
    "15": setup(Reason.SENDER_REFUSED),
    "22": permanent(Reason.UNROUTABLE),  # network code
    "23": setup(Reason.SETUP_REFUSED),  # callback URL
    "29": setup(Reason.ACCOUNT_RESTRICTED),  # demo account, number not on its list
    "32": setup(Reason.CREDENTIALS_REFUSED),  # signature and secret together
    "33": setup(Reason.SENDER_REFUSED),  # sending number deactivated
}

# Which of several parts' faults speaks for the message.
_GRAVITY = (Fault.PERMANENT, Fault.SETUP, Fault.TEMPORARY)


@dataclass(frozen=True, slots=True)
class VonageConfig:
    """An account and its sender: a number or a name."""

    api_key: str
    api_secret: str = field(repr=False)
    sender: str
    base_url: str = ""
    receipts_url: str = ""
    """Where Vonage reports what became of a message; empty for where the account says."""

    def faults(self) -> tuple[str, ...]:
        """Name what is missing or wrong."""
        needed = {"api_key": self.api_key, "api_secret": self.api_secret, "sender": self.sender}
        missing = [f"vonage.{name}: is missing" for name, value in needed.items() if not value.strip()]
        fault = url_fault("vonage.base_url", self.base_url.strip() or base_urls.VONAGE)
        return tuple([*missing, fault] if fault else missing)


class VonageProvider(HttpProvider):
    """Send one message by one form POST, and read the outcome of each of its parts."""

    name = "vonage"

    def __init__(self, config: VonageConfig, clock: Clock, transport: Transport | None = None) -> None:
        if faults := config.faults():
            raise ProviderConfigError(*faults)
        base_url = (config.base_url.strip() or base_urls.VONAGE).rstrip("/")
        headers = {
            "Authorization": basic_credentials(config.api_key.strip(), config.api_secret.strip()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        super().__init__(Exchange("POST", f"{base_url}/sms/json", headers, transport or Transport()), clock)
        self._sender = _digits(config.sender.strip())
        self._callback = {"callback": config.receipts_url, "status-report-req": "1"} if config.receipts_url else {}

    def _write(self, message: Message) -> Request:
        ttl = min(max(int(message.remaining.total_seconds() * 1000), SHORTEST_TTL), LONGEST_TTL)
        is_gsm = segments(message.body).encoding is Encoding.GSM_7
        fields = {
            "from": self._sender,
            "to": _digits(message.to),
            "text": message.body,
            "type": "text" if is_gsm else "unicode",
            "ttl": str(ttl),
            "client-ref": message.reference[:LONGEST_CLIENT_REF],
            **self._callback,
        }
        return Request(urlencode(fields).encode())

    def _read(self, answer: Answer) -> str | None:
        if not answer.is_success:
            raise refusal_of_status(answer.status).error(retry_after=answer.retry_after(self._clock.now()))
        parts = _parts(answer)
        refusals = [refusal for part in parts if (refusal := self._refusal(part)) is not None]
        if refusals:
            raise min(refusals, key=lambda refusal: _GRAVITY.index(refusal.fault)).error()
        reference = parts[0].get("message-id")
        return reference if isinstance(reference, str) and reference else None

    def _refusal(self, part: Mapping[str, Any]) -> Refusal | None:
        status = str(part.get("status"))
        if status == SUCCESS:
            return None
        return refusal_of_code(self.name, STATUSES, status, temporary(Reason.UNKNOWN))


def _parts(answer: Answer) -> list[dict[str, Any]]:
    """Return the outcomes of the parts; where there is none, nothing says that the message was taken."""
    parts = answer.document().get("messages")
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise temporary(Reason.UNREADABLE_ANSWER).error()
    return parts


def _digits(number: str) -> str:
    """Leave out the plus sign, which Vonage does not take."""
    return number.removeprefix("+")
