"""The reset over HTTP: its forms, the guide's as well, and what each outcome is answered with."""

from __future__ import annotations

import pytest

from persistence.methods import MethodRecord
from tests.factories.graph import FakeGraph, a_phone
from tests.factories.http_gateway import Gateway, Reply
from tests.factories.people import ANN

PATH = "/api/identity/mfa/v1.0/reset"


@pytest.fixture
def kim_id(application):
    user_id = application.add_verified_user("kim", ANN)
    application.admin().patch(
        f"/scim2/Users/{user_id}", {"op": "add", "value": {"emails": [{"value": "kim@example.com"}]}}
    )
    return user_id


@pytest.mark.parametrize(
    "who",
    [{"userName": "kim"}, {"email": "kim@example.com"}, {"mail": "kim@example.com"}, {"name": "kim@example.com"}],
    ids=lambda who: next(iter(who)),
)
def test_a_user_is_reset_by_whatever_names_one(application, kim_id, who):
    answer = application.admin().post(PATH, who)

    body = answer.get_json()
    assert (answer.status_code, body["overall"], body["directory"]) == (200, "complete", "local")
    assert body["user"] == {"id": kim_id, "userName": "kim"}
    assert [(method["type"], method["phoneType"], method["outcome"]) for method in body["methods"]] == [
        ("phone", "mobile", "removed")
    ]
    assert (body["sessionsRevoked"], answer.headers["Cache-Control"]) == (True, "no-store")
    assert ANN not in answer.get_data(as_text=True)


def test_a_pass_is_in_the_answer_alone(application, kim_id):
    body = application.admin().post(PATH, {"id": kim_id, "issueTemporaryAccessPass": True}).get_json()

    assert body["temporaryAccessPass"]["lifetimeInMinutes"] == 60
    assert len(body["temporaryAccessPass"]["temporaryAccessPass"]) == 12


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userName": "kim", "id": "1"},
        {"userName": ""},
        {"userName": 7},
        {"userName": "kim", "methods": []},
        {"userName": "kim", "methods": ["phones"]},
        {"userName": "kim", "methods": "phone"},
        {"userName": "kim", "methods": [7]},
        {"userName": "kim", "methods": [{}]},
        {"userName": "kim", "directory": "elsewhere"},
        {"userName": "kim", "dryRun": "perhaps"},
        {"userName": "kim", "reason": "x" * 201},
    ],
    ids=str,
)
def test_a_faulty_body_is_refused(application, kim_id, body):
    answer = application.admin().post(PATH, body)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"userName": "nobody"}, 404, "USER_NOT_FOUND"),
        ({"userName": "kim", "directory": "graph"}, 400, "UNKNOWN_DIRECTORY"),
        ({"userName": "kim", "confirmationToken": "no"}, 409, "CONFIRMATION_REFUSED"),
    ],
)
def test_what_cannot_be_done_is_told(application, kim_id, body, status, code):
    answer = application.admin().post(PATH, body)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_a_conversation_with_yes_and_no(start, keys):
    """The guide's: nothing goes before somebody has said yes to what would go."""
    application = start(reset_needs_confirmation="true")
    application.add_verified_user("kim", ANN)
    admin = application.admin()
    refused = admin.post(PATH, {"userName": "kim"})
    shown = admin.post(PATH, {"userName": "kim", "dryRun": True}).get_json()

    done = admin.post(PATH, {"userName": "kim", "confirmationToken": shown["confirmationToken"]})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "CONFIRMATION_REQUIRED")
    assert (shown["overall"], shown["methods"][0]["outcome"]) == ("planned", "planned")
    assert (done.status_code, done.get_json()["overall"]) == (200, "complete")


def test_a_repeated_request_is_answered_alike(application, kim_id):
    headers = {"Idempotency-Key": "once"}
    first = application.admin().post(PATH, {"userName": "kim"}, headers=headers)

    again = application.admin().post(PATH, {"userName": "kim"}, headers=headers)
    other = application.admin().post(PATH, {"userName": "kim", "reason": "x"}, headers=headers)
    empty = application.admin().post(PATH, {"userName": "kim"}, headers={"Idempotency-Key": "x" * 256})

    assert again.get_json() == first.get_json()
    assert (other.status_code, other.get_json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert empty.status_code == 400


@pytest.fixture
def graph():
    return FakeGraph({"phoneMethods": [a_phone("mobile")], "fido2Methods": [{"id": "key"}]})


@pytest.fixture
def connected(start, graph):
    with Gateway(graph) as gateway:
        graph.base_url = gateway.url
        application = start(
            graph_tenant_id="contoso",
            graph_client_id="app",
            graph_client_secret="s3cret",
            graph_base_url=f"{gateway.url}/v1.0",
            graph_login_url=gateway.url,
        )
        yield application, gateway


def test_a_user_of_graph_is_reset_where_it_is_connected(connected, graph):
    application, _ = connected

    answer = application.admin().post(PATH, {"name": "kim@contoso.test"})

    assert (answer.status_code, answer.get_json()["directory"]) == (200, "graph")
    assert graph.methods == {"phoneMethods": [], "fido2Methods": []}
    assert graph.sessions_revoked == 1


def test_some_that_stay_are_answered_207_and_an_outage_502_with_what_was_done(connected, graph):
    application, gateway = connected

    def first_refuse(received):
        if received.method == "DELETE" and received.path.endswith("/key"):
            return Reply(400, {"error": {"code": "badRequest", "message": "by policy"}})
        return graph(received)

    gateway.always(first_refuse)
    some = application.admin().post(PATH, {"email": "kim@contoso.test"})
    graph.methods["phoneMethods"] = [a_phone("mobile")]
    gateway.always(lambda received: Reply(500) if received.method == "DELETE" else graph(received))
    none = application.admin().post(PATH, {"email": "kim@contoso.test"})

    assert (some.status_code, some.get_json()["overall"]) == (207, "partial")
    assert [method["reason"] for method in some.get_json()["methods"]] == [None, "by policy"]
    body = none.get_json()
    assert (none.status_code, body["code"], body["overall"]) == (502, "DIRECTORY_UNAVAILABLE", "interrupted")
    assert [method["outcome"] for method in body["methods"]] == ["notTried", "failed"]


def test_a_directory_that_is_down_is_answered_502(connected):
    application, gateway = connected
    gateway.always(Reply(500))

    answer = application.admin().post(PATH, {"email": "kim@contoso.test"})

    assert (answer.status_code, answer.get_json()["code"]) == (502, "DIRECTORY_UNAVAILABLE")


def test_a_record_goes_with_its_user(application, kim_id):
    core = application.services.core
    record = MethodRecord(kim_id, "fido2", "key", core.clock.now())
    core.database.transact(lambda unit: unit.methods.add(record))

    application.admin().call("DELETE", f"/scim2/Users/{kim_id}")

    assert core.database.read(lambda unit: unit.methods.list(kim_id)) == ()
