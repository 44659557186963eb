"""Groups: their members are rows, so that a group of any size costs the same to change (RFC 7643 §4.2).

What a request asks of the members is worked out against the rows it names, never against all of them. Each change
of the members is written where the group is still at the version it was read at, like every other change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from api.services.changes import Draft
from api.services.resources import ResourceService
from persistence.members import Member
from persistence.rosters import NamedMember
from scim.errors import InvalidValue
from scim.evaluation import element_matches
from scim.filter_binding import BoundComparison, BoundOr
from scim.filter_nodes import Operator
from scim.memberships import (
    MembersAdded,
    MembershipChange,
    MembersRemoved,
    MembersRemovedWhere,
    split_membership,
)
from scim.validation import read_resource

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from api.services.callers import Caller
    from api.services.changes import Document, Effect
    from api.services.computed import GroupMembers
    from persistence.resources import StoredResource
    from persistence.unit_of_work import UnitOfWork
    from scim.filter_binding import BoundNode
    from scim.patch_request import Operation

MEMBERS = "members"
ANSWERED_MEMBERS = 100
"""Members up to which a PATCH of a group is answered with the group."""


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What a request does to the rows: first all go or some, then some come."""

    clears: bool = False
    removed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()

    def after(self, change: MembershipChange, selected: Collection[str]) -> MemberPlan:
        """Return the plan with one more change; `selected` are the members that its filter selects."""
        if isinstance(change, MembersAdded):
            coming = _ids(change.members)
            return MemberPlan(self.clears, self.removed - coming, self.added | coming)
        if isinstance(change, MembersRemoved | MembersRemovedWhere):
            going = frozenset(change.values if isinstance(change, MembersRemoved) else selected)
            return MemberPlan(self.clears, self.removed | going, self.added - going)
        return MemberPlan(clears=True, added=_ids(change.members))


@dataclass(frozen=True, slots=True)
class GroupService(ResourceService):
    """Use cases of groups."""

    members: GroupMembers = field(kw_only=True)
    member_types: frozenset[str] = field(kw_only=True)
    """Names of the resource types whose resources may be members."""

    def create(self, body: object, caller: Caller) -> StoredResource:
        """Add a group and its members; raise InvalidValue where one of them does not exist."""
        document = read_resource(body, self.resource_type)
        plan = MemberPlan(added=_named(document.pop(MEMBERS, ())))
        return self._create(caller, lambda group_id: Draft(document, self._rows(group_id, plan)))

    def replace(self, resource_id: str, body: object, caller: Caller, check: Callable[[int], None]) -> StoredResource:
        """Replace a group and its members (RFC 7644 §3.5.1)."""

        def work(before: Document) -> Draft:
            document = read_resource(body, self.resource_type, stored=before)
            plan = MemberPlan(clears=True, added=_named(document.pop(MEMBERS, ())))
            return Draft(document, self._rows(resource_id, self._effective(resource_id, plan)))

        return self._update(resource_id, caller, check, work)

    def patch(
        self, resource_id: str, operations: tuple[Operation, ...], caller: Caller, check: Callable[[int], None]
    ) -> StoredResource:
        """Apply the operations of a PATCH; those on members become changes of rows (RFC 7644 §3.5.2)."""
        rest, changes = split_membership(operations, self.resource_type, MEMBERS)

        def work(before: Document) -> Draft:
            document = self._patched(before, rest) if rest else before
            return Draft(document, self._rows(resource_id, self._planned(resource_id, changes)))

        return self._update(resource_id, caller, check, work)

    def is_large(self, stored: StoredResource) -> bool:
        """Tell whether the group has more members than a PATCH answers with.

        RFC 7644 §3.5.2 lets a PATCH be answered 204. So the cost of adding one member does not grow with the group.
        """
        more = self.core.database.read(lambda unit: unit.members.list(stored.id, offset=ANSWERED_MEMBERS, limit=1))
        return bool(more)

    def _rows(self, group_id: str, plan: MemberPlan) -> tuple[Effect, ...]:
        if not plan.removed and not plan.added:
            return ()
        if group_id in plan.added:
            raise InvalidValue("members: a group cannot be a member of itself.")
        return (partial(self._write, group_id=group_id, plan=plan),)

    def _write(self, unit: UnitOfWork, group_id: str, plan: MemberPlan) -> None:
        types = unit.members.types_of([*plan.added])
        if any(types.get(member_id) not in self.member_types for member_id in plan.added):
            raise InvalidValue("members: a member is nothing of this service that can be in a group.")
        unit.members.remove(group_id, plan.removed)
        unit.members.add(Member(group_id, member_id, types[member_id]) for member_id in plan.added)

    def _planned(self, group_id: str, changes: Iterable[MembershipChange]) -> MemberPlan:
        plan = MemberPlan()
        for change in changes:
            selected = self._selected(group_id, change, plan) if isinstance(change, MembersRemovedWhere) else ()
            plan = plan.after(change, selected)
        return self._effective(group_id, plan)

    def _effective(self, group_id: str, plan: MemberPlan) -> MemberPlan:
        """Leave out what changes nothing: those who are in already, and those who are not."""
        if plan.clears:
            present = {each.member_id for each in self._present(group_id)}
            return MemberPlan(removed=frozenset(present - plan.added), added=plan.added - present)
        named = [*plan.removed, *plan.added]
        held = self.core.database.read(lambda unit: unit.members.holding(group_id, named)) if named else set()
        return MemberPlan(removed=plan.removed & held, added=plan.added - held)

    def _selected(self, group_id: str, change: MembersRemovedWhere, plan: MemberPlan) -> Collection[str]:
        """Return the members that a filter selects, as they are after the changes before it."""
        named = _named_ids(change.selector)
        if named is not None:
            return named
        present = () if plan.clears else self._present(group_id)
        coming = self.core.database.read(lambda unit: unit.members.types_of([*plan.added]))
        candidates = [each for each in present if each.member_id not in plan.removed]
        candidates += [NamedMember(member_id, kind, None) for member_id, kind in coming.items()]
        elements = (self.members.element(each) for each in candidates)
        return [element["value"] for element in elements if element_matches(change.selector, element)]

    def _present(self, group_id: str) -> list[NamedMember]:
        found = self.core.database.read(lambda unit: unit.rosters.members_of([group_id]))
        return found.get(group_id, [])


def _named_ids(selector: BoundNode) -> tuple[str, ...] | None:
    """Return the ids where a filter selects by `value` alone, so that no member has to be read."""
    if isinstance(selector, BoundOr):
        each = [_named_ids(term) for term in selector.terms]
        return None if any(ids is None for ids in each) else tuple(i for ids in each if ids for i in ids)
    if not isinstance(selector, BoundComparison) or selector.operator is not Operator.EQ:
        return None
    sub = selector.target.sub
    return (str(selector.literal),) if sub is not None and sub.name == "value" else None


def _named(members: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Return the ids that a body gives, where a member without one must not pass for nobody."""
    given = tuple(members)
    if not all(str(member.get("value", "")).strip() for member in given):
        raise InvalidValue("Each of the members needs a value.")
    return _ids(given)


def _ids(members: Iterable[dict[str, Any]]) -> frozenset[str]:
    return frozenset(member["value"] for member in members)
