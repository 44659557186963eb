"""What a request is known by: its id, and the trace it belongs to."""

from __future__ import annotations

import re

import pytest

from api.request_facts import principal_of, request_id_of, route_of, set_route, trace_id_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


def test_a_plain_id_of_the_caller_is_kept():
    assert request_id_of({"HTTP_X_REQUEST_ID": "abc-123_X.y"}) == "abc-123_X.y"


@pytest.mark.parametrize("sent", ["short", "x" * 65, "with blank", "new\nline", "<script>", "", "ünïcödé1"])
def test_any_other_id_is_replaced(sent):
    assert re.fullmatch(r"[0-9a-f]{32}", request_id_of({"HTTP_X_REQUEST_ID": sent}))


def test_a_request_keeps_its_id():
    environ: dict = {}

    assert request_id_of(environ) == request_id_of(environ)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(f"00-{TRACE}-{PARENT}-01", id="as in the recommendation"),
        pytest.param(f"00-{TRACE}-{PARENT}-00", id="not sampled"),
        pytest.param(f"cc-{TRACE}-{PARENT}-01-what-comes-later", id="a later version"),
    ],
)
def test_a_trace_is_named_by_the_caller(sent):
    """W3C Trace Context §3.2."""
    assert trace_id_of({"HTTP_TRACEPARENT": sent}) == TRACE


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(f"ff-{TRACE}-{PARENT}-01", id="invalid version"),
        pytest.param(f"00-{'0' * 32}-{PARENT}-01", id="no trace"),
        pytest.param(f"00-{TRACE}-{'0' * 16}-01", id="no parent"),
        pytest.param(f"00-{TRACE.upper()}-{PARENT}-01", id="capitals"),
        pytest.param(f"00-{TRACE}-{PARENT}", id="no flags"),
        pytest.param(f"00-{TRACE}-{PARENT}-01\n", id="line break"),
        pytest.param(f" 00-{TRACE}-{PARENT}-01", id="blank"),
        pytest.param("+447700900123", id="a number"),
        pytest.param("", id="empty"),
    ],
)
def test_anything_else_is_no_trace(sent):
    assert trace_id_of({"HTTP_TRACEPARENT": sent}) is None


def test_without_the_header_there_is_no_trace():
    assert trace_id_of({}) is None


def test_a_route_is_known_when_it_is_taken():
    environ: dict = {}
    assert route_of(environ) is None

    set_route(environ, "/scim2/Users/<id>")

    assert route_of(environ) == "/scim2/Users/<id>"


def test_nobody_is_authenticated_at_first():
    assert principal_of({}) is None
