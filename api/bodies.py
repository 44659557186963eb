"""Request bodies: read with a limit, decoded strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scim.errors import InvalidSyntax, PayloadTooLarge, UnsupportedMediaType

if TYPE_CHECKING:
    from flask import Request

MAX_BODY = 1024 * 1024
"""Bytes of one request body; a full user is about 2 kB, a bulk request publishes its own limit."""
JSON_TYPES = frozenset({"application/json", "application/scim+json"})


def read_json(request: Request, *, limit: int = MAX_BODY) -> Any:  # noqa: ANN401 - a JSON value of any type
    """Return the decoded JSON body of a request.

    Raises:
        UnsupportedMediaType: the body is not declared as JSON (RFC 7644 §3.1).
        PayloadTooLarge: it has more than `limit` bytes.
        InvalidSyntax: it is no JSON text in UTF-8.
    """
    if request.mimetype not in JSON_TYPES:
        raise UnsupportedMediaType("The body must be application/scim+json or application/json.")
    return decode_json(read_bytes(request, limit))


def read_bytes(request: Request, limit: int) -> bytes:
    """Return the raw body, refusing one over the limit before it is read whole."""
    if (request.content_length or 0) > limit:
        raise PayloadTooLarge(f"The body may have at most {limit} bytes.")
    # A chunked body has no length to look at: read one byte more than is allowed.
    data: bytes = request.stream.read(limit + 1)
    if len(data) > limit:
        raise PayloadTooLarge(f"The body may have at most {limit} bytes.")
    if len(data) < (request.content_length or 0):
        # RFC 9112 §8: the connection broke off. What did come may look whole, and is not what was meant.
        raise InvalidSyntax("The body ends before its length.")
    return data


def decode_json(data: bytes) -> Any:  # noqa: ANN401 - a JSON value of any type
    """Decode a JSON text; orjson refuses bad UTF-8, NaN and nesting deeper than 1,024 levels by itself."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidSyntax("The body is not valid JSON in UTF-8.") from error
