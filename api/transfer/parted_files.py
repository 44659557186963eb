"""Content that is kept in parts, read as one file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer


class PartedFile(io.RawIOBase):
    """Parts that follow each other, none of them empty; each is fetched when the one before has been read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read into a buffer; return how many bytes, 0 at the end."""
        view = memoryview(buffer).cast("B")
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
