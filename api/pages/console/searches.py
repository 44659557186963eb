"""What is asked for on a page with a list: a plain search, a SCIM filter, and where to go on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.pages.console.wording import filter_fault
from api.pages.form_errors import FormError
from api.services.lists import Listed
from scim.errors import ExpiredCursor, InvalidCursor, InvalidFilter, InvalidPath
from scim.messages import ListQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.pages.visits import Visit

PER_PAGE = 25
# What begins otherwise may be a user name of digits.
_NUMBER = re.compile(r"[+(0][0-9 ().-]*")
_NOBODY = Listed((), {}, 0)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for users or groups, as the query of a page says it; `plain` writes a plain search as a filter."""

    path: str
    sort_by: str
    plain: Callable[[str], str]
    text: str = ""
    filter: str = ""
    cursor: str = ""

    def of(self, visit: Visit) -> Search:
        """Return the search that a page is asked for."""
        query = visit.request.args
        text, wanted = query.get("q", "").strip(), query.get("filter", "").strip()
        return replace(self, text=text, filter=wanted, cursor=query.get("cursor", ""))

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody is looked for, and not everybody."""
        return bool(self.text or self.filter)

    def query(self) -> ListQuery:
        """Return what the list is asked for."""
        wanted = self.filter or (self.plain(self.text) if self.text else None)
        # Who is looked for comes by age: to have them by name would be to walk through all names there are.
        return ListQuery(filter=wanted, sort_by=None if wanted else self.sort_by, count=PER_PAGE, cursor=self.cursor)

    def at(self, cursor: str | None) -> str | None:
        """Return the path of another page of this search, None where there is none."""
        if cursor is None:
            return None
        given = {"q": self.text, "filter": self.filter, "cursor": cursor}
        return f"{self.path}?{urlencode({name: value for name, value in given.items() if value})}"


def find(visit: Visit, search: Search, resource_type: str) -> tuple[Listed, tuple[FormError, ...]]:
    """Return what a search finds, and what is wrong with its filter."""
    lists = visit.services.resources.lists[resource_type]
    try:
        return lists.page(search.query()), ()
    except (InvalidFilter, InvalidPath) as error:
        return _NOBODY, (FormError(filter_fault(visit.text, error.detail), "filter"),)
    except (InvalidCursor, ExpiredCursor):
        # Too old, or not ours: the walk begins again.
        return lists.page(replace(search, cursor="").query()), ()


def user_filter(text: str) -> str:
    """Write a plain search as a filter that indexes serve: names, mail addresses or numbers that begin so."""
    if "@" in text:
        return f"emails.value sw {_quoted(text)}"
    if _NUMBER.fullmatch(text):
        bare = re.sub(r"[ ().-]", "", text)
        return f"phoneNumbers.value sw {_quoted(bare)}"
    return f"userName sw {_quoted(text)} or displayName sw {_quoted(text)}"


def group_filter(text: str) -> str:
    """Write a plain search for groups: names that begin so."""
    return f"displayName sw {_quoted(text)}"


def _quoted(text: str) -> str:
    # RFC 7644 §3.4.2.2: a string of a filter is one of JSON.
    return json.dumps(text)


USERS = Search("/console/users", "userName", user_filter)
GROUPS = Search("/console/groups", "displayName", group_filter)
