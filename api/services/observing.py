"""Who watches the use cases from outside: a port, so that nothing here knows how outcomes are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from persistence.audit import AuditEvent
    from verification.errors import VerificationError


class Observer(Protocol):
    """Is told what has happened; never fails, and keeps nobody waiting."""

    def recorded(self, events: Sequence[AuditEvent]) -> None:
        """Take note of what has been put on record, and is committed."""

    def refused(self, refusal: VerificationError) -> None:
        """Take note of a check that was answered so."""

    def withheld(self, reason: str) -> None:
        """Take note of a code that was not sent, and why."""

    def monitored(self, reason: str) -> None:
        """Take note of a code that is let pass and was to be noted."""

    def called(self, provider: str, outcome: str, seconds: float) -> None:
        """Take note that a message was handed to a provider, and how that went."""

    def circuit(self, provider: str, state: str) -> None:
        """Take note of the state that the breaker of a provider has come to."""

    def reported(self, provider: str, outcome: str) -> None:
        """Take note of a receipt that says what became of a message."""

    def spared(self, reason: str) -> None:
        """Take note of a message that was handed to no provider."""

    def worked(self, at: datetime) -> None:
        """Take note that a delivery worker is at work."""


class NullObserver:
    """The twin that looks away."""

    def recorded(self, events: Sequence[AuditEvent]) -> None:
        """Look away."""

    def refused(self, refusal: VerificationError) -> None:
        """Look away."""

    def withheld(self, reason: str) -> None:
        """Look away."""

    def monitored(self, reason: str) -> None:
        """Look away."""

    def called(self, provider: str, outcome: str, seconds: float) -> None:
        """Look away."""

    def circuit(self, provider: str, state: str) -> None:
        """Look away."""

    def reported(self, provider: str, outcome: str) -> None:
        """Look away."""

    def spared(self, reason: str) -> None:
        """Look away."""

    def worked(self, at: datetime) -> None:
        """Look away."""
