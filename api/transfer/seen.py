"""Which texts have been met, in a few bytes for each: a check of a file knows the names in it."""

from __future__ import annotations

from array import array

MOST = 4_000_000
"""Texts that are kept, in 64 MB at last, and in 96 while the table grows to that.

Of those that come later is only known whether they are among these.
"""
_FEWEST = 1024
_ALL = 2**64 - 1
_EMPTY = 0


class Seen:
    """Texts by their hashes of 64 bits, of which nobody outside can make two equal on purpose."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._count = 0
        self._slots = _empty(_FEWEST)

    def add(self, text: str) -> bool:
        """Keep a text; tell whether it is a new one."""
        key = hash(text) & _ALL or 1
        place = self._place(key)
        if self._slots[place] == key:
            return False
        if self._count < self._most:
            self._slots[place] = key
            self._count += 1
            if self._count * 2 > len(self._slots):
                self._grow()
        return True

    def _place(self, key: int) -> int:
        """Return where a key is, or would be: at its own place or at the next free one."""
        slots, mask = self._slots, len(self._slots) - 1
        place = key & mask
        while slots[place] not in {_EMPTY, key}:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = _empty(len(before) * 2)
        for key in before:
            if key != _EMPTY:
                self._slots[self._place(key)] = key


def _empty(size: int) -> array[int]:
    return array("Q", bytes(8 * size))
