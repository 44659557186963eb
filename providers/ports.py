"""What failover needs of a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import timedelta

    from verification.ports import Message


class TimedProvider(Protocol):
    """A provider of messages that keeps to a given time; without one it is an SmsProvider."""

    @property
    def name(self) -> str:
        """Return the name it has in settings, logs and rows."""

    def send(self, message: Message, *, within: timedelta = ...) -> str | None:
        """Hand the message over within that time and return the gateway's reference, if it gives one."""
