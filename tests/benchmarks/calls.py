"""Requests as values, in the form that both load generators read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCIM_PREFIX = "/scim2"


@dataclass(frozen=True, slots=True)
class Call:
    """One request; the body is JSON text without a line break or a tab."""

    method: str
    path: str
    body: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def content_type(self) -> str:
        """Return the media type of the body."""
        return "application/scim+json" if self.path.startswith(SCIM_PREFIX) else "application/json"

    def line(self) -> str:
        """Write it as a line."""
        return f"{self.method}\t{self.path}\t{self.token}\t{self.body}"

    def octets(self, host: str) -> bytes:
        """Write it as HTTP/1.1."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {self.token}"]
        content = self.body.encode()
        if content:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content


def compact(value: object) -> str:
    """Write a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_calls(calls: Iterable[Call], path: Path) -> int:
    """Write calls to a file, one a line, and return how many."""
    lines = [call.line() for call in calls]
    path.write_text("\n".join(lines) + "\n")
    return len(lines)
