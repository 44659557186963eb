"""Providers from settings."""

from __future__ import annotations

import io

import pytest

from providers.building import ProviderConfigs, build_providers
from providers.custom import CustomConfig
from providers.errors import ProviderConfigError
from providers.failover import Carried
from providers.twilio import TwilioConfig
from providers.vonage import VonageConfig
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import FrozenClock

CONFIGS = ProviderConfigs(
    custom=CustomConfig(url="https://gateway.example/sms"),
    twilio=TwilioConfig(account_sid="AC1", auth_token="s3cret", sender="+15005550006"),
    vonage=VonageConfig(api_key="k", api_secret="s3cret", sender="Lineproof"),
)


def build(names, configs=CONFIGS, console=None):
    return build_providers(names, configs, clock=FrozenClock(), console=console or io.StringIO())


def faults(names, configs=CONFIGS):
    with pytest.raises(ProviderConfigError) as caught:
        build(names, configs)
    return list(caught.value.faults)


def test_providers_stand_in_the_order_of_their_names():
    assert build(["vonage", "custom", "console", "twilio"]).names == ("vonage", "custom", "console", "twilio")


def test_the_console_writes_to_the_given_stream():
    stream = io.StringIO()

    assert build(["console"], ProviderConfigs(), stream).send(message()) == Carried("console", None)
    assert stream.getvalue() == f"SMS to {MOBILE}: {TEXT}\n"


def test_what_is_not_named_needs_no_configuration():
    assert build(["custom"], ProviderConfigs(custom=CONFIGS.custom)).names == ("custom",)


@pytest.mark.parametrize("name", ["custom", "twilio", "vonage"])
def test_what_is_named_needs_its_configuration(name):
    assert faults([name], ProviderConfigs()) == [f"{name}: is not configured"]


def test_an_unknown_name_is_refused():
    assert faults(["smtp"]) == ["providers: 'smtp' is not one of console, custom, twilio, vonage"]


def test_a_name_stands_once():
    assert faults(["custom", "custom"]) == ["providers: custom is named twice"]


def test_there_is_a_name():
    assert faults([]) == ["providers: none is named"]


def test_all_faults_are_named_at_once():
    configs = ProviderConfigs(
        custom=CustomConfig(url="", method="GET"), twilio=TwilioConfig(account_sid="AC1", auth_token="", sender="+1")
    )

    assert faults(["custom", "pigeon", "twilio", "vonage"], configs) == [
        "providers: 'pigeon' is not one of console, custom, twilio, vonage",
        "custom.url: is missing",
        "custom.method: must be POST or PUT",
        "twilio.auth_token: is missing",
        "vonage: is not configured",
    ]


def test_the_error_reads_as_a_sentence_for_each_fault():
    with pytest.raises(ProviderConfigError) as caught:
        build(["custom"], ProviderConfigs(custom=CustomConfig(url="", method="GET")))

    assert str(caught.value) == "custom.url: is missing; custom.method: must be POST or PUT"


def test_no_secret_is_shown():
    assert "s3cret" not in repr(CONFIGS)
