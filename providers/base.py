"""What every provider does alike; a concrete one writes only its wire format and its table of codes."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import structlog

from providers.faults import outcome_of
from verification.delivery import CALL_TIMEOUT
from verification.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from providers.exchange import Answer, Exchange, Request
    from verification.ports import Clock, Message

_log = structlog.get_logger()

_MILLISECONDS = 1000


class Provider(ABC):
    """A gateway whose calls are timed and logged, under the name of its kind or one of its own."""

    name: str

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic

    def send(self, message: Message, *, within: timedelta = CALL_TIMEOUT) -> str | None:
        """Hand the message to the gateway, and log how that went without recipient or text."""
        started = self._monotonic()
        try:
            reference = self._hand_over(message, within)
        except DeliveryError as error:
            self._report(message, outcome_of(error), error.reason, started)
            raise
        self._report(message, "accepted", None, started)
        return reference

    @abstractmethod
    def _hand_over(self, message: Message, within: timedelta) -> str | None:
        """Hand the message over within that time and return the gateway's reference, if it gives one."""

    def _report(self, message: Message, outcome: str, reason: str | None, started: float) -> None:
        report = _log.info if reason is None else _log.warning
        report(
            "message handed to gateway",
            provider=self.name,
            outcome=outcome,
            reason=reason,
            delivery_id=message.reference,
            milliseconds=round((self._monotonic() - started) * _MILLISECONDS),
        )


class HttpProvider(Provider):
    """A gateway spoken to by one HTTP request a message."""

    def __init__(self, exchange: Exchange, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(monotonic)
        self._exchange = exchange
        self._clock = clock

    def _hand_over(self, message: Message, within: timedelta) -> str | None:
        return self._read(self._exchange.send(self._write(message), within))

    @abstractmethod
    def _write(self, message: Message) -> Request:
        """Write the request for a message."""

    @abstractmethod
    def _read(self, answer: Answer) -> str | None:
        """Return the gateway's reference from an acceptance, or raise what its refusal means."""
