"""Carrying messages: claim what is due, derive the code, call the gateway, settle.

No transaction is open while a gateway is called. A worker that dies leaves leases behind that lapse; the next one
sends the same text again, since the code is a function of verification and generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from verification.delivery import EXPIRED
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError, UnknownKey
from verification.ports import Message
from verification.templates import OF_PURPOSE
from verification.texts import whole_minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services.core import Core
    from persistence.deliveries import Claimed
    from verification.channels import Channel
    from verification.delivery import Delivery
    from verification.texts import Texts
    from verification.verifications import Verification


class Carried(Protocol):
    """Who took a message, and the name it has there."""

    @property
    def provider(self) -> str:
        """Return the provider's name."""

    @property
    def reference(self) -> str | None:
        """Return the gateway's reference."""


class Carrier(Protocol):
    """The providers in their order."""

    def send(self, message: Message) -> Carried:
        """Hand the message to the first provider that takes it, or raise a DeliveryError."""


@dataclass(frozen=True, slots=True)
class DeliveryService:
    """The use case of one message."""

    core: Core
    carriers: Mapping[Channel, Carrier]
    texts: Texts
    rng: Callable[[], float]

    def carry(self, claimed: Claimed) -> Delivery:
        """Call the gateway for one claimed delivery and return it as it is to be settled."""
        delivery, verification = claimed.delivery, claimed.verification
        at = self.core.clock.now()
        if verification is None or not delivery.is_current(verification):
            self.core.observe.spared("dropped")
            return delivery.drop(at)
        if delivery.has_expired(at):
            self.core.observe.spared("expired")
            return delivery.fail(at, EXPIRED)
        carrier = self.carriers.get(delivery.channel)
        if carrier is None:
            self.core.observe.spared("no_carrier")
            return delivery.fail(at, "nobody carries this channel")
        try:
            message = self._message(delivery, verification)
        except UnknownKey:
            self.core.observe.spared("key_unknown")
            return delivery.fail(at, "key unknown")
        return self._call(carrier, message, delivery)

    def _call(self, carrier: Carrier, message: Message, delivery: Delivery) -> Delivery:
        try:
            carried = carrier.send(message)
        except TemporaryDeliveryError as error:
            wait = timedelta(seconds=error.retry_after or 0)
            return delivery.retry(self.core.clock.now(), error.reason, self.rng, wait)
        except PermanentDeliveryError as error:
            return delivery.fail(self.core.clock.now(), error.reason)
        return delivery.send(self.core.clock.now(), carried.provider, carried.reference)

    def _message(self, delivery: Delivery, verification: Verification) -> Message:
        rules = self.core.policy.otp
        # Minutes of the whole lifetime, not of what is left: every retry carries the same text.
        minutes = whole_minutes(verification.expires_at - verification.sent_at)
        text = self.texts.write(
            OF_PURPOSE[verification.purpose],
            delivery.channel,
            verification.locale,
            code=verification.code(self.core.keys, rules),
            minutes=minutes,
        )
        return Message(
            to=verification.target.destination,
            subject=text.subject,
            body=text.body,
            reference=delivery.id,
            remaining=delivery.expires_at - self.core.clock.now(),
        )
