"""Failover: the providers in their order, until one carries the message or one says that none should."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from providers.faults import Reason, outcome_of
from verification.delivery import CALL_TIMEOUT
from verification.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from providers.ports import TimedProvider
    from verification.ports import Message

    OnCall = Callable[[str, str, float], None]
    """Is told the provider's name, how a call went, and how many seconds it took."""


def ignore_call(provider: str, outcome: str, seconds: float) -> None:
    """Tell nobody."""
    del provider, outcome, seconds


@dataclass(frozen=True, slots=True)
class Carried:
    """Which provider accepted a message, and its name for it."""

    provider: str
    reference: str | None


class FailoverProvider:
    """Try each provider in turn, all of them within the time of one call."""

    def __init__(
        self,
        providers: Sequence[TimedProvider],
        *,
        budget: timedelta = CALL_TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
        on_call: OnCall = ignore_call,
    ) -> None:
        if not providers:
            raise ValueError("failover needs a provider")
        self._providers = tuple(providers)
        self._budget = budget.total_seconds()
        self._monotonic = monotonic
        self._on_call = on_call

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the providers in the order they are tried."""
        return tuple(provider.name for provider in self._providers)

    def send(self, message: Message) -> Carried:
        """Hand the message to the first provider that takes it.

        What is left of the time is shared evenly among the providers still to come, so a gateway that hangs leaves
        the next one its part, and one that fails at once leaves more.

        Raises:
            TemporaryDeliveryError: Each one failed, and a retry may succeed.
            PermanentDeliveryError: A provider refused the message itself, and no other was asked; or each refused us.
        """
        ends_at = self._monotonic() + self._budget
        failures: list[DeliveryError] = []
        for position, provider in enumerate(self._providers):
            left = ends_at - self._monotonic()
            if left <= 0:
                break
            share = timedelta(seconds=left / (len(self._providers) - position))
            try:
                return Carried(provider.name, self._call(provider, message, share))
            except DeliveryError as failure:
                if not _may_go_on(failure):
                    raise
                failures.append(failure)
        raise _verdict(failures)

    def _call(self, provider: TimedProvider, message: Message, within: timedelta) -> str | None:
        """Call one provider, and tell how that went."""
        started = self._monotonic()
        outcome = "accepted"
        try:
            return provider.send(message, within=within)
        except DeliveryError as failure:
            outcome = outcome_of(failure)
            raise
        finally:
            self._on_call(provider.name, outcome, self._monotonic() - started)


def _may_go_on(failure: DeliveryError) -> bool:
    """Tell whether another provider may carry what this one did not.

    A refused number, STOP and a fraud block hold for all of them; refused credentials are this provider's alone.
    """
    return not isinstance(failure, PermanentDeliveryError) or failure.reason == Reason.CREDENTIALS_REFUSED


def _verdict(failures: Sequence[DeliveryError]) -> DeliveryError:
    """Sum up a round without success: if any failure passes, so does the round's."""
    passing = [failure for failure in failures if isinstance(failure, TemporaryDeliveryError)]
    if not passing:
        return failures[-1]
    # A provider without a wish may be asked at any time; else the first that is ready again decides.
    waits = [failure.retry_after for failure in passing if failure.retry_after is not None]
    retry_after = min(waits) if len(waits) == len(passing) else None
    return TemporaryDeliveryError(passing[-1].reason, retry_after=retry_after)
