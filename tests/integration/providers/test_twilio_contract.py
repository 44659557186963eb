"""Our requests to Twilio and our stand-in's answers, held against Twilio's own description."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import requests
from openapi_schema_validator import OAS30Validator

from providers.twilio import TwilioConfig, TwilioProvider
from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN, TwilioGateway
from tests.factories.messages import message
from tests.factories.verification import FrozenClock

CONTRACT = Path(__file__).parents[4] / "shared" / "contracts" / "twilio-messages.openapi.json"
PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


@cache
def contract():
    if not CONTRACT.is_file():
        pytest.skip(f"Twilio's description is not at {CONTRACT}: its contract is NOT checked")
    return json.loads(CONTRACT.read_text())


def validator(schema):
    return OAS30Validator({**schema, "components": contract()["components"]})


def faults(schema, document):
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator(schema).iter_errors(document)]


def request_schema():
    return contract()["paths"][PATH]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]


def answer_schema():
    return contract()["components"]["schemas"]["api.v2010.account.message"]


def typed(fields):
    """Return the fields of a form by the types of the description."""
    types = {name: schema.get("type") for name, schema in request_schema()["properties"].items()}
    return {name: int(value) if types.get(name) == "integer" else value for name, value in fields.items()}


@pytest.fixture
def gateway():
    with TwilioGateway() as running:
        yield running


@pytest.mark.parametrize("sender", ["+15005550006", "Lineproof", "MG" + "a" * 32])
@pytest.mark.parametrize("remaining", [timedelta(0), timedelta(minutes=5), timedelta(days=2)])
def test_our_request_is_as_described(gateway, sender, remaining):
    config = TwilioConfig(ACCOUNT_SID, AUTH_TOKEN, sender, gateway.url)

    TwilioProvider(config, FrozenClock()).send(message(remaining=remaining))

    (received,) = gateway.received
    fields = typed(received.body)
    assert faults(request_schema(), fields) == []
    assert fields.keys() <= request_schema()["properties"].keys()
    assert 1 <= fields["ValidityPeriod"] <= 36000
    assert received.path == PATH.replace("{AccountSid}", ACCOUNT_SID)


def test_our_request_satisfies_the_described_conditions(gateway):
    TwilioProvider(TwilioConfig(ACCOUNT_SID, AUTH_TOKEN, "+15005550006", gateway.url), FrozenClock()).send(message())

    sent = {_snake(name) for name in gateway.received[0].body}
    conditions = contract()["paths"][PATH]["post"]["x-twilio"]["conditional"]
    assert all(sent & set(alternatives) for alternatives in conditions)


@pytest.mark.parametrize("sender", [{"From": "+15005550006"}, {"MessagingServiceSid": "MG" + "a" * 32}])
def test_the_stand_in_answers_as_described(gateway, sender):
    answer = requests.post(
        gateway.url + PATH.replace("{AccountSid}", ACCOUNT_SID),
        data={"To": "+94711234567", "Body": "Code 493816", **sender},
        auth=(ACCOUNT_SID, AUTH_TOKEN),
        timeout=5,
    )

    assert answer.status_code == 201
    assert faults(answer_schema(), answer.json()) == []
    assert answer.json().keys() == answer_schema()["properties"].keys()


def test_the_check_finds_what_is_wrong():
    document = {"sid": "XX1", "status": "lost", "error_code": "none"}

    assert {fault.partition(":")[0] for fault in faults(answer_schema(), document)} == {"sid", "status", "error_code"}


def test_the_account_of_these_tests_is_as_described():
    (parameter,) = contract()["paths"][PATH]["post"]["parameters"]

    assert faults(parameter["schema"], ACCOUNT_SID) == []


def _snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
