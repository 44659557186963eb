"""Build the providers that settings name, in their order; nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, TypeVar

from providers.console import ConsoleProvider
from providers.custom import CustomProvider
from providers.errors import ProviderConfigError
from providers.exchange import Transport
from providers.failover import FailoverProvider, ignore_call, ignore_circuit
from providers.twilio import TwilioProvider
from providers.vonage import VonageProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from providers.breakers import BreakerRules
    from providers.custom import CustomConfig
    from providers.failover import OnCall, OnCircuit
    from providers.ports import TimedProvider
    from providers.twilio import TwilioConfig
    from providers.vonage import VonageConfig
    from verification.ports import Clock

Config = TypeVar("Config")


@dataclass(frozen=True, slots=True)
class ProviderConfigs:
    """The configurations of the providers; only those that are named are looked at."""

    custom: CustomConfig | None = None
    twilio: TwilioConfig | None = None
    vonage: VonageConfig | None = None


def build_providers(
    names: Sequence[str],
    configs: ProviderConfigs,
    *,
    clock: Clock,
    console: TextIO,
    transport: Transport | None = None,
    on_call: OnCall = ignore_call,
    rules: BreakerRules | None = None,
    on_circuit: OnCircuit = ignore_circuit,
) -> FailoverProvider:
    """Build the named providers for failover in that order.

    Raises:
        ProviderConfigError: Something is missing or wrong; it names every fault.
    """
    makers = _makers(configs, clock, console, transport or Transport())
    faults = [f"providers: {name!r} is not one of {', '.join(makers)}" for name in names if name not in makers]
    faults += [f"providers: {name} is named twice" for name in makers if names.count(name) > 1]
    faults += [] if names else ["providers: none is named"]
    providers: list[TimedProvider] = []
    for make in (makers[name] for name in dict.fromkeys(names) if name in makers):
        try:
            providers.append(make())
        except ProviderConfigError as error:
            faults += error.faults
    if faults:
        raise ProviderConfigError(*dict.fromkeys(faults))
    return FailoverProvider(providers, on_call=on_call, rules=rules, on_circuit=on_circuit)


def _makers(
    configs: ProviderConfigs, clock: Clock, console: TextIO, transport: Transport
) -> Mapping[str, Callable[[], TimedProvider]]:
    return {
        "console": lambda: ConsoleProvider(console),
        "custom": lambda: CustomProvider(_given("custom", configs.custom), clock, transport),
        "twilio": lambda: TwilioProvider(_given("twilio", configs.twilio), clock, transport),
        "vonage": lambda: VonageProvider(_given("vonage", configs.vonage), clock, transport),
    }


def _given(name: str, config: Config | None) -> Config:
    if config is None:
        raise ProviderConfigError(f"{name}: is not configured")
    return config
