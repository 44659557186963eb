"""The way to the database breaks at a commit: what was asked for happens once, and its caller is told so."""

from __future__ import annotations

import pytest

from persistence.patience import Patience
from tests.factories.application import make_application
from tests.factories.breaking import BreakingWay, Moment
from tests.factories.people import ANN, BEN, CODES, DAN, add_person, wrong
from verification.errors import Limit
from verification.limits import Window
from verification.send_limits import HOUR, MARK_WIDTH, Budget
from verification.verifications import Status

pytestmark = [pytest.mark.postgresql, pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

moments = pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.value)


@pytest.fixture
def way(postgresql_server):
    with BreakingWay(postgresql_server) as running:
        yield running


@pytest.fixture
def application(way, database_url, tmp_path, keys):
    running = make_application(way.url(database_url), tmp_path, **keys)
    yield running
    running.services.core.database.close()


def read(application, work):
    return application.services.core.database.read(work)


def events(application, user_id=None):
    """Return what is on record, oldest first."""
    later = application.clock.now().replace(year=2030)
    found = read(application, lambda unit: unit.audit.list(later, subject_id=user_id))
    return [str(event.event) for event in reversed(found)]


def sent_within_the_hour(application, user_id):
    """Return how many codes are counted."""
    budget = Budget(Window(Limit.HOURLY, HOUR, 10), user_id)
    (marks,) = read(application, lambda unit: unit.send_marks.list([budget])).marks.values()
    return len(marks) // MARK_WIDTH


@moments
def test_a_user_is_created_once(application, way, moment):
    body = {"userName": "bob", "phoneNumbers": [{"type": "mobile", "value": ANN}]}
    way.break_at_commit(moment)

    answer = application.admin().post("/scim2/Users", {**body, "urn:scim:wso2:schema": {"verifyMobile": True}})

    assert (answer.status_code, way.broken) == (201, 1)
    listed = application.admin().get("/scim2/Users").get_json()
    assert (listed["totalResults"], listed["Resources"][0]["id"]) == (1, answer.get_json()["id"])
    assert read(application, lambda unit: unit.resources.count("User")) == 1
    assert len(application.deliver()) == 1
    assert sorted(events(application)) == ["resource.created", "verification.requested"]
    assert sent_within_the_hour(application, answer.get_json()["id"]) == 1


@moments
def test_a_number_asked_for_is_sent_one_code(application, way, moment):
    bob = add_person(application)
    way.break_at_commit(moment)

    answer = bob.send(p=DAN)

    assert (answer.status_code, way.broken) == (200, 1)
    assert answer.headers["ETag"] == bob.version() == 'W/"2"'
    assert len(application.deliver()) == 1
    assert sent_within_the_hour(application, bob.id) == 1
    assert bob.validate(application.last_code()).status_code == 200
    assert events(application, bob.id).count("verification.requested") == 1


@moments
def test_a_change_of_a_known_version_is_not_refused_for_its_own_effect(application, way, moment):
    bob = add_person(application)
    way.break_at_commit(moment)

    answer = application.admin().patch(
        bob.path, {"op": "replace", "path": "displayName", "value": "Bob"}, headers={"If-Match": bob.version()}
    )

    assert (answer.status_code, way.broken) == (200, 1)
    assert answer.headers["ETag"] == bob.version() == 'W/"2"'


@moments
def test_a_value_is_added_once(application, way, moment):
    bob = add_person(application)
    way.break_at_commit(moment)

    answer = application.admin().patch(bob.path, {"op": "add", "path": "emails", "value": [{"value": "b@x.example"}]})

    assert (answer.status_code, way.broken) == (200, 1)
    assert bob.show()["emails"] == [{"value": "b@x.example"}]
    assert bob.version() == 'W/"2"'


@moments
def test_a_user_is_removed_once(application, way, moment):
    bob = add_person(application)
    way.break_at_commit(moment)

    answer = application.admin().call("DELETE", bob.path)

    assert (answer.status_code, way.broken) == (204, 1)
    assert read(application, lambda unit: unit.resources.count("User")) == 0
    assert events(application, bob.id).count("resource.removed") == 1


@moments
def test_a_member_is_added_once(application, way, moment):
    bob, admin = add_person(application), application.admin()
    group = admin.post("/scim2/Groups", {"displayName": "all"}).get_json()
    way.break_at_commit(moment)

    answer = admin.patch(
        f"/scim2/Groups/{group['id']}",
        {"op": "add", "path": "members", "value": [{"value": bob.id}]},
        headers={"If-Match": group["meta"]["version"]},
    )

    assert (answer.status_code, way.broken) == (200, 1)
    assert [member["value"] for member in answer.get_json()["members"]] == [bob.id]
    assert answer.get_json()["meta"]["version"] == 'W/"2"'


@pytest.mark.parametrize("is_privileged", [False, True], ids=["own", "privileged"])
@moments
def test_a_right_code_is_right(application, way, moment, is_privileged):
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()
    live = bob.live().id
    way.break_at_commit(moment)

    path, caller = ("validate-code", application.admin()) if is_privileged else ("me/validate-code", bob.caller)
    answer = caller.post(f"{CODES}/{path}", {"code": code})

    assert (answer.status_code, way.broken) == (200, 1)
    assert read(application, lambda unit: unit.verifications.lookup(live)).status is Status.APPROVED
    assert (bob.numbers().primary, bob.numbers().pending) == (DAN, None)
    assert events(application, bob.id).count("verification.approved") == 1
    assert bob.validate(code).get_json()["code"] == "18001"


@moments
def test_a_right_code_is_right_however_often_the_way_breaks(application, way, moment):
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()
    way.break_at_commit(Moment.BEFORE, moment, moment)

    answer = bob.validate(code)

    assert answer.status_code == 200
    assert bob.numbers().primary == DAN


@moments
def test_a_wrong_code_is_counted_once(application, way, moment):
    bob = add_person(application)
    bob.send(p=DAN)
    code = application.last_code()
    way.break_at_commit(moment)

    answer = bob.validate(wrong(code))

    assert (answer.get_json()["code"], way.broken) == ("18001", 1)
    assert bob.live().attempts == 1
    assert events(application, bob.id).count("verification.checked") == 1


@moments
def test_a_resend_makes_one_code(application, way, moment):
    bob = add_person(application)
    bob.send(p=DAN)
    application.deliver()
    application.clock.move(seconds=30)
    way.break_at_commit(moment)

    answer = bob.resend()

    assert (answer.status_code, way.broken) == (201, 1)
    assert (bob.live().generation, len(application.deliver())) == (2, 1)
    assert sent_within_the_hour(application, bob.id) == 2


@moments
def test_a_verification_is_given_up_once(application, way, moment):
    bob = add_person(application)
    bob.send(p=DAN)
    listed = bob.listed()[0]["id"]
    way.break_at_commit(moment)

    answer = bob.caller.call("DELETE", f"{CODES}/me/verifications/{listed}")

    assert (answer.status_code, way.broken) == (204, 1)
    assert bob.live() is None


@moments
def test_a_claimed_delivery_is_carried_and_settled_once(application, way, moment):
    bob = add_person(application)
    bob.send(p=DAN)
    way.break_at_commit(moment, moment)

    settled = application.deliver()

    assert ([delivery.status for delivery in settled], way.broken) == (["sent"], 2)
    assert [message.to for message in application.carrier.messages] == [DAN]
    application.clock.move(seconds=60)
    assert application.deliver() == []


def test_a_taken_name_is_still_told(application, way):
    add_person(application)
    way.break_at_commit(Moment.BEFORE)

    answer = application.admin().post("/scim2/Users", {"userName": "bob"})

    assert (answer.status_code, answer.get_json()["scimType"]) == (409, "uniqueness")


def test_what_another_has_changed_meanwhile_is_still_told(application, way):
    bob = add_person(application)
    known = bob.version()
    bob.send(n=[BEN])
    way.break_at_commit(Moment.AFTER)

    answer = application.admin().patch(
        bob.path, {"op": "replace", "path": "displayName", "value": "Bob"}, headers={"If-Match": known}
    )

    assert answer.status_code == 412


def test_while_the_database_is_away_callers_are_asked_to_come_again(application, way):
    bob, admin = add_person(application), application.admin()
    database = application.services.core.database
    database._patience = Patience(0)
    way.close()
    database.close()

    answers = [
        admin.get(bob.path),
        admin.get("/scim2/Users?filter=userName+eq+%22bob%22"),
        admin.post("/scim2/Users", {"userName": "ann"}),
        bob.send(p=DAN),
        bob.validate("123456"),
        bob.resend(),
        admin.call("DELETE", bob.path),
    ]

    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(503, "2")}
