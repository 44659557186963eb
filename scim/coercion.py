"""Values of requests turned into canonical ones, attribute by attribute (RFC 7643 §2.3).

What clients are known to send beside the RFC is understood here, by the schema alone: booleans as texts
(Entra), one object for a list of them (OneLogin), a bare text for an object with a `value` (a manager, the
e-mail addresses of WSO2), and our lists as one text with separators.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING, Any

from scim.attributes import AttributeType, Mutability
from scim.elements import each_once
from scim.errors import InvalidValue
from scim.moments import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from scim.attributes import Attribute

MAX_TEXT = 4096
"""Characters of one text where the schema sets no bound: far above any name or address, far below a body."""
MAX_BINARY = 65_536
"""Characters of one binary value: a chain of certificates fits, a picture belongs behind a URL."""
_INTEGERS = range(-(2**63), 2**63)
"""What JSON readers and databases agree to be an integer."""
_BOOLEANS = {"true": True, "false": False}
_WHITESPACE = re.compile(r"[ \t\r\n]+")


def coerce_value(attribute: Attribute, value: object, path: str) -> Any:  # noqa: ANN401 - a JSON value
    """Turn the value given for a whole attribute into its canonical form; None where it is unassigned.

    *path* names the attribute in the detail of InvalidValue. Sub-attributes that are readOnly or unknown are
    left out.
    """
    if not attribute.multi_valued:
        return coerce_element(attribute, value, path)
    elements = [coerce_element(attribute, raw, path) for raw in _raw_elements(attribute, value)]
    # RFC 7643 §2.5: an empty list is the same as no value.
    return each_once(attribute, [element for element in elements if element is not None]) or None


def coerce_element(attribute: Attribute, value: object, path: str) -> Any:  # noqa: ANN401 - a JSON value
    """Turn one element of a multi-valued attribute, or a single value, into its canonical form."""
    if value is None:
        return None
    if attribute.is_complex:
        return _coerce_complex(attribute, value, path)
    return _SCALARS[attribute.type](attribute, value, path)


def _raw_elements(attribute: Attribute, value: object) -> list[object]:
    if value is None:
        return []
    elements: list[object] = value if isinstance(value, list) else [value]
    if attribute.separator is None:
        return elements
    parts = [part for element in elements for part in _separated(element, attribute.separator)]
    return [part for part in parts if part != ""]


def _separated(element: object, separator: str) -> list[object]:
    return [part.strip() for part in element.split(separator)] if isinstance(element, str) else [element]


def _coerce_complex(attribute: Attribute, value: object, path: str) -> dict[str, Any] | None:
    if isinstance(value, str) and not value.strip():
        return None
    if not isinstance(value, dict):
        if attribute.sub("value") is None or isinstance(value, list):
            raise InvalidValue(f"{path} must be an object.")
        value = {"value": value}
    given = _given(attribute, value, path)
    if not attribute.multi_valued and isinstance(given.get("value"), str) and not given["value"].strip():
        # Entra removes a manager by giving it a blank value.
        del given["value"]
    return {sub.name: given[sub.name] for sub in attribute.sub_attributes if sub.name in given} or None


def _given(attribute: Attribute, value: dict[str, Any], path: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, raw in value.items():
        sub = attribute.sub(name)
        if sub is None or sub.mutability is Mutability.READ_ONLY:
            continue
        coerced = coerce_value(sub, raw, f"{path}.{sub.name}")
        if coerced is not None:
            given[sub.name] = combined(sub, given.get(sub.name), coerced, f"{path}.{sub.name}")
    return given


def combined(attribute: Attribute, first: Any, second: Any, path: str) -> Any:  # noqa: ANN401 - JSON values
    """Put together what one request says of an attribute under two names (by case, URN or alias).

    Elements add up. Two different single values are refused, as nobody could say which one is meant.
    """
    if first is None or first == second:
        return second
    if attribute.multi_valued:
        return each_once(attribute, [*first, *second])
    raise InvalidValue(f"{path} is given twice, with different values.")


def _text(attribute: Attribute, value: object, path: str) -> str:
    return _checked_text(value, path, attribute.max_length or MAX_TEXT)


def _checked_text(value: object, path: str, longest: int) -> str:
    if not isinstance(value, str):
        raise InvalidValue(f"{path} must be a string.")
    if len(value) > longest:
        raise InvalidValue(f"{path} may have at most {longest} characters.")
    # PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
    if "\0" in value or not _is_unicode(value):
        raise InvalidValue(f"{path} holds a character that is not allowed.")
    return value


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _boolean(_: Attribute, value: object, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    raise InvalidValue(f"{path} must be true or false.")


def _integer(_: Attribute, value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INTEGERS:
        raise InvalidValue(f"{path} must be an integer.")
    return value


def _decimal(_: Attribute, value: object, path: str) -> float:
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, float | bool) or not isinstance(value, int) or value not in _INTEGERS:
        raise InvalidValue(f"{path} must be a number.")
    return value


def _date_time(attribute: Attribute, value: object, path: str) -> str:
    text = _text(attribute, value, path)
    if read_moment(text) is None:
        raise InvalidValue(f"{path} must be a date and time such as 2026-01-31T08:00:00Z.")
    return text


def _binary(attribute: Attribute, value: object, path: str) -> str:
    text = _checked_text(value, path, attribute.max_length or MAX_BINARY)
    try:
        # Certificates are often sent in lines.
        base64.b64decode(_WHITESPACE.sub("", text), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InvalidValue(f"{path} must be base64.") from exc
    return text


_SCALARS: dict[AttributeType, Callable[[Attribute, object, str], Any]] = {
    AttributeType.STRING: _text,
    AttributeType.REFERENCE: _text,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.INTEGER: _integer,
    AttributeType.DECIMAL: _decimal,
    AttributeType.DATE_TIME: _date_time,
    AttributeType.BINARY: _binary,
}
