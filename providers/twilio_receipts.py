"""Twilio's status callbacks, signed with the auth token or with a shared key for webhooks."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from providers.faults import Reason, permanent, refusal_of_code
from providers.receipts import Callback, Outcome, Receipt, ReceiptRefused, ReceiptUnreadable, is_same
from providers.twilio import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"
ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
PORTS = {"https": 443, "http": 80}

OUTCOMES = {
    "delivered": Outcome.DELIVERED,
    "read": Outcome.DELIVERED,
    "undelivered": Outcome.FAILED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
"""What is final; every other status is on the way there."""


@dataclass(frozen=True, slots=True)
class TwilioReceipts:
    """Read status callbacks.

    Attributes:
        auth_token: Checks what is signed the older way, by HMAC-SHA1.
        webhook_secret: The shared key's secret, which checks what is signed by HMAC-SHA256; empty where there is none.
    """

    auth_token: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)

    def __call__(self, callback: Callback) -> Receipt:
        """Return what the callback says.

        Raises:
            ReceiptRefused: It is not signed by Twilio for this URL.
            ReceiptUnreadable: It names no message or no status.
        """
        self._require_signature(callback)
        sid, status = callback.fields.get("MessageSid"), callback.fields.get("MessageStatus")
        if not sid or not status:
            raise ReceiptUnreadable
        outcome = OUTCOMES.get(status, Outcome.UNDERWAY)
        return Receipt((sid,), outcome, _reason(callback.fields) if outcome is Outcome.FAILED else None)

    def _require_signature(self, callback: Callback) -> None:
        named = _algorithm(callback.headers.get(SETTINGS, ""))
        # A shared key signs by SHA-256 only: its header must not let the weaker token take its place.
        secret = self.webhook_secret if SETTINGS in callback.headers else self.auth_token
        algorithm = ALGORITHMS.get(named)
        given = callback.headers.get(SIGNATURE, "")
        if algorithm is None or not secret or not given:
            raise ReceiptRefused
        fields = "".join(f"{name}{callback.fields[name]}" for name in sorted(callback.fields))
        signed = (f"{url}{fields}" for url in _with_and_without_port(callback.url))
        if not any(is_same(_signature(secret, text, algorithm), given) for text in signed):
            raise ReceiptRefused


def _signature(secret: str, text: str, algorithm: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), algorithm)).decode()


def _algorithm(header: str) -> str:
    for part in header.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _with_and_without_port(url: str) -> Iterator[str]:
    """Return the URL both ways: Twilio signs either, as its own validators know."""
    parts = urlsplit(url)
    host = (parts.hostname or "") if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
    port = parts.port or PORTS.get(parts.scheme, 0)
    yield urlunsplit(parts._replace(netloc=host))
    yield urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def _reason(fields: Mapping[str, str]) -> str:
    otherwise = permanent(Reason.UNKNOWN)
    code = fields.get("ErrorCode")
    return (refusal_of_code("twilio", CODES, code, otherwise) if code else otherwise).reason.value
