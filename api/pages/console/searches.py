"""What is asked for on a page with a list: a plain search, a SCIM filter, and where to go on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from scim.messages import ListQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

PER_PAGE = 25
# What begins otherwise may be a user name of digits.
_NUMBER = re.compile(r"[+(0][0-9 ().-]*")


@dataclass(frozen=True, slots=True)
class Search:
    """A search for users, as the query of the page says it."""

    path: str
    text: str = ""
    filter: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, path: str, query: Mapping[str, str]) -> Search:
        """Read it off the query of a page."""
        return cls(path, query.get("q", "").strip(), query.get("filter", "").strip(), query.get("cursor", ""))

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody is looked for, and not everybody."""
        return bool(self.text or self.filter)

    def query(self) -> ListQuery:
        """Return what the list is asked for."""
        wanted = self.filter or (plain_filter(self.text) if self.text else None)
        return ListQuery(filter=wanted, sort_by="userName", count=PER_PAGE, cursor=self.cursor)

    def at(self, cursor: str | None) -> str | None:
        """Return the path of another page of this search, None where there is none."""
        if cursor is None:
            return None
        given = {"q": self.text, "filter": self.filter, "cursor": cursor}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{self.path}?{query}" if query else self.path


def plain_filter(text: str) -> str:
    """Write a plain search as a filter that indexes serve: names, mail addresses or numbers that begin so."""
    if "@" in text:
        return f"emails.value sw {_quoted(text)}"
    if _NUMBER.fullmatch(text):
        bare = re.sub(r"[ ().-]", "", text)
        return f"phoneNumbers.value sw {_quoted(bare)}"
    return f"userName sw {_quoted(text)} or displayName sw {_quoted(text)}"


def _quoted(text: str) -> str:
    # RFC 7644 §3.4.2.2: a string of a filter is one of JSON.
    return json.dumps(text)
