"""A bounded cache whose entries end at a moment of their own, shared by the threads of a process."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

Key = TypeVar("Key", bound="Hashable")
Value = TypeVar("Value")


class ExpiringCache(Generic[Key, Value]):
    """Keep values until their moment has come; over the capacity the least recently used one goes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[Key, tuple[Value, datetime]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, now: datetime) -> Value | None:
        """Return the value kept under a key, or None where there is none or its moment has come."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            value, until = entry
            if now >= until:
                del self._entries[key]
                return None
            self._entries.move_to_end(key)
            return value

    def put(self, key: Key, value: Value, until: datetime) -> None:
        """Keep a value under a key until a moment."""
        with self._lock:
            self._entries[key] = (value, until)
            self._entries.move_to_end(key)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
