"""A group: its name, its members page by page, members added and removed, and its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api.pages.console.fields import GROUP_FIELDS
from api.pages.console.frame import ask, render
from api.pages.console.merging import Sheet, take_form
from api.pages.console.searches import GROUPS, PER_PAGE
from api.pages.editing.edits import Edit

if TYPE_CHECKING:
    from flask import Response

    from api.pages.form_errors import FormError
    from api.pages.visits import Visit
    from persistence.resources import StoredResource


def path_of(group_id: str, *parts: str) -> str:
    """Return the path of a group, or of a page below it."""
    return "/".join((GROUPS.path, group_id, *parts))


def stored_group(visit: Visit, group_id: str) -> StoredResource:
    """Return a group, or raise NotFound."""
    return visit.services.resources.groups.get(group_id)


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
    sheet = Sheet(
        path=path_of(group_id),
        fields=GROUP_FIELDS,
        nameless="console.error.group_name",
        read=lambda: stored_group(visit, group_id),
        name=name_of,
        form=partial(_page, visit),
    )
    return take_form(visit, sheet)


def ask_deletion(visit: Visit, group_id: str) -> Response:
    """Ask whether the group is to be deleted: that cannot be taken back."""
    name, total = name_of(stored_group(visit, group_id)), visit.services.rosters.count(group_id)
    return ask(
        visit,
        title=visit.text("console.delete.title", name=name),
        text=visit.text("console.groups.delete_text", count=total),
        button=visit.text("console.delete.button"),
        back=path_of(group_id),
    )


def delete(visit: Visit, group_id: str) -> Response:
    """Delete the group; its members stay."""
    name = name_of(stored_group(visit, group_id))
    visit.services.resources.groups.remove(group_id, visit.caller, lambda _: None)
    visit.tell("console.done.deleted", name=name)
    return visit.go(GROUPS.path)


def _page(visit: Visit, stored: StoredResource, edit: Edit, *errors: FormError) -> Response:
    after = visit.request.args.get("after", "")
    roster = visit.services.rosters.page(stored.id, after=after, count=PER_PAGE)
    return render(
        visit,
        "console/group.html",
        errors=errors,
        name=name_of(stored),
        fields=GROUP_FIELDS,
        edit=edit.over(stored),
        roster=roster,
        first=path_of(stored.id) if after else None,
        next=f"{path_of(stored.id)}?after={roster.next_after}" if roster.next_after else None,
        here=path_of(stored.id),
    )
