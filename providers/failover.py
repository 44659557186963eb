"""Failover: the providers in their order, until one carries the message or one says that none should."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from providers.breakers import Breaker, BreakerRules
from providers.faults import Reason, outcome_of
from verification.delivery import CALL_TIMEOUT
from verification.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from providers.breakers import Circuit
    from providers.ports import TimedProvider
    from verification.ports import Message

    OnCall = Callable[[str, str, float], None]
    """Is told the provider's name, how a call went, and how many seconds it took."""
    OnCircuit = Callable[[str, Circuit], None]
    """Is told the provider's name and the state its breaker has come to."""

_log = structlog.get_logger()


def ignore_call(provider: str, outcome: str, seconds: float) -> None:
    """Tell nobody."""
    del provider, outcome, seconds


def ignore_circuit(provider: str, state: Circuit) -> None:
    """Tell nobody."""
    del provider, state


@dataclass(frozen=True, slots=True)
class Carried:
    """Which provider accepted a message, and its name for it."""

    provider: str
    reference: str | None


class FailoverProvider:
    """Try each provider in turn, all of them within the time of one call.

    A provider whose breaker is open is asked after all others: it costs them no time, and no message is lost to a
    breaker that is wrong.
    """

    def __init__(
        self,
        providers: Sequence[TimedProvider],
        *,
        budget: timedelta = CALL_TIMEOUT,
        monotonic: Callable[[], float] = time.monotonic,
        on_call: OnCall = ignore_call,
        rules: BreakerRules | None = None,
        on_circuit: OnCircuit = ignore_circuit,
    ) -> None:
        if not providers:
            raise ValueError("failover needs a provider")
        self._providers = tuple(providers)
        self._budget = budget.total_seconds()
        self._monotonic = monotonic
        self._on_call = on_call
        self._breakers = {provider.name: Breaker(rules or BreakerRules()) for provider in providers}
        self._on_circuit = on_circuit
        for provider in providers:
            on_circuit(provider.name, self._breakers[provider.name].state)

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
        for position, provider in enumerate(self._in_order()):
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

    def _in_order(self) -> list[TimedProvider]:
        at = self._monotonic()
        admitted = [provider for provider in self._providers if self._breakers[provider.name].admits(at)]
        return admitted + [provider for provider in self._providers if provider not in admitted]

    def _call(self, provider: TimedProvider, message: Message, within: timedelta) -> str | None:
        """Call one provider, and tell how that went."""
        started = self._monotonic()
        outcome = "accepted"
        is_at_fault = False
        try:
            return provider.send(message, within=within)
        except DeliveryError as failure:
            outcome = outcome_of(failure)
            is_at_fault = _may_go_on(failure)
            raise
        finally:
            ended = self._monotonic()
            self._on_call(provider.name, outcome, ended - started)
            self._note(provider.name, ended, is_at_fault=is_at_fault)

    def _note(self, name: str, at: float, *, is_at_fault: bool) -> None:
        """Tell the breaker; that a number was refused is no fault of the provider."""
        breaker = self._breakers[name]
        before = breaker.state
        if is_at_fault:
            breaker.fail(at)
        else:
            breaker.succeed()
        if breaker.state is not before:
            self._on_circuit(name, breaker.state)
            _log.warning("circuit of a provider changed", provider=name, state=breaker.state)


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
