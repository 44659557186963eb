"""Static headers as operators write them."""

from __future__ import annotations

import pytest

from providers.errors import ProviderConfigError
from providers.headers import RESERVED, parse_headers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("  ", {}, id="blank"),
        pytest.param(
            "authorisation: qwer1234asdfzxcv, x-csrf: true, x-abc: some-value",
            {"authorisation": "qwer1234asdfzxcv", "x-csrf": "true", "x-abc": "some-value"},
            id="the guide's",
        ),
        pytest.param("a:1,b:2", {"a": "1", "b": "2"}, id="no blanks"),
        pytest.param("  a :  1  ,  b : 2  ", {"a": "1", "b": "2"}, id="many blanks"),
        pytest.param("x-callback: https://a.example/x", {"x-callback": "https://a.example/x"}, id="a URL"),
        pytest.param(
            "x-callback: https://a.example:8443/x?y=1,2, x-b: 3",
            {"x-callback": "https://a.example:8443/x?y=1,2", "x-b": "3"},
            id="a URL with a port and commas",
        ),
        pytest.param(
            "x-callbacks: https://a.example, https://b.example, x-b: 3",
            {"x-callbacks": "https://a.example, https://b.example", "x-b": "3"},
            id="two URLs",
        ),
        pytest.param("accept: a, b, x-b: c, d", {"accept": "a, b", "x-b": "c, d"}, id="commas in values"),
        pytest.param("x-time: 12:30:00", {"x-time": "12:30:00"}, id="colons in values"),
        pytest.param("authorization: Basic YTpi==", {"authorization": "Basic YTpi=="}, id="credentials"),
        pytest.param("x-empty:", {"x-empty": ""}, id="an empty value"),
        pytest.param("a: 1,", {"a": "1"}, id="a comma at the end"),
        pytest.param("a: 1\n", {"a": "1"}, id="a line break at the end of all"),
        pytest.param("x-name: Zoë", {"x-name": "Zoë"}, id="latin-1"),
        pytest.param('{"a": "1", "x-b": "c, d: e"}', {"a": "1", "x-b": "c, d: e"}, id="a JSON object"),
        pytest.param(" {} ", {}, id="an empty JSON object"),
        pytest.param("content-type: text/plain, a: 1", {"a": "1"}, id="the content type is ours"),
        pytest.param('{"Content-Type": "text/plain"}', {}, id="the content type is ours in JSON too"),
    ],
)
def test_headers_are_read(text, expected):
    assert parse_headers(text) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("hello", "header 1 is not of the form `name: value`", id="no colon"),
        pytest.param(": value", "header 1 has no valid name", id="no name"),
        pytest.param("a: 1, a: 2", "header 2 has the name of an earlier one", id="twice"),
        pytest.param("a: 1, A: 2", "header 2 has the name of an earlier one", id="twice, without case"),
        pytest.param("x y: 1", "header 1 has no valid name", id="a blank in the name"),
        pytest.param("a: 1\r\nx-evil: 2", "header 1 has a value with a line break", id="a line break in a value"),
        pytest.param("a: 1,\r\nb: 2", "header 2 has no valid name", id="a line break before a name"),
        pytest.param("a: 1\x00", "header 1 has a value with a line break", id="a NUL"),
        pytest.param("a: \u20ac", "header 1 has a value with a line break", id="beyond latin-1"),
        pytest.param('{"a": "1\\r\\nx-evil: 2"}', "header 1 has a value with a line break", id="a line break in JSON"),
        pytest.param('{"a\\r\\nb": "1"}', "header 1 has no valid name", id="a line break in a name"),
        pytest.param('{"a": 1}', "header 1 is not of the form `name: value`", id="a number in JSON"),
        pytest.param('{"a": "1"', "begins with a brace but is not a JSON object", id="broken JSON"),
    ],
)
def test_what_cannot_be_sent_is_refused(text, fault):
    with pytest.raises(ProviderConfigError) as caught:
        parse_headers(text)

    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"custom.headers: {fault}")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_headers_of_our_own_are_refused(name):
    with pytest.raises(ProviderConfigError, match="sets itself"):
        parse_headers(f"{name.title()}: x")


def test_all_faults_are_named_without_their_values():
    with pytest.raises(ProviderConfigError) as caught:
        parse_headers('{"a b": "s3cret-1", "c": "s3cret-2\\n", "te": "s3cret-3"}')

    assert [fault.split(" ")[2] for fault in caught.value.faults] == ["1", "2", "3"]
    assert "s3cret" not in str(caught.value)
