"""Receipts of a custom gateway: a small JSON object, signed as our own requests to it are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from providers.custom import SIGNATURE_HEADER, sign
from providers.faults import Reason
from providers.receipts import Callback, Outcome, Receipt, ReceiptRefused, ReceiptUnreadable, is_same

if TYPE_CHECKING:
    from verification.ports import Clock

LONGEST_MOMENT = 12
LONGEST_AGE = 300
"""Seconds after which a signed receipt is taken for a copy."""
OUTCOMES = {"sent": Outcome.UNDERWAY, "delivered": Outcome.DELIVERED, "failed": Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class CustomReceipts:
    """Read `{"reference": …, "status": "sent" | "delivered" | "failed", "reason": …}`.

    `reference` is the gateway's own name of the message, or the `Idempotency-Key` that it came with.
    """

    secret: str = field(repr=False)
    clock: Clock

    def __call__(self, callback: Callback) -> Receipt:
        """Return what the receipt says.

        Raises:
            ReceiptRefused: It is not signed with the secret, or long ago.
            ReceiptUnreadable: It names no message, or a status that is none.
        """
        self._require_signature(callback)
        reference = callback.fields.get("reference")
        outcome = OUTCOMES.get(callback.fields.get("status", ""))
        if not reference or outcome is None:
            raise ReceiptUnreadable
        return Receipt((reference,), outcome, _reason(callback) if outcome is Outcome.FAILED else None)

    def _require_signature(self, callback: Callback) -> None:
        given = callback.headers.get(SIGNATURE_HEADER.lower(), "")
        moment = given.removeprefix("t=").partition(",")[0]
        if not self.secret or not moment.isascii() or not moment.isdecimal() or len(moment) > LONGEST_MOMENT:
            raise ReceiptRefused
        at = int(moment)
        if not is_same(sign(self.secret.encode(), callback.body, at), given):
            raise ReceiptRefused
        if abs(self.clock.now().timestamp() - at) > LONGEST_AGE:
            raise ReceiptRefused


def _reason(callback: Callback) -> str:
    """Return the gateway's reason where it is one of ours; free text might hold a number."""
    given = callback.fields.get("reason", "")
    return given if given in set(Reason) else Reason.UNKNOWN.value
