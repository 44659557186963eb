"""Use cases of rules that administrators set while the service runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.services import trail
from api.services.errors import UnsupportedProperty
from api.services.trail import Deed
from verification.errors import RuleRefused
from verification.overrides import BY_NAME, EMAIL_VERIFICATION, RULES, Rule, policy_under

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.services.callers import Caller
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork


class Source(StrEnum):
    """Where the value of a rule comes from."""

    STORED = "stored"
    ENVIRONMENT = "environment"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Value:
    """A rule with the value in force."""

    rule: Rule
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class GovernanceService:
    """Use cases of the rules; `given` names the settings of the environment, `has_mail` tells whether mail is sent."""

    core: Core
    given: frozenset[str]
    has_mail: bool

    def values(self) -> tuple[Value, ...]:
        """Return all rules with their values, as they are stored by now."""
        stored = self.core.database.read(lambda unit: unit.overrides.list())
        policy = policy_under(self.core.policies.base, stored)
        return tuple(Value(rule, rule.show(policy), self._source(rule, stored)) for rule in RULES)

    def lacks_mail(self, texts: Mapping[str, str]) -> bool:
        """Tell whether addresses would be verified by these values, and no mail is sent here."""
        return not self.has_mail and texts.get(EMAIL_VERIFICATION, "").strip().lower() == "true"

    def set(self, texts: Mapping[str, str], caller: Caller) -> None:
        """Store values of some rules, all of them or none.

        Raises:
            UnsupportedProperty: there is no such rule.
            RuleRefused: a rule cannot have this value.
        """
        base = self.core.policies.base
        for name, text in texts.items():
            _rule(name).check(base, text)
        if self.lacks_mail(texts):
            raise RuleRefused(f"{EMAIL_VERIFICATION} needs a mail server: LINEPROOF_SMTP_URL is not set.")
        wanted = {name: text.strip().lower() for name, text in texts.items() if not BY_NAME[name].is_fixed}
        at = self.core.clock.now()

        def write(unit: UnitOfWork) -> None:
            stored = unit.overrides.list()
            for name, text in wanted.items():
                if stored.get(name) != text:
                    unit.overrides.set(name, text, at)
                    self._record(unit, Deed.RULE_SET, caller, name, before=stored.get(name), after=text)

        self.core.database.transact(write)
        self.core.policies.try_to_look()

    def revert(self, names: Iterable[str], caller: Caller) -> None:
        """Remove stored values, so that the environment's hold again.

        Raises:
            UnsupportedProperty: there is no such rule.
        """
        rules = [_rule(name) for name in names]

        def write(unit: UnitOfWork) -> None:
            stored = unit.overrides.list()
            for rule in rules:
                if unit.overrides.unset(rule.name):
                    self._record(unit, Deed.RULE_REVERTED, caller, rule.name, before=stored.get(rule.name), after=None)

        self.core.database.transact(write)
        self.core.policies.try_to_look()

    def _source(self, rule: Rule, stored: Mapping[str, str]) -> Source:
        if rule.name in stored:
            return Source.STORED
        return Source.DEFAULT if self.given.isdisjoint(rule.settings) else Source.ENVIRONMENT

    def _record(
        self, unit: UnitOfWork, deed: Deed, caller: Caller, name: str, *, before: str | None, after: str | None
    ) -> None:
        trail.record(unit, deed, caller, None, self.core.clock.now(), rule=name, before=before, after=after)


def _rule(name: str) -> Rule:
    found = BY_NAME.get(name)
    if found is None:
        raise UnsupportedProperty
    return found
