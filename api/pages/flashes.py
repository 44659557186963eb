"""What the next page says has been done: kept in a cookie from the answer to a form to the page it leads to."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.pages.form_tokens import FormTokens

LONGEST_VALUE = 200
"""Characters of a value."""
LONGEST = 3800
"""Characters of a flash: a browser keeps cookies of up to 4 KiB, and drops what is longer."""


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes back what has been done: where it goes, and what it says."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flash:
    """The key of a text with its values, and the way back where there is one."""

    key: str
    values: Mapping[str, str]
    undo: Undo | None = None

    def seal(self, tokens: FormTokens, bound_to: str) -> str:
        """Write it so that nobody but us can: a cookie that another host planted must not put a form on our page."""
        values = {name: value[:LONGEST_VALUE] for name, value in self.values.items()}
        told = [self.key, values, asdict(self.undo) if self.undo else None]
        # Names of other scripts would be twice as long as escapes.
        content = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        sealed = f"{base64.urlsafe_b64encode(content.encode()).decode()}.{tokens.make(_bound(content, bound_to))}"
        if len(sealed) > LONGEST and self.undo is not None:
            # Better to say what has been done, and how to take it back not, than nothing.
            return replace(self, undo=None).seal(tokens, bound_to)
        return sealed

    @classmethod
    def open(cls, sealed: str, tokens: FormTokens, bound_to: str) -> Flash | None:
        """Read it; None where it was not made for this browser."""
        packed, _, token = sealed.partition(".")
        try:
            content = base64.b64decode(packed, altchars=b"-_", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        if not tokens.is_good(token, _bound(content, bound_to)):
            return None
        key, values, undo = json.loads(content)
        return cls(key, values, Undo(**undo) if undo else None)


def _bound(content: str, bound_to: str) -> str:
    return f"{bound_to}\n{content}"
