"""The texts of messages, as data: one file per locale."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

DEFAULT_LOCALE = "en"
LONGEST_DOMAIN = 253  # RFC 1035 §2.3.4, as text

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)
_LOOKS_LIKE_A_CODE = re.compile(r"\d{4}")


def render(code: str, minutes: int, locale: str | None, webotp_domain: str | None) -> str:
    """Write the message that carries a code; no other run of 4 to 10 digits is in it.

    The last line binds the code to a domain where one is given, so that a browser fills it in there alone
    (origin-bound one-time codes: `@domain #code`).
    """
    text = _templates()[locale_for(locale)].format(code=code, minutes=minutes)
    return f"{text}\n@{webotp_domain} #{code}" if webotp_domain else text


def locale_for(preferred: str | None) -> str:
    """Return the locale that has a text: the one preferred, else its language, else English.

    A preference is a language tag such as `de-CH` or `de_CH`, or a list of them as in SCIM's preferredLanguage
    (RFC 7643 §4.1.1), of which the first counts.
    """
    known = _templates()
    tag = re.split("[,;]", preferred or "")[0].strip().replace("_", "-").lower()
    while tag and tag not in known:
        tag = tag.rpartition("-")[0]
    return tag or DEFAULT_LOCALE


def locales() -> tuple[str, ...]:
    """Return the locales that have a text."""
    return tuple(sorted(_templates()))


def whole_minutes(span: timedelta) -> int:
    """Return a span in minutes as the text tells it, rounded up."""
    return ceil(span.total_seconds() / 60)


def is_webotp_domain(domain: str) -> bool:
    """Tell whether a text may end in this domain: a host name without anything that looks like a code."""
    is_host = len(domain) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(domain) is not None
    return is_host and _LOOKS_LIKE_A_CODE.search(domain) is None


@cache
def _templates() -> Mapping[str, str]:
    """Read the texts, once, when the first one is needed."""
    entries = (files("verification") / "locales").iterdir()
    return {
        entry.name.removesuffix(".json").lower(): json.loads(entry.read_text("utf-8"))["sms"]
        for entry in entries
        if entry.name.endswith(".json")
    }
