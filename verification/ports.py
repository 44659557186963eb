"""What the engine needs from outside, as protocols."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Clock(Protocol):
    """The source of the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message for a gateway to carry.

    Attributes:
        to: The canonical number, or the mail address.
        body: The text, with the code in it if it carries one.
        reference: Our name of the delivery, the same on every retry.
        remaining: How long it is still worth anything: a gateway need not try longer.
        subject: What a mail is about; None where the message is none.
    """

    to: str = field(repr=False)
    body: str = field(repr=False)
    reference: str
    remaining: timedelta
    subject: str | None = field(default=None, repr=False)


class SmsProvider(Protocol):
    """A gateway that carries short messages."""

    @property
    def name(self) -> str:
        """Return the name it has in settings, logs and rows."""

    def send(self, message: Message) -> str | None:
        """Hand the message to the gateway and return the gateway's reference, if it gives one.

        Raises:
            TemporaryDeliveryError: A retry or another provider may succeed.
            PermanentDeliveryError: Neither will.
        """
