"""The policy in force: that of the environment, with what administrators have stored over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.services.sources import Source
from verification.overrides import policy_under

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verification.policy import Policy


class PolicySource(Source["Policy"]):
    """Know the policy in force.

    `base` is the policy of the environment; `load` reads what is stored over it, by the names of
    `verification.overrides`.
    """

    def __init__(self, base: Policy, load: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(base, lambda: policy_under(base, load()))
        self.base = base
