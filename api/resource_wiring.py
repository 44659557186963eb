"""The use cases of every resource type of the registry, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.rendering import is_shown_whole
from api.services.bulk import BulkService
from api.services.changes import PlainRules
from api.services.computed import GroupMembers, MemberGroups, NothingComputed
from api.services.contact_attributes import MOBILE_NUMBERS, NEVER_STORED, ContactAttributes, contacts_of
from api.services.contact_rules import UserRules
from api.services.cursors import CursorSeal
from api.services.groups import GroupService
from api.services.invitation_rules import InvitingRules
from api.services.lists import ListService
from api.services.old_numbers import OldNumberRules
from api.services.password_rules import PasswordRules
from api.services.primaries import MOBILE_TYPE
from api.services.resources import ResourceService

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.rendering import Renderer
    from api.services.changes import ChangeRules
    from api.services.computed import Computing
    from api.services.core import Core
    from api.services.invitations import InvitationService
    from api.services.passwords import PasswordService
    from scim.resource_types import ResourceType

USER = "User"
GROUP = "Group"


@dataclass(frozen=True, slots=True)
class ResourceServices:
    """What is done with resources; the mappings are by the name of the resource type."""

    by_type: Mapping[str, ResourceService]
    computing: Mapping[str, Computing]
    lists: Mapping[str, ListService]
    root_lists: ListService
    bulk: BulkService

    @property
    def users(self) -> ResourceService:
        """Return what is done with users."""
        return self.by_type[USER]

    @property
    def groups(self) -> ResourceService:
        """Return what is done with groups."""
        return self.by_type[GROUP]


def build_resource_services(
    core: Core, renderer: Renderer, passwords: PasswordService, invitations: InvitationService | None = None
) -> ResourceServices:
    """Make the use cases of users, groups, and whatever a deployer added; new users are invited where that is given."""
    types = core.registry.resource_types
    computing = _computing(types, renderer)
    users = user_service(core, passwords, invitations)
    by_type = {item.name: users if item.name == USER else _service(core, item, computing[item.name]) for item in types}
    seal = CursorSeal(core.keys)
    return ResourceServices(
        by_type=by_type,
        computing=computing,
        lists={item.name: ListService(core, (item,), computing, seal) for item in types},
        root_lists=ListService(core, types, computing, seal),
        bulk=BulkService({item.endpoint: by_type[item.name] for item in types}),
    )


def whole_types(types: tuple[ResourceType, ...]) -> frozenset[str]:
    """Return the names of the resource types whose stored documents are shown as they are."""
    return frozenset(
        item.name for item in types if is_shown_whole(item, NEVER_STORED if item.name == USER else frozenset())
    )


def user_service(
    core: Core, passwords: PasswordService, invitations: InvitationService | None = None
) -> ResourceService:
    """Return the use cases of users, whose contact values obey the decision table."""

    def key_of(where: ContactAttributes) -> Callable[[str], str]:
        return lambda text: where.kind.stored(text, core.policy).key

    one_mobile = {MOBILE_NUMBERS.elements: frozenset({MOBILE_TYPE})}
    contacts = contacts_of(core.policy)
    keys = {name: key_of(where) for where in contacts for name in (where.listed, where.verified)}
    rules: ChangeRules = PasswordRules(OldNumberRules(UserRules(core, contacts), core), passwords)
    if invitations is not None:
        rules = InvitingRules(rules, invitations)
    return ResourceService(core, core.user_type, rules, one_mobile, keys)


def _computing(types: tuple[ResourceType, ...], renderer: Renderer) -> dict[str, Computing]:
    by_name = {item.name: item for item in types}

    def locate(name: str, resource_id: str) -> str:
        return renderer.location(by_name[name], resource_id)

    computing: dict[str, Computing] = {
        item.name: MemberGroups(item, locate) if item.has_groups else NothingComputed() for item in types
    }
    computing[GROUP] = GroupMembers(by_name[GROUP], locate)
    return computing


def _service(core: Core, resource_type: ResourceType, computing: Computing) -> ResourceService:
    if isinstance(computing, GroupMembers):
        members = frozenset(item.name for item in core.registry.resource_types if item.has_groups)
        return GroupService(core, resource_type, PlainRules(), members=computing, member_types=members | {GROUP})
    return ResourceService(core, resource_type, PlainRules())
