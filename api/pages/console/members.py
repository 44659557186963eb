"""The members of a group: found among all users, added and removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.pages.console.frame import render
from api.pages.console.group import name_of, path_of, stored_group
from api.pages.console.people import person_of
from api.pages.console.searches import USERS, find
from api.pages.flashes import Undo
from api.resource_wiring import GROUP, USER
from scim.errors import InvalidValue, NotFound
from scim.patch_request import Operation, OperationKind

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit

MEMBER, ACT, BACK = "member", "act", "back"
ADD, REMOVE = "add", "remove"


def search(visit: Visit, group_id: str) -> Response:
    """Show the users that are looked for, and which of them are in the group."""
    stored = stored_group(visit, group_id)
    wanted = replace(USERS.of(visit), path=path_of(group_id, "members"))
    listed, errors = find(visit, wanted, USER)
    people = [person_of(visit, each) for each in listed.rows]
    return render(
        visit,
        "console/members.html",
        errors=errors,
        name=name_of(stored),
        search=wanted,
        people=people,
        inside=visit.services.rosters.holding(group_id, [person.id for person in people]),
        total=listed.total,
        previous=wanted.at(listed.previous_cursor),
        next=wanted.at(listed.next_cursor),
        group=path_of(group_id),
    )


def change(visit: Visit, group_id: str) -> Response:
    """Add or remove a member; either can be taken back."""
    member, is_added = visit.field(MEMBER), visit.field(ACT) == ADD
    if is_added:
        operation = Operation(OperationKind.ADD, "members", [{"value": member}])
    else:
        operation = Operation(OperationKind.REMOVE, "members", [{"value": member}])
    groups = visit.services.resources.groups
    try:
        stored = groups.patch(group_id, (operation,), visit.caller, lambda _: None)
    except InvalidValue:
        # Whoever was to be added has been deleted meanwhile.
        raise NotFound from None
    back = visit.field(BACK)
    onto = path_of(group_id, "members") if back == "members" else path_of(group_id)
    undo = Undo(path_of(group_id, "members"), {MEMBER: member, ACT: REMOVE if is_added else ADD, BACK: back})
    done = "member_added" if is_added else "member_removed"
    visit.tell(f"console.done.{done}", undo=undo, name=_name(visit, member), group=name_of(stored))
    return visit.go(f"{onto}?{visit.request.query_string.decode('latin-1')}" if visit.request.query_string else onto)


def _name(visit: Visit, member: str) -> str:
    types = visit.services.resources.by_type
    for resource_type in (USER, GROUP):
        try:
            stored = types[resource_type].get(member)
        except NotFound:
            continue
        is_user = resource_type == USER
        return person_of(visit, stored).name if is_user else name_of(stored)
    return visit.text("console.unknown")
