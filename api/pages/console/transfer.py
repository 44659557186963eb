"""Users in and out by file: an export, and imports that are checked before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from werkzeug.exceptions import NotFound

from api.pages.console.frame import ask, gone, render
from api.pages.console.fresh import require_fresh_sign_in
from api.pages.console.wording import filter_fault, rejection, unreadable
from api.pages.form_errors import FormError
from api.resource_wiring import USER
from api.services.tidying import IMPORTS_KEPT
from api.transfer.exporting import export_for
from api.transfer.forms import FaultyFile, Format
from api.transfer.importing import Taken
from api.transfer.runs import RIGHTS
from api.transfer.uploads import MOST_KEPT, MOST_SHOWN, EmptyFile, FileTooLarge, NoSuchImport, TooManyFiles
from api.upload_wiring import build_uploads
from persistence.imports import UNDERWAY, ImportStatus
from scim.errors import InvalidFilter, InvalidPath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from api.pages.visits import Visit
    from api.transfer.uploads import UploadService
    from persistence.imports import Import

PATH = "/console/transfer"
TEXTS = "watch.transfer"
IMPORTS = f"{PATH}/imports"
LOOKS: Mapping[str, str] = {"imported": "good", "unreadable": "bad", "stopped": "bad"}
"""The kinds of states; what has none waits."""
_MEGABYTE = 1 << 20
_MEDIA_TYPES = {Format.CSV: "text/csv", Format.JSON_LINES: "application/x-ndjson"}


def show(visit: Visit) -> Response:
    """Offer an export and an import, and list the imports."""
    return _page(visit)


def take_out(visit: Visit) -> Response:
    """Answer with all users, or those that match a filter, in a file that is made while it is sent."""
    form, wanted = visit.request.args.get("form", ""), visit.request.args.get("filter", "").strip() or None
    if form not in set(Format):
        raise NotFound
    resources, renderer = visit.services.resources.lists[USER], visit.services.renderer
    try:
        content = export_for(visit.caller, resources, renderer, Format(form), wanted)
    except (InvalidFilter, InvalidPath) as error:
        return _page(visit, FormError(filter_fault(visit.text, error.detail), "filter"))
    return _file(content, Format(form), "users")


def bring_in(visit: Visit) -> Response:
    """Keep a file, and begin to check it."""
    file, uploads = visit.request.files.get("file"), build_uploads(visit.services)
    if file is None or not file.filename:
        return _page(visit, _fault(visit, "missing"))
    may_update = visit.field("may_update") == "yes"
    try:
        item = uploads.receive(file.filename, file.stream, visit.caller, may_update=may_update)
    except FaultyFile:
        return _page(visit, _fault(visit, "ending"))
    except EmptyFile:
        return _page(visit, _fault(visit, "empty"))
    except FileTooLarge:
        return _page(visit, _fault(visit, "large"))
    except TooManyFiles:
        return _page(visit, _fault(visit, "many"))
    return _started(visit, uploads, item)


def show_import(visit: Visit, import_id: str) -> Response:
    """Show how far an import is, and what was rejected."""

    def act(uploads: UploadService, item: Import) -> Response:
        now = visit.services.core.clock.now()
        return render(
            visit,
            "console/import.html",
            item=item,
            looks=LOOKS,
            state=_state(item, is_stopped=item.is_stopped(now)),
            is_stopped=item.is_stopped(now),
            is_underway=item.status in UNDERWAY and not item.is_stopped(now),
            counts=_counts(item),
            actor=visit.services.names.of({item.actor})[item.actor],
            fault=unreadable(visit.text, item.fault or "") if item.status is ImportStatus.UNREADABLE else item.fault,
            rejections=[(line, rejection(visit.text, why)) for line, why in uploads.rejections(item.id)],
            most_shown=MOST_SHOWN,
            kept_until=item.created_at + IMPORTS_KEPT,
        )

    return _of(visit, import_id, act)


def run(visit: Visit, import_id: str) -> Response:
    """Take in what was checked, or go on with what has stopped."""

    def act(uploads: UploadService, item: Import) -> Response:
        # The file may be about administrators.
        require_fresh_sign_in(visit, f"{IMPORTS}/{item.id}")
        uploads.begin(item.id, visit.caller)
        return _started(visit, uploads, item)

    return _of(visit, import_id, act)


def _started(visit: Visit, uploads: UploadService, item: Import) -> Response:
    if not uploads.start(item.id, visit.caller):
        visit.tell("watch.transfer.busy")
    return visit.go(f"{IMPORTS}/{item.id}")


def report(visit: Visit, import_id: str) -> Response:
    """Answer with the rejected lines and their reasons, in the form of the file."""

    def act(uploads: UploadService, item: Import) -> Response:
        return _file(uploads.report(item.id), Format(item.form), "rejected")

    return _of(visit, import_id, act)


def ask_remove(visit: Visit, import_id: str) -> Response:
    """Ask whether an import is to go."""

    def act(uploads: UploadService, item: Import) -> Response:
        del uploads
        return ask(
            visit,
            title=visit.text("watch.transfer.remove_title"),
            text=visit.text("watch.transfer.remove_text"),
            button=visit.text("watch.transfer.remove"),
            back=f"{IMPORTS}/{item.id}",
        )

    return _of(visit, import_id, act)


def remove(visit: Visit, import_id: str) -> Response:
    """Remove an import."""

    def act(uploads: UploadService, item: Import) -> Response:
        uploads.remove(item.id, visit.caller)
        visit.tell("watch.transfer.removed")
        return visit.go(PATH)

    return _of(visit, import_id, act)


def _page(visit: Visit, *errors: FormError) -> Response:
    uploads, now = build_uploads(visit.services), visit.services.core.clock.now()
    may_import = visit.may(*RIGHTS)
    items = uploads.newest() if may_import else []
    return render(
        visit,
        "console/transfer.html",
        errors=errors,
        filter=visit.request.args.get("filter", ""),
        form=visit.request.args.get("form", Format.CSV),
        forms_of_files=[(each.value, visit.text(f"watch.transfer.form.{each.value}")) for each in Format],
        may_import=may_import,
        looks=LOOKS,
        imports=[(item, _state(item, is_stopped=item.is_stopped(now)), _counts(item)) for item in items],
        names=visit.services.names.of({item.actor for item in items}),
        megabytes=uploads.max_bytes // _MEGABYTE,
    )


def _fault(visit: Visit, name: str) -> FormError:
    megabytes = visit.services.settings.import_max_bytes // _MEGABYTE
    return FormError(visit.text(f"watch.transfer.fault.{name}", size=megabytes, count=MOST_KEPT), "file")


def _of(visit: Visit, import_id: str, act: Callable[[UploadService, Import], Response]) -> Response:
    uploads = build_uploads(visit.services)
    try:
        return act(uploads, uploads.lookup(import_id))
    except NoSuchImport:
        return gone(visit, TEXTS, PATH)


def _state(item: Import, *, is_stopped: bool) -> str:
    # All of a file is here before its visitor sees it; one that is not was cut off.
    is_cut_off = item.status is ImportStatus.RECEIVING
    return "stopped" if is_stopped or is_cut_off else item.status.value


def _counts(item: Import) -> list[tuple[str, int]]:
    names = [taken.name.lower() for taken in Taken]
    return [(name, item.counts[name]) for name in names if item.counts.get(name)]


def _file(content: Iterator[bytes], form: Format, name: str) -> Response:
    response = Response(content, content_type=f"{_MEDIA_TYPES[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.value}"'
    return response
