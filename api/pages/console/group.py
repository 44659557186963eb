"""A group: its name, its members page by page, members added and removed, and its end."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.pages.console.edits import Edit, Merge, undo_fields
from api.pages.console.faults import FAULTS, faults_of
from api.pages.console.fields import DISPLAY_NAME, GROUP_FIELDS, operations_for
from api.pages.console.frame import render
from api.pages.console.merging import answer_merge
from api.pages.console.searches import GROUPS, PER_PAGE
from api.pages.console.targets import unless_changed
from api.pages.flashes import Undo
from api.pages.form_errors import FormError
from api.resource_wiring import GROUP
from scim.errors import PreconditionFailed

if TYPE_CHECKING:
    from flask import Response

    from api.pages.visits import Visit
    from persistence.resources import StoredResource


def path_of(group_id: str, *parts: str) -> str:
    """Return the path of a group, or of a page below it."""
    return "/".join((GROUPS.path, group_id, *parts))


def stored_group(visit: Visit, group_id: str) -> StoredResource:
    """Return a group, or raise NotFound."""
    return visit.services.resources.by_type[GROUP].get(group_id)


def name_of(stored: StoredResource) -> str:
    """Return what a group is called."""
    name: str = stored.document()["displayName"]
    return name


def show(visit: Visit, group_id: str) -> Response:
    """Show the group with some of its members."""
    stored = stored_group(visit, group_id)
    return _page(visit, stored, Edit.of_stored(stored, GROUP_FIELDS))


def save(visit: Visit, group_id: str) -> Response:
    """Take another name; where somebody else was faster, show both sides."""
    stored, edit = stored_group(visit, group_id), Edit.of_form(visit.request.form, GROUP_FIELDS)
    if edit.empty:
        return _page(visit, stored, edit, FormError(visit.text("console.error.group_name"), DISPLAY_NAME))
    operations = operations_for(stored.document(), edit.changes, GROUP_FIELDS)
    if not operations:
        return visit.go(path_of(group_id))
    groups = visit.services.resources.by_type[GROUP]
    try:
        saved = groups.patch(group_id, operations, visit.administrator, unless_changed(edit.version))
    except PreconditionFailed:
        now = stored_group(visit, group_id)
        return answer_merge(visit, Merge.of(edit, now), name=name_of(now), path=path_of(group_id))
    except FAULTS as error:
        return _page(visit, stored, edit, *faults_of(visit, error))
    undo = Undo(path_of(group_id), undo_fields(edit, stored.document(), saved))
    visit.tell("console.done.saved", undo=undo, name=name_of(saved))
    return visit.go(path_of(group_id))


def ask_deletion(visit: Visit, group_id: str) -> Response:
    """Ask whether the group is to be deleted: that cannot be taken back."""
    name, total = name_of(stored_group(visit, group_id)), visit.services.rosters.count(group_id)
    return render(
        visit,
        "console/confirm.html",
        title=visit.text("console.delete.title", name=name),
        text=visit.text("console.groups.delete_text", count=total),
        button=visit.text("console.delete.button"),
        action=path_of(group_id, "delete"),
        back=path_of(group_id),
        fields={},
    )


def delete(visit: Visit, group_id: str) -> Response:
    """Delete the group; its members stay."""
    name = name_of(stored_group(visit, group_id))
    visit.services.resources.by_type[GROUP].remove(group_id, visit.administrator, lambda _: None)
    visit.tell("console.done.deleted", name=name)
    return visit.go(GROUPS.path)


def _page(visit: Visit, stored: StoredResource, edit: Edit, *errors: FormError) -> Response:
    after = visit.request.args.get("after", "")
    roster = visit.services.rosters.page(stored.id, after=after, count=PER_PAGE)
    return render(
        visit,
        "console/group.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        errors=errors,
        name=name_of(stored),
        fields=GROUP_FIELDS,
        edit=edit.over(stored),
        roster=roster,
        first=path_of(stored.id) if after else None,
        next=f"{path_of(stored.id)}?after={roster.next_after}" if roster.next_after else None,
        here=path_of(stored.id),
    )
