"""Payload templates of the custom gateway: `{{body}}` and `{{mobile}}` become the message."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus

import orjson

from providers.errors import ProviderConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEFAULT_JSON = '{"content": {{body}}, "to": {{mobile}}}'
DEFAULT_FORM = "content={{body}}&to={{mobile}}"

# Blanks inside the braces are forgiven.
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Each letter that needs care in one of the forms, and none that may follow a backslash at the start.
_SAMPLE = {"body": 'é "quoted" \\ & = + % \n 123456', "mobile": "+15005550006"}


class Placeholder(Enum):
    """What a template can ask for."""

    BODY = "body"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template, and how a value is written there."""

    placeholder: Placeholder
    write: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A template taken apart: text that stays, and slots."""

    pieces: tuple[str | Slot, ...]

    def render(self, *, body: str, mobile: str) -> bytes:
        """Write the payload of one message."""
        values = {Placeholder.BODY: body, Placeholder.MOBILE: mobile}
        written = (piece if isinstance(piece, str) else piece.write(values[piece.placeholder]) for piece in self.pieces)
        return "".join(written).encode()


def json_template(text: str) -> Template:
    """Read a template of JSON.

    A value is inserted as a JSON string with its quotes, and without them where the placeholder stands inside a
    string already; in both places it is escaped.
    """
    pieces: list[str | Slot] = []
    is_inside = False
    for piece in _pieces(text):
        if isinstance(piece, str):
            is_inside = _ends_inside_string(piece, is_inside=is_inside)
            pieces.append(piece)
        else:
            pieces.append(Slot(piece, _json_letters if is_inside else _json_string))
    template = Template(tuple(pieces))
    try:
        orjson.loads(template.render(**_SAMPLE))
    except orjson.JSONDecodeError:
        raise ProviderConfigError("custom.template: does not become valid JSON") from None
    return template


def form_template(text: str) -> Template:
    """Read a template of a form, into which values are inserted URL-encoded."""
    template = Template(tuple(p if isinstance(p, str) else Slot(p, quote_plus) for p in _pieces(text)))
    rendered = template.render(**_SAMPLE).decode()
    try:
        parse_qsl(rendered, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise ProviderConfigError("custom.template: is not of the form name=value&name=value") from None
    if _CONTROL.search(rendered):
        raise ProviderConfigError("custom.template: holds a line break or another control character")
    return template


def _pieces(text: str) -> Iterator[str | Placeholder]:
    names = {placeholder.value for placeholder in Placeholder}
    parts = _PLACEHOLDER.split(text)  # text, name, text, name, ... text
    if not names.issuperset(parts[1::2]):
        raise ProviderConfigError("custom.template: has an unknown placeholder; there are {{body}} and {{mobile}}")
    if Placeholder.BODY.value not in parts[1::2]:
        raise ProviderConfigError("custom.template: has no {{body}}, so no code would be sent")
    return (Placeholder(part) if position % 2 else part for position, part in enumerate(parts))


def _ends_inside_string(text: str, *, is_inside: bool) -> bool:
    letters = iter(text)
    for letter in letters:
        if letter == '"':
            is_inside = not is_inside
        elif letter == "\\" and is_inside:
            next(letters, None)
    return is_inside


def _json_string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json_letters(value: str) -> str:
    return _json_string(value)[1:-1]
