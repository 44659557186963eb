"""Users in and out by file in the Console: checked first, taken in by a thread, and gone on with where one stopped."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from api.auth.scopes import Scope
from api.services.callers import Caller
from api.services.tidying import IMPORTS_KEPT, TidyService
from api.transfer import runs
from api.transfer import uploads as uploading
from api.transfer.runs import BATCH, LEASE
from api.transfer.uploads import MOST_KEPT, MOST_SHOWN, PORTION
from api.upload_wiring import build_uploads
from persistence.imports import ImportStatus
from tests.factories.sign_ins import administrator
from tests.factories.stored import everything_stored

PATH = "/console/transfer"
WHO = Caller("operator", None, "r1")
USERS = b"userName,mobile,password\nann,+447700900001,a horse with batteries\nbob,+447700900002,\n,+447700900003,x\n"


@pytest.fixture
def root(application):
    """Open a browser of an administrator who may do everything."""
    return administrator(application)


@pytest.fixture
def uploads(application):
    """Return the use cases of uploads."""
    return build_uploads(application.services)


def wait_for_threads():
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join(30)


def send(root, content, name="users.csv", **values):
    form = next(form for form in root.get(PATH).forms if form.action.endswith("/imports"))
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    data = {**form.values, **values, "file": (io.BytesIO(content), name)}
    return root.client.post(form.action, data=data, headers=headers, content_type="multipart/form-data")


def brought(root, content=USERS, **values):
    """Bring a file in and wait until it is checked; return the path of the import."""
    answer = send(root, content, **values)
    assert answer.status_code == 303, answer.text
    wait_for_threads()
    path: str = answer.headers["Location"]
    return path


def form_at(page, path):
    return next(form for form in page.forms if form.action == path)


def names_of(application):
    listed = application.admin().get("/scim2/Users").get_json()["Resources"]
    return sorted(user["userName"] for user in listed)


def test_a_file_is_checked_and_nothing_is_written_before_it_is_imported(application, root):
    path = brought(root)

    page = root.get(path)
    before = names_of(application)
    root.send(form_at(page, f"{path}/run"))
    wait_for_threads()
    done = root.get(path)

    assert (page.heading, before) == ("users.csv", ["root"])
    assert "would be created 2" in page.text
    assert "rejected 1" in page.text
    assert "Nothing has been written yet." in page.text
    assert names_of(application) == ["ann", "bob", "root"]
    assert "created 2" in done.text
    assert not any(form.action == f"{path}/run" for form in done.forms)
    begun = application.admin().get("/api/server/v1/audit?event=users.import_begun").get_json()["events"]
    assert [event["detail"]["lines"] for event in begun] == [3]
    assert "users.csv" in root.get(PATH).text


def test_frequent_reasons_are_told_in_the_language_of_the_visitor(root):
    root.language = "de"
    lines = (
        "ann,,,,",
        "ANN,x,,,",
        ",x,,,",
        "bob,,abc,,",
        "cat,,,123,",
        f"{'d' * 600},,,,",
        "eve,,,,maybe",
        "fay,,,,,,",
    )

    page = root.get(brought(root, "\n".join(("userName,title,mobile,password,active", *lines)).encode()))

    assert re.findall(r"data-head=\"Grund\"><div>(.*?)</div>", page.answer.text) == [
        "Dieser Benutzername steht schon in einer früheren Zeile",
        "Der Benutzername fehlt",
        "Das ist keine brauchbare Telefonnummer",
        "Dieses Passwort ist zu kurz, zu lang oder leicht zu erraten",
        "userName darf höchstens 256 Zeichen haben",
        "active ist weder true noch false",
        "Die Zeile hat mehr Zellen als die Kopfzeile",
    ]


def test_rejected_lines_are_a_file_to_be_mended(root):
    path = brought(root)

    answer = root.client.get(f"{path}/report")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="rejected.csv"'
    head, row = csv.reader(io.StringIO(answer.text))
    assert head == ["userName", "mobile", "password", "reason"]
    assert (row[:3], "userName" in row[3]) == (["", "+447700900003", "x"], True)


def test_many_rejected_lines_are_all_in_the_report(root):
    path = brought(root, b"userName,title\n" + b",Nobody\n" * (PORTION + 1))

    report = root.client.get(f"{path}/report").text.splitlines()
    page = root.get(path)

    assert len(report) == PORTION + 2
    assert f"The first {MOST_SHOWN} are shown" in page.text


def test_lines_of_json_come_back_with_their_reason(root):
    path = brought(root, b'{"userName": "ann"}\n\nnonsense\n{"userName": "bob"}\n', name="users.jsonl")

    (line,) = root.client.get(f"{path}/report").text.splitlines()

    assert json.loads(line) == {"line": 3, "reason": "it is no JSON in UTF-8, or too long", "user": None}
    assert "would be created 2" in root.get(path).text


def test_users_who_are_there_are_changed_where_that_is_wanted(application, root):
    application.add_user("ann", title="Clerk")
    content = b"userName,title\nann,Boss\n"

    kept = root.get(brought(root, content))
    path = brought(root, content, may_update="yes")
    changing = root.get(path)
    root.send(form_at(changing, f"{path}/run"))
    wait_for_threads()

    assert "rejected 1" in kept.text
    assert "would be changed 1" in changing.text
    (ann,) = application.admin().get('/scim2/Users?filter=userName eq "ann"').get_json()["Resources"]
    assert ann["title"] == "Boss"


def test_an_administrator_with_fewer_rights_changes_none_with_more(application, root):
    application.add_user("bob", title="Clerk")
    helper = administrator(application, "ann", frozenset({Scope.USER_LIST, Scope.USER_CREATE, Scope.USER_UPDATE}))
    content = b"userName,title,password\nroot,Clerk,another horse entirely\nbob,Boss,\n"

    checked = helper.get(path := brought(helper, content, may_update="yes"))
    helper.send(form_at(checked, f"{path}/run"))
    wait_for_threads()

    assert "administrator with more rights" in checked.text
    done = helper.get(path)
    assert ("changed 1" in done.text, "rejected 1" in done.text) == (True, True)
    (found,) = application.admin().get('/scim2/Users?filter=userName eq "root"').get_json()["Resources"]
    assert "title" not in found


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "users.csv", "The file is empty."),
        (b"x", "users.txt", "must end in .csv"),
        (b"", "", "Choose a file."),
        (b"x" * 3000, "users.csv", "The file is larger than"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_the_field(start, content, name, told):
    root = administrator(start(import_max_bytes="2048"))

    answer = send(root, content, name=name)

    assert (answer.status_code, told in answer.text) == (422, True)
    assert "Nothing has been imported yet." in answer.text


def test_a_file_with_an_unknown_column_cannot_be_read(root):
    path = brought(root, b"userName,shoe size\nann,38\n")

    page = root.get(path)

    assert "cannot be read" in page.text
    assert "There is no column shoe size" in page.text


def test_a_file_that_is_no_text_cannot_be_read(root):
    page = root.get(brought(root, b"userName\n\xff\xfe\n"))

    assert "The file is no text in UTF-8" in page.text


def test_a_large_body_is_read_only_from_who_may_send_it(application, start):
    watcher = administrator(application, "ann", frozenset({Scope.USER_LIST}))
    form = next(form for form in watcher.get(PATH).forms if form.action.endswith("/transfer/users"))

    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    refused = watcher.client.post(f"{PATH}/imports", data={"file": (io.BytesIO(USERS), "users.csv")}, headers=headers)
    forged = administrator(application).client.post(
        f"{PATH}/imports", data={"file": (io.BytesIO(USERS), "users.csv")}, headers=headers
    )
    small = administrator(start(import_max_bytes="2048"))
    huge = small.client.post(
        f"{PATH}/imports",
        content_type="multipart/form-data; boundary=x",
        headers=headers,
        environ_overrides={"CONTENT_LENGTH": str(3 << 20)},
    )

    assert form.action.endswith("/users")
    assert [refused.status_code, forged.status_code, huge.status_code] == [403, 403, 413]


def test_what_is_in_a_file_is_sealed(application, root):
    brought(root)

    assert "horse" not in everything_stored(application)


def test_no_file_is_written_while_one_is_worked_through(root, uploads, monkeypatch, tmp_path):
    import_id = brought(root).rpartition("/")[2]
    uploads.begin(import_id, WHO)
    take, seen = runs.Importer.take, []
    folder = tmp_path / "temporary"
    folder.mkdir()

    def looking(importer, lines):
        for result in take(importer, lines):
            seen.extend(folder.rglob("*"))
            yield result

    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(runs.Importer, "take", looking)
    uploads.run(import_id, WHO)

    assert (seen, uploads.lookup(import_id).status) == ([], ImportStatus.IMPORTED)


def test_a_fault_is_kept_short_and_without_what_no_database_takes(application, root):
    path = brought(root, b"userName,shoe\0size" + b",x" * 20 + b"\nann,38\n")
    page = root.get(path)
    long = root.get(brought(root, USERS, name="users\1.csv"))

    assert "There is no column shoe size, x, x, x, x and 16 more" in page.text
    assert long.heading == "users .csv"
    assert root.client.get(f"{path}/report").status_code == 200


IMPORTING = frozenset({Scope.USER_LIST, Scope.USER_CREATE, Scope.USER_UPDATE})


def interfere(monkeypatch, act):
    """Have something done behind the first line that a run takes."""
    take = runs.Importer.take

    def disturbed(importer, lines):
        for number, result in enumerate(take(importer, lines)):
            if number == 0:
                act()
            yield result

    monkeypatch.setattr(runs.Importer, "take", disturbed)


@pytest.mark.parametrize("is_deactivated", [True, False])
def test_an_import_stops_where_who_began_it_may_import_no_longer(application, root, monkeypatch, is_deactivated):
    helper = administrator(application, "ann", IMPORTING)
    ann = application.services.core.database.read(lambda unit: unit.resources.find("User", "ann")).id
    path = brought(helper, b"userName\nbob\nben\ncat\n")
    page = helper.get(path)

    def lose():
        application.clock.move(seconds=1)
        if is_deactivated:
            application.admin().replace(f"/scim2/Users/{ann}", {"active": False})
        else:
            application.services.administrators.set_scopes(ann, frozenset(), WHO)

    interfere(monkeypatch, lose)
    helper.send(form_at(page, f"{path}/run"))
    wait_for_threads()
    monkeypatch.undo()
    stopped = root.get(path)
    before = names_of(application)
    root.send(form_at(stopped, f"{path}/run"))
    wait_for_threads()

    assert "whoever began it may import no longer" in stopped.text
    assert before == ["ann", "bob", "root"]
    assert names_of(application) == ["ann", "ben", "bob", "cat", "root"]
    assert "whoever began it" not in root.get(path).text


def test_who_has_lost_all_rights_changes_nobody(application):
    helper = administrator(application, "ann", IMPORTING)
    application.add_user("bob", title="Clerk")
    path = brought(helper, b"userName,title\nbob,Boss\n", may_update="yes")
    ann = application.services.core.database.read(lambda unit: unit.resources.find("User", "ann")).id
    page = helper.get(path)

    administrator(application, "ann", frozenset({Scope.USER_LIST}))
    uploads = build_uploads(application.services)
    uploads.begin(path.rpartition("/")[2], WHO)
    uploads.run(path.rpartition("/")[2], Caller(ann, ann, "r1"))

    assert page.status == 200
    assert uploads.lookup(path.rpartition("/")[2]).fault == "rights_lost"
    (found,) = application.admin().get('/scim2/Users?filter=userName eq "bob"').get_json()["Resources"]
    assert found["title"] == "Clerk"


def test_a_fault_of_the_server_is_told_and_leaves_it_to_go_on(root, uploads, monkeypatch):
    path = brought(root, b"userName\nann\nben\n")
    import_id = path.rpartition("/")[2]
    uploads.begin(import_id, WHO)

    def fail():
        raise ValueError("ann")

    interfere(monkeypatch, fail)
    with capture_logs() as lines:
        uploads.run(import_id, WHO)
    page = root.get(path)
    monkeypatch.undo()
    root.send(form_at(page, f"{path}/run"))
    wait_for_threads()

    assert "It stopped for a fault of the server" in page.text
    told = {"event": "import failed", "log_level": "error", "import_id": import_id, "kind": "ValueError"}
    assert lines == [told]
    assert uploads.lookup(import_id).status is ImportStatus.IMPORTED


def test_a_line_about_the_own_account_is_rejected(application, root):
    path = brought(root, b"userName,title,password\nroot,Boss,another horse entirely\nroot,,\n", may_update="yes")

    page = root.get(path)
    root.send(form_at(page, f"{path}/run"))
    wait_for_threads()

    assert "This is the own account: use My Account" in page.text
    assert "rejected 2" in root.get(path).text
    (found,) = application.admin().get('/scim2/Users?filter=userName eq "root"').get_json()["Resources"]
    assert "title" not in found


def test_who_may_not_change_a_user_learns_nothing_of_the_password(application):
    helper = administrator(application, "ann", IMPORTING)
    application.add_user("eve", password="a horse with batteries")
    administrator(application, "eve")
    content = b"userName,password\neve,a horse with batteries\neve,another horse entirely\n"

    page = helper.get(brought(helper, content))

    assert page.text.count("administrator with more rights") == 2


def test_a_process_works_through_few_files_at_a_time(root, uploads, monkeypatch):
    monkeypatch.setattr(uploading, "_room", threading.BoundedSemaphore(1))
    uploading._room.acquire()
    answer = send(root, USERS)
    path = answer.headers["Location"]
    told = root.get(path)
    uploading._room.release()
    root.send(form_at(told, f"{path}/run"))
    wait_for_threads()

    assert "as many files as it can" in told.text
    assert uploads.lookup(path.rpartition("/")[2]).status is ImportStatus.CHECKED


def test_few_files_are_kept(application, root, uploads):
    item = uploads.lookup(brought(root).rpartition("/")[2])
    for number in range(MOST_KEPT - 1):
        copy = replace(item, id=f"copy-{number}")
        application.services.core.database.transact(lambda unit, copy=copy: unit.imports.add(copy))

    refused = send(root, USERS)
    uploads.remove("copy-0", WHO)

    assert (refused.status_code, "20 files are kept already" in refused.text) == (422, True)
    assert send(root, USERS).status_code == 303
    wait_for_threads()
    removed = application.admin().get("/api/server/v1/audit?event=users.import_removed").get_json()["events"]
    assert [event["detail"] for event in removed] == [{"import_id": "copy-0"}]


def test_an_import_that_was_stopped_goes_on_behind_what_was_taken(application, root, uploads, monkeypatch):
    content = b"userName\n" + b"".join(b"user%03d\n" % number for number in range(BATCH + 10))
    path = brought(root, content)
    import_id = path.rpartition("/")[2]
    uploads.begin(import_id, WHO)

    class Killed(BaseException):
        pass

    taken = []

    def die(importer, lines):
        for line in lines:
            if len(taken) == BATCH + 5:
                raise Killed
            taken.append(line.number)
            yield importer._result(line)

    monkeypatch.setattr(runs.Importer, "take", die)
    with pytest.raises(Killed):
        uploads.run(import_id, WHO)
    monkeypatch.undo()
    underway = root.get(path)
    uploads.run(import_id, WHO)
    still = uploads.lookup(import_id)
    application.clock.move(seconds=LEASE.total_seconds() + 1)
    stopped = root.get(path)
    root.send(form_at(stopped, f"{path}/run"))
    wait_for_threads()

    assert f"Lines taken: {BATCH} of {BATCH + 10}" in underway.text
    assert any(element.get("data-hx-trigger") for element in underway.root.iter("div"))
    assert (still.status, still.taken) == (ImportStatus.IMPORTING, BATCH)
    assert "It stopped before its end" in stopped.text
    done = uploads.lookup(import_id)
    assert (done.status, done.counts) == (ImportStatus.IMPORTED, {"created": BATCH + 5, "unchanged": 5})
    assert len(names_of(application)) == BATCH + 11


def test_a_check_that_was_stopped_goes_on_with_the_names_it_has_met(application, root, uploads, monkeypatch):
    monkeypatch.setattr(uploading, "_room", threading.BoundedSemaphore(1))
    uploading._room.acquire()
    content = b"userName,mobile\nann,\nbob,x\nbob,\nANN,+447700900002\n"
    import_id = send(root, content).headers["Location"].rpartition("/")[2]
    take = runs.Importer.take

    class Killed(BaseException):
        pass

    def die(importer, lines):
        for result in take(importer, lines):
            if result.line.number > 3:
                raise Killed
            yield result

    monkeypatch.setattr(runs, "BATCH", 1)
    monkeypatch.setattr(runs.Importer, "take", die)
    with pytest.raises(Killed):
        uploads.run(import_id, WHO)
    monkeypatch.setattr(runs.Importer, "take", take)
    application.clock.move(seconds=LEASE.total_seconds() + 1)

    uploads.run(import_id, WHO)

    assert uploads.lookup(import_id).counts == {"would_be_created": 2, "rejected": 2}
    assert [number for number, _ in uploads.rejections(import_id)] == [3, 5]


def test_who_has_lost_the_lease_stops(application, root, uploads, monkeypatch):
    path = brought(root, b"userName\nann\nbob\n")
    import_id = path.rpartition("/")[2]
    uploads.begin(import_id, WHO)
    take, core = runs.Importer.take, application.services.core

    def steal():
        at = application.clock.now()
        core.database.transact(lambda unit: unit.imports.claim(import_id, "another", at, at + timedelta(days=1)))

    def slowly(importer, lines):
        for result in take(importer, lines):
            application.clock.move(seconds=LEASE.total_seconds() + 1)
            steal()
            yield result

    monkeypatch.setattr(runs.Importer, "take", slowly)
    uploads.run(import_id, WHO)

    found = uploads.lookup(import_id)
    assert (found.status, found.taken) == (ImportStatus.IMPORTING, 0)


def test_an_import_is_removed_after_a_question_or_by_itself(application, root, uploads):
    path, other = brought(root), brought(root)

    asked = root.get(f"{path}/remove")
    told = root.send(form_at(asked, f"{path}/remove"))

    assert (asked.heading, "The import is removed." in told.text) == ("Remove this import?", True)
    assert [root.get(path).status, root.get(f"{path}/report").status, root.get(other).status] == [404, 404, 200]
    application.clock.move(seconds=IMPORTS_KEPT.total_seconds() + 1)
    TidyService(application.services.core, timedelta(days=90)).tidy()
    assert uploads.newest() == []


def test_a_file_that_was_cut_off_is_no_more_than_stopped(application, root, uploads):
    item = uploads.lookup(brought(root).rpartition("/")[2])
    cut = replace(item, id="cut", status=ImportStatus.RECEIVING)
    application.services.core.database.transact(lambda unit: unit.imports.add(cut))

    assert "stopped" in root.get(f"{PATH}/imports/cut").text


@pytest.mark.parametrize(("form", "head"), [("csv", "userName,externalId"), ("jsonl", '{"schemas"')])
def test_users_are_taken_out_by_a_filter(application, root, form, head):
    application.add_user("ann", title="Boss")
    application.add_user("bob")

    answer = root.client.get(f"{PATH}/users?form={form}&filter=title+eq+%22Boss%22")

    assert answer.text.startswith(head)
    assert ("ann" in answer.text, "bob" in answer.text) == (True, False)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="users.{form}"'
    taken = application.admin().get("/api/server/v1/audit?event=users.exported").get_json()["events"]
    assert [event["detail"] for event in taken] == [{"form": form, "filtered": "yes"}]


def test_a_faulty_filter_is_said_beside_the_field(root):
    page = root.get(f"{PATH}/users?form=csv&filter=title+is")

    assert page.status == 422
    assert "This filter cannot be used" in page.text
    assert root.get(f"{PATH}/users?form=pdf").status == 404


def test_who_may_not_import_is_not_asked_to(application):
    watcher = administrator(application, "ann", frozenset({Scope.USER_LIST}))

    page = watcher.get(PATH)

    assert "Export users" in page.text
    assert "Import users" not in page.text
