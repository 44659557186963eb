"""Each request is counted and logged once, by its route and never by its path."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from api.request_facts import set_principal, set_route
from api.watching import Watched

PATH = "/scim2/Users/0123456789"
CLOCK = SimpleNamespace(now=lambda: datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC))


class Watch:
    """An application that is watched, and what is told of it."""

    def __init__(self, application, **options):
        self.counted = []
        self._watched = Watched(application, lambda *what: self.counted.append(what), CLOCK, **options)

    def call(self, method="GET", **headers):
        """Send a request, and return the status and the body of the answer."""
        answered = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": PATH, **headers}
        body = self._watched(environ, lambda line, _headers: answered.append(line))
        return answered[0], b"".join(body)


def answering(status="200 OK", **facts):
    def application(environ, start_response):
        if facts.get("route"):
            set_route(environ, facts["route"])
        if facts.get("principal"):
            set_principal(environ, facts["principal"])
        start_response(status, [("Content-Length", "2")])
        return [b"ok"]

    return application


def failing(_environ, _start_response):
    raise ZeroDivisionError


def lines(capfd):
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_counted_by_its_route():
    watch = Watch(answering("201 Created", route="/scim2/Users/<id>"))

    assert watch.call("PATCH") == ("201 Created", b"ok")
    ((route, method, status, seconds),) = watch.counted
    assert (route, method, status) == ("/scim2/Users/<id>", "PATCH", 201)
    assert 0 <= seconds < 1


def test_what_the_caller_made_up_is_not_counted_by_its_name():
    watch = Watch(answering("404 Not Found"))

    watch.call("0123456789")

    assert [what[:3] for what in watch.counted] == [("none", "other", 404)]


def test_a_request_has_one_line(capfd):
    watch = Watch(answering(route="/scim2/Users/<id>"))

    watch.call(HTTP_X_REQUEST_ID="request-1")

    (line,) = lines(capfd)
    assert isinstance(line.pop("milliseconds"), float)
    assert line == {
        "event": "request",
        "level": "info",
        "timestamp": "2026-11-22T09:00:00.123456Z",
        "method": "GET",
        "route": "/scim2/Users/<id>",
        "status": 200,
        "request_id": "request-1",
    }


def test_the_line_tells_who_calls_by_ids_alone(capfd):
    bob = SimpleNamespace(user_id="u-1", client_id="app", subject="bob@example.com")
    trace = "0af7651916cd43dd8448eb211c80319c"

    Watch(answering(principal=bob)).call(HTTP_TRACEPARENT=f"00-{trace}-b7ad6b7169203331-01")

    written = capfd.readouterr().err
    line = json.loads(written)
    assert (line["subject_id"], line["client_id"], line["trace_id"]) == ("u-1", "app", trace)
    assert "bob@" not in written


def test_a_foreign_subject_without_a_user_is_not_told(capfd):
    somebody = SimpleNamespace(user_id=None, client_id=None, subject="ann@example.com")

    Watch(answering(principal=somebody)).call()

    (line,) = lines(capfd)
    assert {"subject_id", "client_id"} & set(line) == set()


def test_neither_path_nor_query_nor_method_of_the_callers_making_is_written(capfd):
    Watch(answering("404 Not Found")).call("0123456789", QUERY_STRING="filter=0123456789")

    assert "0123456789" not in capfd.readouterr().err


def test_an_application_that_fails_is_counted_as_a_fault(capfd):
    watch = Watch(failing)

    with pytest.raises(ZeroDivisionError):
        watch.call()
    assert [what[:3] for what in watch.counted] == [("none", "GET", 500)]
    assert [line["level"] for line in lines(capfd)] == ["error"]


def test_where_lines_are_not_wanted_faults_are_written_all_the_same(capfd):
    for status in ("200 OK", "404 Not Found", "503 Service Unavailable"):
        Watch(answering(status), lines_from=500).call()

    assert [line["status"] for line in lines(capfd)] == [503]


def test_what_the_server_is_told_of_a_fault_is_handed_on():
    told = []

    def application(_environ, start_response):
        start_response("500 Internal Server Error", [], (None, None, None))
        return []

    Watched(application, lambda *_: None, CLOCK)(
        {"REQUEST_METHOD": "GET"}, lambda _line, _headers, fault: told.append(fault)
    )

    assert told == [(None, None, None)]
