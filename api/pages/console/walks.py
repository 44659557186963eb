"""A list that is narrowed by a form and walked by cursor, as the query of its page says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.pages.visits import Visit

Kind = TypeVar("Kind", bound=StrEnum)
LONGEST = 200
"""Characters of a field."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody is in a list."""

    path: str
    given: Mapping[str, str]
    cursor: str

    @classmethod
    def of(cls, visit: Visit, path: str, *names: str) -> Walk:
        """Read it off the query of a page; what is too long for anything there is means nothing."""
        query = visit.request.args
        given = {name: query.get(name, "").strip() for name in names}
        known = {name: text for name, text in given.items() if text and len(text) <= LONGEST}
        return cls(path, known, query.get("cursor", ""))

    def __getitem__(self, name: str) -> str:
        """Return what is asked for, empty where nothing is."""
        return self.given.get(name, "")

    def maybe(self, name: str) -> str | None:
        """Return what is asked for, None where nothing is."""
        return self.given.get(name)

    def kind(self, name: str, kinds: type[Kind]) -> Kind | None:
        """Return which of a few kinds is asked for; one that there is not is none."""
        asked = self.given.get(name)
        return kinds(asked) if asked in set(kinds) else None

    @property
    def is_narrowed(self) -> bool:
        """Tell whether not everything is asked for."""
        return bool(self.given)

    @property
    def first(self) -> str:
        """Return the path of the first page."""
        return self._at({})

    @property
    def here(self) -> str:
        """Return the path of this page."""
        return self._at({"cursor": self.cursor} if self.cursor else {})

    def at(self, cursor: str | None) -> str | None:
        """Return the path of another page, None where there is none."""
        return None if cursor is None else self._at({"cursor": cursor})

    def _at(self, more: Mapping[str, str]) -> str:
        query = urlencode({**self.given, **more})
        return f"{self.path}?{query}" if query else self.path
