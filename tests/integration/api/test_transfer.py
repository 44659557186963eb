"""Users come in and go out by file; a run that was cut off goes on, and what was rejected is given back."""

from __future__ import annotations

import json

import pytest

from api.commands import transfer
from api.services.callers import Caller
from api.transfer.exporting import count, export
from api.transfer.forms import FaultyFile, Format, Line, read_lines
from api.transfer.importing import Importer, Tally
from scim.errors import InvalidFilter, PreconditionFailed
from tests.factories.people import ANN, BEN

OPERATOR = Caller("command-line", None, "request-1")
WSO2 = "urn:scim:wso2:schema"


@pytest.fixture
def users(application):
    return application.services.resources.users


@pytest.fixture
def take(users):
    """Take in some documents and return what became of each, and why."""

    def run(*documents, **how):
        lines = [Line(number, document) for number, document in enumerate(documents, start=1)]
        return [(result.taken.value, result.reason) for result in Importer(users, OPERATOR, **how).take(lines)]

    return run


def user(application, name):
    found = application.admin().get(f'/scim2/Users?filter=userName eq "{name}"').get_json()["Resources"]
    return found[0] if found else None


def test_a_user_comes_in_with_a_number_that_is_asserted(application, take):
    document = {
        "userName": "bob",
        "phoneNumbers": [{"type": "mobile", "value": ANN}],
        WSO2: {"verifiedMobileNumbers": [ANN]},
    }

    assert take(document) == [("created", None)]
    assert user(application, "bob")[WSO2]["verifiedMobileNumbers"] == ANN


def test_one_that_is_rejected_does_not_keep_the_others(application, take):
    results = take({"userName": "ann"}, {}, {"userName": "ben", "phoneNumbers": [{"type": "mobile", "value": "x"}]})

    assert [taken for taken, _ in results] == ["created", "rejected", "rejected"]
    assert "userName" in results[1][1]
    assert "phoneNumbers" in results[2][1]
    assert (user(application, "ann")["userName"], user(application, "ben")) == ("ann", None)


def test_a_line_that_could_not_be_read_is_rejected_with_its_reason(users):
    (result,) = Importer(users, OPERATOR).take([Line(1, None, "it is no JSON object")])

    assert (result.taken.value, result.reason) == ("rejected", "it is no JSON object")


def test_a_user_who_is_there_is_left_alone_unless_it_may_be_changed(application, take):
    take({"userName": "bob", "title": "Boss", "displayName": "Bob"})

    assert take({"userName": "BOB", "title": "Boss"}, {"userName": "bob", "title": "Boss"})[1] == ("unchanged", None)
    refused = take({"userName": "bob", "title": "Chief"})
    changed = take({"userName": "bob", "title": "Chief"}, may_update=True)

    assert refused == [("rejected", "userName is already in use; with --update the user is changed.")]
    assert changed == [("updated", None)]
    assert (user(application, "bob")["title"], user(application, "bob")["displayName"]) == ("Chief", "Bob")


def test_a_dry_run_tells_and_writes_nothing(application, take):
    take({"userName": "bob"})

    results = take(
        {"userName": "ann"}, {"userName": "bob", "title": "x"}, {"title": "x"}, is_dry_run=True, may_update=True
    )

    assert [taken for taken, _ in results] == ["would be created", "would be updated", "rejected"]
    assert (user(application, "ann"), user(application, "bob").get("title")) == (None, None)


TWICE = ({"userName": "ann"}, {"userName": "bob"}, {"userName": "ANN", "title": "x"}, {"userName": "bob"})


@pytest.mark.parametrize("may_update", [False, True])
def test_a_dry_run_says_of_a_name_that_comes_twice_what_the_import_does(application, take, may_update):
    told = take(*TWICE, is_dry_run=True, may_update=may_update)
    done = take(*TWICE, may_update=may_update)

    assert [taken.removeprefix("would be ") for taken, _ in told] == [taken for taken, _ in done]
    assert [taken for taken, _ in told][2:] == ["would be updated" if may_update else "rejected", "unchanged"]
    assert may_update or "in an earlier line of this file, too" in told[2][1]


def test_a_dry_run_reads_a_line_as_the_import_does(take):
    deep = json.loads("[" * 300 + "]" * 300)
    lines = ({"username": "ann", "shoes": deep}, {"USERNAME": "bob"}, {"userName": "ann"})

    assert [taken for taken, _ in take(*lines, is_dry_run=True)] == [
        "would be created",
        "would be created",
        "unchanged",
    ]
    assert [taken for taken, _ in take(*lines)] == ["created", "created", "unchanged"]
    assert [taken for taken, _ in take({"username": "ann", "title": "x"}, may_update=True)] == ["updated"]


def test_what_goes_out_comes_in_again(application, start, users, tmp_path):
    services = application.services
    application.add_verified_user("bob", ANN)
    application.add_user("ann", title="Boss", emails=[{"value": "ann@example.com", "primary": True}])
    lists = services.resources.lists["User"]
    for form in Format:
        path = tmp_path / f"users.{form.value}"
        path.write_bytes(b"".join(content for _, content in export(lists, services.renderer, form)))

        with path.open("rb") as file:
            results = [result.taken.value for result in Importer(users, OPERATOR).take(read_lines(file, form))]

        assert results == ["unchanged", "unchanged"], form


def test_every_user_goes_out_once_over_many_pages(application, monkeypatch):
    monkeypatch.setattr("api.transfer.exporting.PAGE", 2)
    for number in range(5):
        application.add_user(f"user-{number}")
    services = application.services
    lists = services.resources.lists["User"]

    pages = list(export(lists, services.renderer, Format.JSON_LINES))

    lines = [json.loads(line) for _, content in pages for line in content.splitlines()]
    assert sorted(line["userName"] for line in lines) == [f"user-{number}" for number in range(5)]
    assert [users for users, _ in pages] == [2, 2, 1]
    assert (count(lists), count(lists, 'userName eq "user-1"')) == (5, 1)


def test_only_those_that_match_go_out(application):
    application.add_user("ann")
    application.add_user("ben")
    services = application.services
    lists = services.resources.lists["User"]

    (_, header), (users, row) = export(lists, services.renderer, Format.CSV, 'userName eq "ben"')

    assert (header.split(b",")[0], users, row.split(b",")[0]) == (b"userName", 1, b"ben")
    with pytest.raises(InvalidFilter):
        list(export(lists, services.renderer, Format.CSV, "shoes eq 1"))


@pytest.fixture
def run(application, monkeypatch, tmp_path):
    """Run a command on the application's database, as the operator does."""
    services = application.services

    class Kept:
        def __enter__(self):
            return services

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(transfer, "_services", Kept)
    return services


def test_a_run_goes_on_where_it_was_cut_off(application, run, tmp_path, capsys):
    path = tmp_path / "users.csv"
    path.write_text("userName,mobile\nann,\nben,x\ncat,\n")
    with pytest.raises(Exception, match="some lines were rejected"):
        transfer.import_users.callback(path=path, may_update=False, is_dry_run=False)
    rejected = (tmp_path / "users.csv.rejected.csv").read_text().splitlines()
    assert (rejected[0], rejected[1][:6]) == ("userName,mobile,reason", "ben,x,")

    path.write_text(f"userName,mobile\nann,\nben,{BEN}\ncat,\n")
    transfer.import_users.callback(path=path, may_update=False, is_dry_run=False)

    assert capsys.readouterr().out.splitlines() == ["2 created, 1 rejected", "1 created, 2 taken before"]
    assert not (tmp_path / "users.csv.rejected.csv").exists()
    assert user(application, "ben")["phoneNumbers"][0]["value"] == BEN


def test_a_rejected_line_of_json_is_given_back(run, tmp_path):
    path = tmp_path / "users.jsonl"
    path.write_text('{"userName": "ann"}\n{"title": "x"}\n')
    with pytest.raises(Exception, match="some lines were rejected"):
        transfer.import_users.callback(path=path, may_update=False, is_dry_run=True)

    (line,) = (tmp_path / "users.jsonl.rejected.jsonl").read_text().splitlines()
    assert json.loads(line)["user"] == {"title": "x"}
    assert not (tmp_path / "users.jsonl.journal").exists()


def test_an_export_takes_its_place_whole(application, run, tmp_path, capfdbinary):
    application.add_user("ann")
    path = tmp_path / "users.csv"
    transfer.export_users.callback(path=path, form=None, filter_text=None)
    transfer.export_users.callback(path=transfer.Path("-"), form="csv", filter_text=None)

    assert path.read_bytes() == capfdbinary.readouterr().out
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(InvalidFilter):
        transfer.export_users.callback(path=path, form=None, filter_text="shoes eq 1")
    assert path.read_text().splitlines()[1].startswith("ann,")


def test_a_tally_tells_what_became_of_how_many():
    assert Tally().told() == "nobody"


def test_a_file_that_cannot_be_read_is_told_with_its_path(run, tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("userName,shoe size\nann,38\n")

    with pytest.raises(FaultyFile, match=f"^{path}: there is no column shoe size"):
        transfer.import_users.callback(path=path, may_update=False, is_dry_run=True)


def test_what_changed_meanwhile_is_not_taken_back(application, users, take, monkeypatch):
    take({"userName": "bob", "title": "Clerk", "displayName": "Bob"})
    bob, replace = user(application, "bob"), type(users).replace
    others = iter(["Robert"])

    def slowly(service, *arguments):
        for name in others:
            application.admin().replace(f"/scim2/Users/{bob['id']}", {"displayName": name})
        return replace(service, *arguments)

    monkeypatch.setattr(type(users), "replace", slowly)

    assert take({"userName": "bob", "title": "Boss"}, may_update=True) == [("updated", None)]
    found = user(application, "bob")
    assert (found["title"], found["displayName"]) == ("Boss", "Robert")


def test_a_user_whom_others_change_all_the_time_is_rejected(users, take, monkeypatch):
    take({"userName": "bob"})

    def never(*_):
        raise PreconditionFailed

    monkeypatch.setattr(type(users), "replace", never)

    (result,) = take({"userName": "bob", "title": "Boss"}, may_update=True)
    assert result == ("rejected", "Somebody else is changing this user; try again.")


def test_a_line_with_the_password_that_is_there_changes_nothing(application, take):
    document = {"userName": "bob", "password": "a horse with batteries"}
    take(document)
    before = user(application, "bob")["meta"]

    again = take(document, {**document, "title": "Boss"}, may_update=False)
    changed = take({**document, "title": "Boss"}, {**document, "password": "another horse entirely"}, may_update=True)

    assert [taken for taken, _ in again] == ["unchanged", "rejected"]
    assert [taken for taken, _ in changed] == ["updated", "updated"]
    assert before["version"] == 'W/"1"'
    events = application.admin().get("/api/server/v1/audit?event=user.password_changed").get_json()["events"]
    assert len(events) == 2
