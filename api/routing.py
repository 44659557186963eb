"""Rules of URLs that are matched, and hardly ever built."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Map, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from werkzeug.routing import RuleFactory


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


class CollectedRules(Map):
    """Takes the rules of an application in, for `map_of`; it matches nothing."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Werkzeug's signature
        super().__init__(**options)
        self.collected: list[Rule] = []

    def add(self, rulefactory: RuleFactory) -> None:
        """Take a rule in."""
        self.collected += rulefactory.get_rules(self)


class SharedRules(Map):
    """The rules of several applications, which none of them adds to."""

    _is_whole = False

    def __init__(self, rules: Sequence[Rule]) -> None:
        # A doubled slash is no other way to write a path: the redirect would be HTML, and its host the caller's.
        super().__init__(rules, strict_slashes=False, merge_slashes=False)
        self._is_whole = True

    def add(self, rulefactory: RuleFactory) -> None:
        """Add a rule while there is nobody yet to share it with."""
        if self._is_whole:
            raise RuntimeError("these rules belong to several applications")
        super().add(rulefactory)


def map_of(rules: Sequence[Rule]) -> SharedRules:
    """Return the map that matches rules, compiled once a process for all applications with the same ones.

    Another policy makes another application (docs/decisions/0023); its rules are those of the one before, and to
    compile them is half of what it takes.
    """
    return _map(_Rules(rules, tuple(map(_identity, rules))))


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Sequence[Rule] = field(compare=False)
    identities: tuple[Hashable, ...]


def _identity(rule: Rule) -> Hashable:
    # The rules of this service differ in nothing else. The last is Flask's, set on the rules of Werkzeug.
    answers_options = getattr(rule, "provide_automatic_options", None)
    return rule.rule, rule.endpoint, frozenset(rule.methods or ()), answers_options


@lru_cache(maxsize=16)
def _map(key: _Rules) -> SharedRules:
    return SharedRules(key.rules)
