"""The audit trail over HTTP: pages, filters, files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from api.auth.scopes import Scope
from api.services.auditing import AuditFilter
from api.services.callers import Caller

AUDIT = "/api/server/v1/audit"


@pytest.fixture
def bob(application):
    user_id = application.add_verified_user()
    application.clock.move(minutes=1)
    application.user(user_id).set_mobile("/scim2/Me", "0123456789")
    return user_id


def read(application, **query):
    answer = application.admin().get(AUDIT, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def events(application, **query):
    return [event["event"] for event in read(application, **query)["events"]]


def test_an_event_says_who_did_what_to_whom(application, bob):
    newest = read(application, event="verification.requested")["events"][0]

    assert newest.pop("id")
    assert newest.pop("requestId")
    assert newest.pop("detail")["target"] == "********89"
    assert newest == {
        "at": "2026-11-22T09:01:00.000Z",
        "event": "verification.requested",
        "actor": bob,
        "subject": bob,
        "ip": "127.0.0.1",
    }


def test_what_was_changed_is_shown_masked_before_and_after(application, bob):
    application.user(bob).validate(application.last_code())

    (changed,) = read(application, event="user.phone_changed")["events"]

    assert changed["detail"] == {"before": "********11", "after": "********89"}


def test_events_are_found_by_all_that_is_given(application, bob):
    everything = events(application)

    assert set(events(application, subject=bob)) == set(everything)
    assert events(application, actor=bob) == events(application, since="2026-11-22T09:01:00Z")
    assert set(events(application, actor="tests")) == set(events(application, until="2026-11-22T09:00:30Z"))
    assert events(application, actor=bob, event="resource.created") == []
    assert events(application, actor=bob, until="2026-11-22T10:01:00+01:00") == []
    assert events(application, subject="nobody") == events(application, actor="\0") == []


def test_a_walk_meets_every_event_once(application, bob):
    whole = read(application)["events"]
    walked, query = [], {"count": 1}
    while True:
        page = read(application, **query)
        walked += page["events"]
        if "nextCursor" not in page:
            break
        query["cursor"] = page["nextCursor"]

    assert walked == whole
    assert len(walked) > 2


@pytest.mark.parametrize("change", [{"actor": "x"}, {"cursor": "x"}], ids=["another list", "not ours"])
def test_a_cursor_belongs_to_its_list(application, bob, change):
    query = {"count": 1, "cursor": read(application, count=1)["nextCursor"], **change}

    answer = application.admin().get(AUDIT, query_string=query)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")
    assert "cursor" in answer.get_json()["description"]


def test_a_cursor_expires(application, bob):
    query = {"count": 1, "cursor": read(application, count=1)["nextCursor"]}
    application.clock.move(hours=2)

    assert application.admin().get(AUDIT, query_string=query).status_code == 400


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"since": "yesterday"}, "since"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "until"),
        ({"count": "0"}, "count"),
        ({"count": "201"}, "count"),
        ({"count": "x"}, "count"),
        ({"format": "xml"}, "format"),
        ({"evnt": "user.phone_changed"}, "evnt"),
        ({"event": ""}, "event"),
    ],
)
def test_a_faulty_query_is_refused_by_name(application, query, named):
    answer = application.admin().get(AUDIT, query_string=query)

    assert (answer.status_code, answer.get_json()["description"]) == (400, f"Missing or faulty: {named}.")


@pytest.mark.parametrize("how", [{"query_string": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}])
def test_a_file_of_values_has_every_event(application, bob, how):
    whole = read(application)["events"]

    answer = application.admin().get(AUDIT, **how)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert [row["id"] for row in rows] == [event["id"] for event in whole]
    assert [json.loads(row["detail"]) for row in rows] == [event["detail"] for event in whole]


@pytest.mark.parametrize(
    "how",
    [
        {"query_string": {"format": "jsonl"}},
        {"headers": {"Accept": "application/x-ndjson"}},
        {"headers": {"Accept": "application/jsonl"}},
    ],
)
def test_a_file_of_lines_has_every_event(application, bob, how):
    whole = read(application)["events"]

    answer = application.admin().get(AUDIT, **how)

    assert answer.headers["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert [json.loads(line) for line in answer.get_data().splitlines()] == whole


@pytest.mark.parametrize("portion", [1, 2, 3, 100])
def test_a_file_is_read_in_portions(application, bob, portion):
    whole = read(application)["events"]
    application.clock.move(minutes=1)
    service = replace(application.services.audit, portion=portion)

    portions = list(service.export(AuditFilter(), "csv", Caller("tests", None, "r1")))

    assert [event.id for events in portions for event in events] == [event["id"] for event in whole]
    assert max(map(len, portions)) <= portion


def test_a_spreadsheet_runs_nothing_of_it(application):
    application.admin().call("POST", "/scim2/Users", {"userName": "eve"}, headers={"X-Request-Id": "=cmd-calc"})

    rows = application.admin().get(AUDIT, query_string={"format": "csv"}).get_data(as_text=True)

    assert not [cell for row in csv.reader(io.StringIO(rows)) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_who_takes_a_copy_is_on_record(application, bob):
    application.clock.move(minutes=1)
    application.admin().get(AUDIT, query_string={"format": "csv", "subject": bob})

    taken = read(application)["events"][0]

    assert (taken["event"], taken["actor"]) == ("audit.exported", "tests")
    assert taken["detail"] == {"form": "csv", "of": bob}


def test_an_empty_file_has_its_header(application):
    answer = application.admin().get(AUDIT, query_string={"format": "csv", "event": "none"})

    assert answer.get_data() == b'"id","at","event","actor","subject","detail","requestId","ip"\r\n'


def test_a_user_reads_nothing_of_it(application, bob):
    assert application.user(bob).get(AUDIT).status_code == 403
    assert application.user(bob, frozenset({Scope.GOVERNANCE_VIEW})).get(AUDIT).status_code == 200
