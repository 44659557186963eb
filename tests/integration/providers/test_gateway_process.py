"""The gateway as a process of its own, as the acceptance tests use it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from providers.custom import CustomConfig, CustomProvider
from providers.twilio import TwilioConfig, TwilioProvider
from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import FrozenClock
from verification.errors import TemporaryDeliveryError

ROOT = Path(__file__).parents[3]


@contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "tests.factories.gateways", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            ready = process.stderr.readline()
            assert ready.startswith("gateway ready on http://127.0.0.1:")
            yield process, ready.split()[-1]
        finally:
            process.kill()


def test_it_prints_each_message_as_a_line():
    with running() as (process, url):
        CustomProvider(CustomConfig(url=f"{url}/sms"), FrozenClock()).send(message(reference="d-1"))
        line = json.loads(process.stdout.readline())

    assert (line["method"], line["path"], line["body"]) == ("POST", "/sms", {"content": TEXT, "to": MOBILE})
    assert line["headers"]["idempotency-key"] == "d-1"


@pytest.mark.parametrize("trouble", ["503", "close", "garbage"])
def test_it_misbehaves_as_told_and_recovers(trouble):
    with running("--first", trouble) as (_, url):
        provider = CustomProvider(CustomConfig(url=url), FrozenClock())

        with pytest.raises(TemporaryDeliveryError):
            provider.send(message())
        assert provider.send(message()) == "gw-1"


def test_it_stands_in_for_twilio():
    with running("--kind", "twilio") as (process, url):
        provider = TwilioProvider(TwilioConfig(ACCOUNT_SID, AUTH_TOKEN, "+15005550006", url), FrozenClock())

        assert provider.send(message()) == "SM" + "1".zfill(32)
        assert json.loads(process.stdout.readline())["body"]["To"] == MOBILE
