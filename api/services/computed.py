"""Attributes that are not stored in a document: the groups of a user, the members of a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from persistence.resources import StoredResource
    from persistence.rosters import Membership, NamedMember
    from persistence.unit_of_work import UnitOfWork
    from scim.projection import Projection
    from scim.resource_types import ResourceType

Document = dict[str, Any]


class Computing(Protocol):
    """Compute what the documents of a page lack."""

    def needs(self, stored: StoredResource, shown: Projection) -> bool:
        """Tell whether a resource may have any that are shown, so that they are worth being read."""

    def compute(self, unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Document]:
        """Return the computed attributes of each resource that has some."""


class NothingComputed:
    """For resource types whose attributes are all stored."""

    def needs(self, stored: StoredResource, shown: Projection) -> bool:
        """Need nothing."""
        del stored, shown
        return False

    def compute(self, unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Document]:
        """Compute nothing."""
        del unit, ids
        return {}


@dataclass(frozen=True, slots=True)
class MemberGroups:
    """`groups` of users, and of the members of any other type: direct and indirect ones (RFC 7643 §4.1.2)."""

    resource_type: ResourceType
    locate: Callable[[str, str], str]

    def needs(self, stored: StoredResource, shown: Projection) -> bool:
        """Tell whether somebody is in a group, and groups are shown."""
        return stored.has_groups and is_shown("groups", shown, self.resource_type)

    def compute(self, unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Document]:
        """Return the groups of each member of some."""
        found = unit.rosters.groups_of(ids)
        return {member_id: {"groups": [self._element(each) for each in groups]} for member_id, groups in found.items()}

    def _element(self, membership: Membership) -> Document:
        element = {
            "value": membership.group_id,
            "$ref": self.locate("Group", membership.group_id),
            "display": membership.display,
            "type": "direct" if membership.is_direct else "indirect",
        }
        return {name: value for name, value in element.items() if value is not None}


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """`members` of groups (RFC 7643 §4.2)."""

    resource_type: ResourceType
    locate: Callable[[str, str], str]

    def needs(self, stored: StoredResource, shown: Projection) -> bool:
        """Tell whether members are shown."""
        del stored
        return is_shown("members", shown, self.resource_type)

    def compute(self, unit: UnitOfWork, ids: Sequence[str]) -> dict[str, Document]:
        """Return the members of each group that has some."""
        found = unit.rosters.members_of(ids)
        return {group_id: {"members": [self.element(each) for each in members]} for group_id, members in found.items()}

    def element(self, member: NamedMember) -> Document:
        """Return a member as its group shows it."""
        element = {
            "value": member.member_id,
            "$ref": self.locate(member.member_type, member.member_id),
            "type": member.member_type,
            "display": member.display,
        }
        return {name: value for name, value in element.items() if value is not None}


def is_shown(name: str, shown: Projection, resource_type: ResourceType) -> bool:
    """Tell whether an answer will hold an attribute, so that it is worth being read."""
    return shown.is_default or shown.selection(resource_type).shows(name)
