"""A journal beside a file that is worked through: what has been done is on disk before the next thing begins."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries by the name of what they are about, a line each; the last one of a name counts."""

    path: Path
    key: str = "name"

    def entries(self) -> dict[Any, dict[str, Any]]:
        """Return the entry of each name; a line that a crash cut off is as good as not there."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        found = {}
        for line in lines:
            try:
                entry = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            found[entry[self.key]] = entry
        return found

    def add(self, *entries: dict[str, Any]) -> None:
        """Write entries down for good."""
        # The line break comes first: what a crash cut off stays a line of its own.
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"".join(b"\n" + orjson.dumps(entry) for entry in entries))
            file.flush()
            os.fsync(file.fileno())
