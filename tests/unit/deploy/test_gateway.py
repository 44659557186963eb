"""The gateway stand-in takes what the custom provider sends, and shows it."""

from __future__ import annotations

import http.client
import json
import threading

import pytest

from deploy.gateway.gateway import KEPT, LONGEST_BODY, BadMessage, Inbox, gateway, page, read_message


@pytest.fixture
def server():
    running = gateway("127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def ask(server, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer.status, content


JSON = {"Content-Type": "application/json; charset=utf-8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param('{"to": "+4412345", "content": "code & all"}', JSON, id="json"),
        pytest.param("to=%2B4412345&content=code+%26+all", FORM, id="form"),
    ],
)
def test_message_is_shown_as_it_came(server, method, body, headers):
    status, answer = ask(server, method, "/messages", body, headers)

    _, listed = ask(server, "GET", "/messages")

    assert status == 200
    assert [(message["to"], message["content"], message["reference"]) for message in json.loads(listed)] == [
        ("+4412345", "code & all", json.loads(answer)["reference"])
    ]


def test_page_escapes_what_it_shows(server):
    ask(server, "POST", "/messages", json.dumps({"to": "1", "content": "<script>"}), JSON)

    _, shown = ask(server, "GET", "/")

    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def test_empty_page_says_so():
    assert "None so far" in page([])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"{", "application/json", id="broken json"),
        pytest.param(b"[]", "application/json", id="no object"),
        pytest.param(b'{"to": "1"}', "application/json", id="no content"),
        pytest.param(b"content=x", "", id="no number"),
        pytest.param(b"to=1&content=\xff", "", id="not UTF-8"),
    ],
)
def test_what_is_no_message_is_refused(body, content_type):
    with pytest.raises(BadMessage):
        read_message(body, content_type)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        pytest.param("POST", "/messages", "{", JSON, 400, id="no message"),
        pytest.param("POST", "/elsewhere", "to=1&content=2", FORM, 404, id="elsewhere"),
        pytest.param("POST", "/messages", None, {"Content-Length": "x"}, 411, id="no length"),
        pytest.param("POST", "/messages", "x" * (LONGEST_BODY + 1), FORM, 413, id="too long"),
        pytest.param("GET", "/elsewhere", None, None, 404, id="unknown page"),
        pytest.param("GET", "/healthz", None, None, 200, id="up"),
    ],
)
def test_request_is_answered_with_its_status(server, method, path, body, headers, expected):
    status, _ = ask(server, method, path, body, headers)

    assert status == expected


def test_inbox_keeps_the_newest():
    inbox = Inbox()

    for number in range(KEPT + 1):
        inbox.receive(str(number), "text")

    assert [message.to for message in inbox.newest_first()] == [str(number) for number in range(KEPT, 0, -1)]
