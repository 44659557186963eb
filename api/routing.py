"""Rules of URLs that are matched, and hardly ever built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable


class MatchedRule(Rule):
    """A rule whose builder of URLs is compiled when one is built.

    Werkzeug compiles two for each rule: that is half of the time in which the application is put together, and no URL
    of this service is built by a rule. Should Werkzeug rename the method, all works as before, only slower.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's signature
        compiled = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:  # noqa: ANN401 - Werkzeug's signature
            return compiled(append_unknown)(rule, **values)

        return build
