"""The custom gateway's requests, and what its answers mean."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest
import responses

from providers.custom import LONGEST_REFERENCE, CustomConfig, CustomProvider, sign
from providers.errors import ProviderConfigError
from tests.factories.messages import MOBILE, TEXT, message
from tests.factories.verification import MOMENT, FrozenClock
from verification.errors import PermanentDeliveryError, TemporaryDeliveryError

URL = "https://gateway.example/sms"


def provider(**changes):
    return CustomProvider(CustomConfig(**{"url": URL, **changes}), FrozenClock())


def sent(**changes):
    """Send one message and return the request."""
    method = changes.get("method", "POST").upper() or "POST"
    with responses.RequestsMock() as gateway:
        gateway.add(method, URL, json={})
        provider(**changes).send(message(reference="d-1"))
        return gateway.calls[0].request


def outcome(**answer):
    """Send one message to a gateway that answers so, and return the reference."""
    with responses.RequestsMock() as gateway:
        gateway.post(URL, **answer)
        return provider().send(message())


def test_json_is_the_default():
    request = sent()

    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {"content": TEXT, "to": MOBILE}


@pytest.mark.parametrize("content_type", ["", "JSON", "json", " Json "])
def test_json_by_its_names(content_type):
    assert sent(content_type=content_type).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("content_type", ["FORM", "form"])
def test_a_form(content_type):
    request = sent(content_type=content_type)

    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {"content": [TEXT], "to": [MOBILE]}


@pytest.mark.parametrize("method", ["POST", "PUT", "put", ""])
def test_the_method_is_configured(method):
    assert sent(method=method).method == (method.upper() or "POST")


def test_the_template_is_configured():
    request = sent(template='{"messages": [{"sms": "{{body}}", "destination": {{mobile}}}]}')

    assert json.loads(request.body) == {"messages": [{"sms": TEXT, "destination": MOBILE}]}


def test_the_template_of_a_form_is_configured():
    request = sent(content_type="FORM", template="from=Us&msg={{body}}&nr={{mobile}}")

    assert parse_qs(request.body.decode()) == {"from": ["Us"], "msg": [TEXT], "nr": [MOBILE]}


def test_static_headers_are_sent():
    headers = sent(headers="authorisation: qwer1234asdfzxcv, x-csrf: true, x-abc: some-value").headers

    assert (headers["authorisation"], headers["x-csrf"], headers["x-abc"]) == ("qwer1234asdfzxcv", "true", "some-value")


def test_the_content_type_stays_ours():
    assert sent(headers="Content-Type: text/plain").headers["Content-Type"] == "application/json"


def test_the_delivery_is_the_key_of_idempotency():
    assert sent().headers["Idempotency-Key"] == "d-1"


def test_without_a_secret_nothing_is_signed():
    assert "X-Lineproof-Signature" not in sent().headers


def test_with_a_secret_moment_and_payload_are_signed():
    request = sent(secret="s3cret")

    at = int(MOMENT.timestamp())
    expected = hmac.new(b"s3cret", f"{at}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-Lineproof-Signature"] == f"t={at},v1={expected}"


def test_a_signature_that_others_can_check_theirs_against():
    """The sample of docs/providers.md."""
    signature = sign(b"correct horse battery staple", b'{"content": "Code 493816", "to": "+94711234567"}', 1795348800)

    assert signature == "t=1795348800,v1=1ab196bd5bb11d81dcbf17024ef1ea491e49daba1f94fa94024af97260424c35"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 206, 299])
def test_any_success_is_one(status):
    assert outcome(status=status) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_temporary(status):
    with pytest.raises(TemporaryDeliveryError):
        outcome(status=status)


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 410, 422, 451])
def test_what_stays_is_permanent(status):
    with pytest.raises(PermanentDeliveryError):
        outcome(status=status, headers={"Location": "https://other.example/"})


@pytest.mark.parametrize("status", [429, 503])
def test_the_pause_that_is_asked_for_travels_with_the_error(status):
    with pytest.raises(TemporaryDeliveryError) as caught:
        outcome(status=status, headers={"Retry-After": "17"})

    assert caught.value.retry_after == 17


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param({"id": "a-1"}, "a-1", id="id"),
        pytest.param({"messageId": "a-2"}, "a-2", id="messageId"),
        pytest.param({"message_id": "a-3"}, "a-3", id="message_id"),
        pytest.param({"reference": "a-4"}, "a-4", id="reference"),
        pytest.param({"reference": "a-4", "id": "a-1"}, "a-1", id="the first of several"),
        pytest.param({"id": 4711}, "4711", id="number"),
        pytest.param({"id": None, "messageId": "a-2"}, "a-2", id="null"),
        pytest.param({"id": True}, None, id="boolean"),
        pytest.param({"id": ""}, None, id="empty"),
        pytest.param({"id": "x" * LONGEST_REFERENCE}, "x" * LONGEST_REFERENCE, id="longest"),
        pytest.param({"id": "x" * (LONGEST_REFERENCE + 1)}, None, id="too long"),
        pytest.param({"id": "a\nb"}, None, id="a line break"),
        pytest.param({"id": {"a": 1}}, None, id="object"),
        pytest.param(["a-1"], None, id="array"),
    ],
)
def test_the_reference_is_found_in_the_answer(document, expected):
    assert outcome(json=document) == expected


def test_an_answer_in_words_is_an_acceptance_too():
    assert outcome(body="OK") is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"url": ""}, "custom.url: is missing", id="no URL"),
        pytest.param(
            {"url": "ftp://gateway.example"}, "custom.url: must be an http or https URL with a host", id="URL"
        ),
        pytest.param({"method": "GET"}, "custom.method: must be POST or PUT", id="method"),
        pytest.param({"content_type": "XML"}, "custom.content_type: must be JSON or FORM", id="content type"),
        pytest.param({"template": '{"a": {{body}}'}, "custom.template: does not become valid JSON", id="template"),
        pytest.param({"headers": "s3cret"}, "custom.headers: header 1 is not of the form `name: value`", id="headers"),
    ],
)
def test_a_faulty_configuration_is_refused(changes, fault):
    with pytest.raises(ProviderConfigError) as caught:
        provider(**changes)

    assert caught.value.faults == (fault,)


def test_all_faults_are_named_at_once():
    with pytest.raises(ProviderConfigError) as caught:
        provider(url="", method="GET", template="{{s3cret}}", headers="a b: s3cret")

    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "custom.url",
        "custom.method",
        "custom.template",
        "custom.headers",
    ]
    assert "s3cret" not in str(caught.value)


def test_the_configuration_does_not_show_its_secrets():
    config = CustomConfig(
        url="https://gateway.example/?key=s3cret", template="s3cret", headers="authorization: s3cret", secret="s3cret"
    )

    assert "s3cret" not in repr(config)
