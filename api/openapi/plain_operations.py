"""The operations of neither SCIM, flask-smorest nor OpenID: health, metrics, receipts, and this description itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.openapi.operations import Operation
from api.openapi.parameters import header_references

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

JSON = "application/json"
_HEALTH = "Health"
_DESCRIPTION = "Description"


def plain_operations() -> Mapping[tuple[str, str], Operation]:
    """Describe them."""
    return {
        ("/healthz", "get"): Operation(
            id="getHealth",
            tag=_HEALTH,
            summary="Whether the process lives",
            answers={"200": _answer("It does.", JSON, _STATUS, {"status": "ok"})},
        ),
        ("/readyz", "get"): Operation(
            id="getReadiness",
            tag=_HEALTH,
            summary="Whether the service can do its work",
            answers={
                "200": _answer("It can.", JSON, _READINESS, _readiness("ok", delivery=True)),
                "503": _answer("It cannot.", JSON, _READINESS, _readiness("unavailable", delivery=False)),
            },
        ),
        ("/metrics", "get"): Operation(
            id="getMetrics",
            tag=_HEALTH,
            summary="Counters and gauges for Prometheus",
            description="The token of `LINEPROOF_METRICS_TOKEN` opens this as well, and nothing else.",
            answers={"200": _answer("All metrics.", "text/plain", _TEXT, _METRICS)},
        ),
        ("/receipts/{provider}", "get"): _receipt("get", None),
        ("/receipts/{provider}", "post"): _receipt("post", "Receipt"),
        ("/openapi.json", "get"): Operation(
            id="getDescription",
            tag=_DESCRIPTION,
            summary="This description",
            answers={"200": _answer("The description.", JSON, {"type": "object"}, {"openapi": "3.1.0"})},
        ),
        ("/docs", "get"): Operation(
            id="showDescription",
            tag=_DESCRIPTION,
            summary="This description, to be read by people",
            answers={"200": _answer("A page.", "text/html", _TEXT, "<!doctype html>")},
        ),
        ("/docs/{asset}", "get"): Operation(
            id="getAsset",
            tag=_DESCRIPTION,
            summary="A file that the page needs",
            answers={
                "200": {
                    "description": "The file.",
                    "headers": header_references(()),
                    "content": {
                        "text/css": {"schema": _TEXT, "example": "body{margin:0}"},
                        "text/javascript": {"schema": _TEXT, "example": '"use strict";'},
                    },
                }
            },
            failures=("NotFound",),
        ),
    }


def plain_bodies() -> Mapping[str, Document]:
    """Describe the bodies of requests among them."""
    receipt = {"schema": {"type": "object"}, "example": {"MessageSid": "SM0123456789", "MessageStatus": "delivered"}}
    content = {JSON: receipt, "application/x-www-form-urlencoded": receipt}
    return {"Receipt": {"description": "As the gateway writes it.", "required": True, "content": content}}


def _receipt(method: str, body: str | None) -> Operation:
    return Operation(
        id=f"{method}Receipt",
        tag="Receipts",
        summary="What became of a message, reported by its gateway",
        description="Only for gateways that are set up with a secret, which signs the report.",
        body=body,
        body_failures=(),
        answers={"204": {"description": "It is noted.", "headers": header_references(())}},
        failures=("InvalidRequest", "ReceiptNotSigned", "NotFound", "PayloadTooLarge", "ServiceUnavailable"),
    )


_TEXT: Document = {"type": "string"}
_METRICS = """\
# HELP lineproof_outbox_queued Messages that wait, or wait for a retry.
# TYPE lineproof_outbox_queued gauge
lineproof_outbox_queued 0.0
"""
_STATUS: Document = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["ok", "unavailable"]}},
}
_READINESS: Document = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        **_STATUS["properties"],
        "checks": {
            "description": "What is looked at, and whether it is well.",
            "type": "object",
            "additionalProperties": {"type": "boolean"},
        },
    },
}


def _readiness(status: str, *, delivery: bool) -> Document:
    return {"status": status, "checks": {"database": True, "schema": True, "delivery": delivery, "senders": True}}


def _answer(description: str, media_type: str, schema: Document, example: object) -> Document:
    return {
        "description": description,
        "headers": header_references(()),
        "content": {media_type: {"schema": schema, "example": example}},
    }
