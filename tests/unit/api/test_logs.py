"""Log lines are JSON, one object each, on standard error."""

from __future__ import annotations

import json
import os

import pytest
import structlog
from flask import Flask

from api.logs import configure_logs, write_line
from api.request_state import add_request


@pytest.fixture(autouse=True)
def _restored():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def written(capfd):
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_line_is_an_object_with_event_level_and_moment(capfdbinary):
    configure_logs()

    structlog.get_logger().warning("something happened", kind="test")

    (line,) = [json.loads(text) for text in capfdbinary.readouterr().err.splitlines()]
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "something happened", "level": "warning", "kind": "test"}


@pytest.mark.parametrize(
    ("level", "expected"),
    [("info", ["info", "warning", "error"]), ("warning", ["warning", "error"]), ("error", ["error"])],
)
def test_lines_below_the_level_are_not_written(capfdbinary, level, expected):
    configure_logs(level)
    log = structlog.get_logger()

    log.info("a")
    log.warning("b")
    log.error("c")

    assert [json.loads(text)["level"] for text in capfdbinary.readouterr().err.splitlines()] == expected


def test_a_line_of_a_request_names_it(capfdbinary):
    configure_logs("info", add_request)
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"X-Request-Id": "request-1", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}

    with Flask("test").test_request_context(headers=headers):
        structlog.get_logger().info("inside")
    structlog.get_logger().info("outside")

    inside, outside = [json.loads(text) for text in capfdbinary.readouterr().err.splitlines()]
    assert (inside["request_id"], inside["trace_id"]) == ("request-1", trace)
    assert {"request_id", "trace_id"} & set(outside) == set()


def test_a_line_is_written_at_once(capfd):
    write_line({"event": "request", "status": 200})

    assert written(capfd) == [{"event": "request", "status": 200}]


def test_a_line_that_nobody_reads_is_no_fault(capfd):
    reader, writer = os.pipe()
    kept = os.dup(2)
    try:
        os.dup2(writer, 2)
        os.close(reader)
        write_line({"event": "request"})
    finally:
        os.dup2(kept, 2)
        os.close(writer)
        os.close(kept)

    assert written(capfd) == []
