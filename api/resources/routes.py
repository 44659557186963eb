"""Routes that say what they need: nothing is registered without a declared access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint, Response

    from api.auth.scopes import View

    Mark = Callable[[View], View]


def add_route(
    blueprint: Blueprint, rule: str, method: str, view: Callable[..., Response], access: Callable[[Any], Any]
) -> None:
    """Register one view for one method of a URL; `access` is `requires(...)`, `authenticated` or `public`."""

    def endpoint(**arguments: str) -> Response:
        return view(**arguments)

    name = f"{method.lower()} {rule}".replace(".", "-")
    blueprint.add_url_rule(rule, endpoint=name, view_func=access(endpoint), methods=[method])
