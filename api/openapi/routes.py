"""The routes of the application as the description names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.auth.scopes import access_of

if TYPE_CHECKING:
    from flask import Flask

    from api.auth.scopes import Access

# Flask answers these by itself, from what the other methods of a path are.
_AUTOMATIC = frozenset({"HEAD", "OPTIONS"})
_PARAMETER = re.compile(r"<(?:[^<>:]+:)?([^<>:]+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path, in lower case and with `{braces}`, and what it needs."""

    path: str
    method: str
    parameters: tuple[str, ...]
    access: Access

    @property
    def key(self) -> tuple[str, str]:
        """Return what names an operation."""
        return self.path, self.method


def routes_of(app: Flask) -> tuple[Route, ...]:
    """Return every route, in the order of registration; pages are for people, and no part of the interface."""
    return tuple(
        Route(
            path=path_of(rule.rule),
            method=method.lower(),
            parameters=tuple(_PARAMETER.findall(rule.rule)),
            access=access,
        )
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - _AUTOMATIC)
        if not (access := access_of(app.view_functions[rule.endpoint], method)).is_page
    )


def path_of(rule: str) -> str:
    """Write the rule of a route as a path of the description."""
    return _PARAMETER.sub(r"{\1}", rule)
