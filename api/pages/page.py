"""One row of the table of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.auth.scopes import browser

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Page:
    """One method of a page: its view is `module:function`, and takes a visit and the parts of the path."""

    method: str
    rule: str
    view: str
    access: Callable[[Any], Any] = browser
    is_upload: bool = False
    """Whether it takes a file, so that its form is larger than others, and read only from who may send it."""
