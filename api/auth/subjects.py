"""Which user a foreign subject is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api.auth.cache import ExpiringCache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    FindUsers = Callable[[str, str], Sequence[str]]

_REMEMBERED = 10_000
_REMEMBER_FOR = timedelta(seconds=1)
"""A user who is deactivated or deleted is nobody within this time, as with revocations."""


class SubjectMapper:
    """Name the one user whose attribute equals a value; where none or several do, there is no user.

    `find` takes the attribute and the value and returns the ids of the active users that have it.
    """

    def __init__(self, find: FindUsers, attribute: str) -> None:
        self._find = find
        self._attribute = attribute
        self._known: ExpiringCache[str, tuple[str, ...]] = ExpiringCache(_REMEMBERED)

    def user_id(self, value: str, now: datetime) -> str | None:
        """Return the id of the user that a foreign subject's value names."""
        found = self._known.get(value, now)
        if found is None:
            found = tuple(self._find(self._attribute, value))
            self._known.put(value, found, now + _REMEMBER_FOR)
        return found[0] if len(found) == 1 else None
