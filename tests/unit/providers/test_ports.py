"""Every provider fits into failover, and alone into the engine."""

from __future__ import annotations

from inspect import Parameter, signature

import pytest

from providers.base import HttpProvider
from providers.console import ConsoleProvider
from providers.ports import TimedProvider
from verification.ports import SmsProvider


@pytest.mark.parametrize("provider", [HttpProvider, ConsoleProvider])
def test_a_provider_takes_what_failover_gives(provider):
    assert signature(provider.send).parameters.keys() == signature(TimedProvider.send).parameters.keys()


@pytest.mark.parametrize("provider", [HttpProvider, ConsoleProvider])
def test_a_provider_needs_no_more_than_the_engine_gives(provider):
    needed = [
        name for name, parameter in signature(provider.send).parameters.items() if parameter.default is Parameter.empty
    ]

    assert needed == list(signature(SmsProvider.send).parameters)
