"""The groups: a list to search in, and new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.faults import FAULTS, all_faults
from api.pages.console.fields import DISPLAY_NAME, EXTERNAL_ID, GROUP_FIELDS
from api.pages.console.frame import render
from api.pages.console.searches import GROUPS, find
from api.pages.editing.fields import operations_for
from api.pages.form_errors import FormError
from api.resource_wiring import GROUP

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from scim.errors import ScimError


def show(visit: Visit) -> Response:
    """List the groups that are looked for; their members are not read."""
    search = GROUPS.of(visit)
    listed, _ = find(visit, search, GROUP)
    return render(
        visit,
        "console/groups.html",
        search=search,
        groups=[(stored.id, stored.document()["displayName"], stored.created_at) for stored in listed.rows],
        total=listed.total,
        previous=search.at(listed.previous_cursor),
        next=search.at(listed.next_cursor),
    )


def show_new(visit: Visit) -> Response:
    """Show the form of a new group."""
    return _form(visit)


def add(visit: Visit) -> Response:
    """Add a group, without members yet."""
    name, external_id = visit.field(DISPLAY_NAME).strip(), visit.field(EXTERNAL_ID).strip()
    if not name:
        missing = FormError(visit.text("console.error.group_name"), DISPLAY_NAME)
        return _form(visit, *all_faults(visit, _refusals(visit, name, external_id), missing))
    body = {"displayName": name, **({"externalId": external_id} if external_id else {})}
    try:
        added = visit.services.resources.groups.create(body, visit.caller)
    except FAULTS as error:
        return _form(visit, *all_faults(visit, (error, *_refusals(visit, name, external_id))))
    visit.tell("console.done.added", name=name)
    return visit.go(f"{GROUPS.path}/{added.id}")


def _refusals(visit: Visit, name: str, external_id: str) -> tuple[ScimError, ...]:
    values = {DISPLAY_NAME: name, EXTERNAL_ID: external_id}
    operations = operations_for({}, {key: value for key, value in values.items() if value}, GROUP_FIELDS)
    # Nothing can be said of a group without a name; what is wrong with it is said first.
    return visit.services.resources.groups.faults({"displayName": "-"}, operations)


def _form(visit: Visit, *errors: FormError) -> Response:
    return render(
        visit,
        "console/new_group.html",
        errors=errors,
        fields=GROUP_FIELDS,
        values={field.name: visit.field(field.name) for field in GROUP_FIELDS},
    )
