"""Why messages failed, in the words of the visitor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.translations import Translation

_BETWEEN = re.compile("[^a-z]+")


def reason_text(text: Translation, reason: str | None) -> str:
    """Return what a reason means; one that a gateway of one's own reports is shown as it came."""
    if not reason:
        return text("watch.reason.unknown_gateway_error")
    key = f"watch.reason.{_BETWEEN.sub('_', reason.lower())}"
    return text(key) if text.has(key) else reason
