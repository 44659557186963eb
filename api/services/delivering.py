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
from verification.invitations import invitation_token
from verification.notices import revert_token
from verification.ports import Message
from verification.templates import OF_PURPOSE
from verification.texts import whole_minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services.core import Core
    from persistence.deliveries import Claimed
    from verification.channels import Channel
    from verification.delivery import Delivery
    from verification.notices import Notice
    from verification.texts import Text, Texts
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
    base_url: str
    rng: Callable[[], float]

    def carry(self, claimed: Claimed) -> Delivery:
        """Call the gateway for one claimed delivery and return it as it is to be settled."""
        delivery = claimed.delivery
        at = self.core.clock.now()
        if claimed.notice is None and not delivery.is_current(claimed.verification):
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
            message = self._message(claimed)
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

    def _message(self, claimed: Claimed) -> Message:
        delivery, notice, verification = claimed.delivery, claimed.notice, claimed.verification
        if notice is not None:
            to, text = notice.to, self._notice(notice)
        elif verification is not None:
            to, text = verification.target.destination, self._code(delivery, verification)
        else:
            raise LookupError("a delivery carries a code or a notice")
        return Message(
            to=to,
            subject=text.subject,
            body=text.body,
            reference=delivery.id,
            remaining=delivery.expires_at - self.core.clock.now(),
        )

    def _code(self, delivery: Delivery, verification: Verification) -> Text:
        rules = self.core.policy.otp
        # Minutes of the whole lifetime, not of what is left: every retry carries the same text.
        minutes = whole_minutes(verification.expires_at - verification.sent_at)
        return self.texts.write(
            OF_PURPOSE[verification.purpose],
            delivery.channel,
            verification.locale,
            code=verification.code(self.core.keys, rules),
            minutes=minutes,
        )

    def _notice(self, notice: Notice) -> Text:
        values = {**dict.fromkeys(("old", "new", "hours")), **notice.values, "link": self._link(notice)}
        return self.texts.write(notice.template, notice.channel, notice.locale, **values)

    def _link(self, notice: Notice) -> str | None:
        if notice.link_kid is None:
            return None
        if notice.change_id is None:
            return f"{self.base_url}/invitation/{invitation_token(self.core.keys, notice.link_kid, notice.id)}"
        return f"{self.base_url}/revert/{revert_token(self.core.keys, notice.link_kid, notice.change_id)}"
