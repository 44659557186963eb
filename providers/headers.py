"""Static headers of the custom gateway, in the guide's form or as a JSON object."""

from __future__ import annotations

import re

import orjson

from providers.errors import ProviderConfigError

_LETTERS = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110 §5.6.2
_NAME = re.compile(_LETTERS)
# A comma parts two headers only where a name and a colon follow, so that `a, b` and a URL stay whole.
_SEPARATOR = re.compile(rf",(?=\s*{_LETTERS}\s*:(?!//))")
# RFC 9110 §5.5: visible letters, space and tab; what is beyond Latin-1 cannot be sent.
_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")

# Ours to set: where the request goes, its framing, and what vouches for each single message.
RESERVED = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "idempotency-key",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-lineproof-signature",
    }
)


def parse_headers(text: str) -> dict[str, str]:
    """Read `name: value, name: value`, or a JSON object of strings when the text begins with a brace.

    A Content-Type is left out: it follows from the kind of payload.

    Raises:
        ProviderConfigError: A header cannot be sent; the faults name it by position, never by value.
    """
    pairs = _from_json(text) if text.lstrip().startswith("{") else _from_list(text)
    faults = []
    headers: dict[str, str] = {}
    seen = set()
    for position, (name, value) in enumerate(pairs, 1):
        fault = header_fault(name, value)
        if fault is None and name.lower() in seen:
            fault = "has the name of an earlier one"
        if fault is not None:
            faults.append(f"custom.headers: header {position} {fault}")
        seen.add(name.lower())
        headers[name] = value
    if faults:
        raise ProviderConfigError(*faults)
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}


def header_fault(name: str, value: str) -> str | None:
    """Return what is wrong with a header, without its value; None where it can be sent."""
    if not _NAME.fullmatch(name):
        return "has no valid name"
    if value == "\0":
        return "is not of the form `name: value`"
    if not _VALUE.fullmatch(value):
        return "has a value with a line break or another letter that no header may hold"
    if name.lower() in RESERVED:
        return "is one that Lineproof sets itself"
    return None


def _from_list(text: str) -> list[tuple[str, str]]:
    # Between headers only blanks are trimmed: a line break there must stay in sight, to be refused.
    parts = _SEPARATOR.split(text.strip().removesuffix(","))
    if parts == [""]:
        return []
    pairs = (part.partition(":") for part in parts)
    return [(name.strip(" \t"), value.strip(" \t") if colon else "\0") for name, colon, value in pairs]


def _from_json(text: str) -> list[tuple[str, str]]:
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ProviderConfigError("custom.headers: begins with a brace but is not a JSON object") from None
    return [(name, value if isinstance(value, str) else "\0") for name, value in parsed.items()]
