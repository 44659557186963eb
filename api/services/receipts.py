"""Receipts: what a gateway reports of a delivery it accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from providers.receipts import Outcome
from verification.delivery import DeliveryStatus

if TYPE_CHECKING:
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork
    from providers.receipts import Receipt
    from verification.delivery import Delivery


@dataclass(frozen=True, slots=True)
class ReceiptService:
    """The use case of a receipt whose signature has been checked."""

    core: Core

    def take(self, provider: str, receipt: Receipt) -> bool:
        """Note what a receipt says of a delivery; tell whether there is such a delivery.

        Repeated, late and out-of-order receipts change nothing: the first final one counts.
        """
        delivery, noted = self.core.database.transact(lambda unit: _take(unit, provider, receipt))
        if noted is not None:
            self.core.observe.reported(provider, noted.status)
        return delivery is not None


def _take(unit: UnitOfWork, provider: str, receipt: Receipt) -> tuple[Delivery | None, Delivery | None]:
    """Return the delivery, and what has become of it where this receipt is the first to tell."""
    delivery = _find(unit, provider, receipt.references)
    if delivery is None or delivery.status is not DeliveryStatus.SENT or receipt.outcome is Outcome.UNDERWAY:
        return delivery, None
    told = delivery.arrive() if receipt.outcome is Outcome.DELIVERED else delivery.miss(receipt.reason or "")
    return delivery, told if unit.deliveries.note(told, expected=delivery) else None


def _find(unit: UnitOfWork, provider: str, references: tuple[str, ...]) -> Delivery | None:
    for reference in references:
        # The gateway's own name of the message, or ours, which it was given with it.
        found = unit.deliveries.find(provider, reference) or unit.deliveries.lookup(reference)
        if found is not None and found.provider == provider:
            return found
    return None
