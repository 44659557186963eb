"""One member more, one member less: in a group of ten and in one of fifty thousand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.contests import Result
from tests.benchmarks.load import Mode
from tests.benchmarks.measures import patched
from tests.benchmarks.people import user_id
from tests.benchmarks.sites import LARGE_GROUP, SMALL_GROUP

if TYPE_CHECKING:
    from tests.benchmarks.calls import Call
    from tests.benchmarks.load import Generator
    from tests.benchmarks.samples import Sample, Series
    from tests.benchmarks.sites import Site

ADD, REMOVE = "add of a member", "removal of a member"
SMALL, LARGE = "small group", "large group"
GROUPS = {SMALL: SMALL_GROUP, LARGE: LARGE_GROUP}
_MEMBERS = 150
"""Members that a slot adds and the next one removes."""


def example(site: Site) -> Call:
    """PATCH a group, which tells whether there are any."""
    return patched(site, _path(SMALL_GROUP), {"op": "replace", "path": "displayName", "value": "Small"})


@dataclass(frozen=True, slots=True)
class Members:
    """Changes of the groups of one site, one request after the other: they are about the same group."""

    site: Site
    load: Generator

    def contest(self, rounds: int, deadline: float) -> list[Result]:
        """Let the groups take turns: members are added to both, then taken out of both."""
        series: dict[str, dict[str, Series]] = {ADD: {SMALL: [], LARGE: []}, REMOVE: {SMALL: [], LARGE: []}}
        for turn in range(rounds + 1):
            if turn > 1 and time.monotonic() > deadline:
                break
            for measure, step in ((ADD, self.add), (REMOVE, self.remove)):
                for group, found in series[measure].items():
                    sample = step(group)
                    # The first turn warms up.
                    if turn:
                        found.append(sample)
        return [Result(f"{measure}, {self.site.plan.name}", found) for measure, found in series.items()]

    def add(self, group: str) -> Sample:
        """Add members one by one."""
        return self._send([self._added(GROUPS[group], number) for number in self._numbers()])

    def remove(self, group: str) -> Sample:
        """Remove them again."""
        return self._send([self._removed(GROUPS[group], number) for number in self._numbers()])

    def _numbers(self) -> range:
        first = self.site.plan.large_group
        return range(first, first + _MEMBERS)

    def _send(self, calls: list[Call]) -> Sample:
        return self.site.metered(lambda: self.load.send(self.site.url, calls, Mode.ONCE, 0, connections=1))

    def _added(self, group_id: str, member: int) -> Call:
        operation = {"op": "add", "path": "members", "value": [{"value": user_id(member)}]}
        return patched(self.site, _path(group_id), operation)

    def _removed(self, group_id: str, member: int) -> Call:
        operation = {"op": "remove", "path": f'members[value eq "{user_id(member)}"]'}
        return patched(self.site, _path(group_id), operation)


def _path(group_id: str) -> str:
    # A client that changes one member of a large group does not want the others back.
    return f"/scim2/Groups/{group_id}?excludedAttributes=members"
