"""Vonage's delivery receipts of the SMS API, signed with the account's signature secret."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from providers.faults import Reason
from providers.receipts import Callback, Outcome, Receipt, ReceiptRefused, ReceiptUnreadable, is_same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verification.ports import Clock

SIGNATURE = "sig"
LONGEST_AGE = 600
"""Seconds after which a signed receipt is taken for a copy; Vonage retries for longer, with a new signature."""
METHODS = ("sha256", "sha512", "sha1", "md5")
"""The ways an account may be set to sign. The length of a signature tells which one it is."""

OUTCOMES = {
    "delivered": Outcome.DELIVERED,
    "expired": Outcome.FAILED,
    "failed": Outcome.FAILED,
    "rejected": Outcome.FAILED,
}
REASONS = {"expired": Reason.EXPIRED, "rejected": Reason.FILTERED}


@dataclass(frozen=True, slots=True)
class VonageReceipts:
    """Read delivery receipts, sent as JSON, as a form or in the query."""

    signature_secret: str = field(repr=False)
    clock: Clock

    def __call__(self, callback: Callback) -> Receipt:
        """Return what the receipt says.

        Raises:
            ReceiptRefused: It is not signed by Vonage, or long ago.
            ReceiptUnreadable: It names no message or no status.
        """
        self._require_signature(callback.fields)
        references = tuple(
            name for key in ("messageId", "message-id", "client-ref") if (name := callback.fields.get(key))
        )
        status = callback.fields.get("status")
        if not references or not status:
            raise ReceiptUnreadable
        outcome = OUTCOMES.get(status, Outcome.UNDERWAY)
        reason = REASONS.get(status, Reason.UNKNOWN).value if outcome is Outcome.FAILED else None
        return Receipt(references, outcome, reason)

    def _require_signature(self, fields: Mapping[str, str]) -> None:
        given = fields.get(SIGNATURE, "").lower()
        method = next((name for name in METHODS if hmac.new(b"", digestmod=name).digest_size * 2 == len(given)), None)
        if method is None or not self.signature_secret:
            raise ReceiptRefused
        if not is_same(_signature(self.signature_secret, fields, method), given):
            raise ReceiptRefused
        age = self.clock.now().timestamp() - _seconds(fields.get("timestamp", ""))
        if abs(age) > LONGEST_AGE:
            raise ReceiptRefused


def _signature(secret: str, fields: Mapping[str, str], method: str) -> str:
    """Sign all fields but the signature, in order, as `&name=value`; both marks within a value become underlines."""
    plain = {name: value.replace("&", "_").replace("=", "_") for name, value in fields.items() if name != SIGNATURE}
    signed = "".join(f"&{name}={plain[name]}" for name in sorted(plain))
    return hmac.new(secret.encode(), signed.encode(), method).hexdigest()


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else 0  # noqa: PLR2004 - year 33658
