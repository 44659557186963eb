"""If-Match and If-None-Match on every verb: nobody overwrites what they have not seen (RFC 7644 §3.14)."""

from __future__ import annotations

import pytest

from tests.factories.people import DAN, add_person
from tests.factories.races import race

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RENAME = {"op": "replace", "path": "displayName", "value": "Bobby"}

WRITES = {
    "PUT": lambda by, path, **options: by.put(path, {"userName": "bob", "displayName": "Bobby"}, **options),
    "PATCH": lambda by, path, **options: by.patch(path, RENAME, **options),
    "DELETE": lambda by, path, **options: by.call("DELETE", path, **options),
}
ON_ME = [("PUT", True), ("PATCH", True)]
EVERYWHERE = [("PUT", False), ("PATCH", False), ("DELETE", False), *ON_ME]


@pytest.fixture
def place(application, bob):
    """Return who calls, and where: the user on /Me, or an administrator on /Users."""

    def choose(on_me):
        return (bob.caller, "/scim2/Me") if on_me else (application.admin(), bob.path)

    return choose


def write(place, verb, on_me, **headers):
    by, path = place(on_me)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return WRITES[verb](by, path, headers=names)


@pytest.mark.parametrize(("verb", "on_me"), EVERYWHERE)
@pytest.mark.parametrize("tag", ['{}, W/"99"', "{}", "*"])
def test_a_write_passes_at_the_version_it_names(bob, place, verb, on_me, tag):
    answer = write(place, verb, on_me, If_Match=tag.format(bob.version()))

    assert answer.status_code == (204 if verb == "DELETE" else 200)


@pytest.mark.parametrize(("verb", "on_me"), EVERYWHERE)
@pytest.mark.parametrize("tag", ['W/"99"', '"99", W/"98"', "nonsense", 'W/"1'])
def test_a_write_fails_at_any_other_and_changes_nothing(bob, place, verb, on_me, tag):
    before = bob.show()

    answer = write(place, verb, on_me, If_Match=tag)

    assert (answer.status_code, answer.get_json()["status"]) == (412, "412")
    assert bob.show() == before


@pytest.mark.parametrize(("verb", "on_me"), EVERYWHERE)
def test_a_write_fails_at_the_version_it_does_not_want(bob, place, verb, on_me):
    before = bob.show()

    for tag in (bob.version(), "*"):
        assert write(place, verb, on_me, If_None_Match=tag).status_code == 412
    assert bob.show() == before
    assert write(place, verb, on_me, If_None_Match='W/"99"').status_code < 300


@pytest.mark.parametrize("on_me", [True, False])
def test_a_read_of_a_known_version_is_not_answered_again(bob, place, on_me):
    by, path = place(on_me)
    tag = by.get(path).headers["ETag"]

    again = by.get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    assert by.get(path, headers={"If-None-Match": 'W/"99"'}).status_code == 200


@pytest.mark.parametrize("on_me", [True, False])
def test_a_read_of_a_version_that_is_gone_fails(bob, place, on_me):
    """RFC 9110 §13.1.1 has If-Match on every method; it comes before If-None-Match (§13.2.2)."""
    by, path = place(on_me)
    tag = by.get(path).headers["ETag"]

    assert by.get(path, headers={"If-Match": tag}).status_code == 200
    assert by.get(path, headers={"If-Match": 'W/"99"'}).status_code == 412
    assert by.get(path, headers={"If-Match": 'W/"99"', "If-None-Match": tag}).status_code == 412


def test_a_condition_on_what_is_not_there_is_not_found(application):
    """RFC 9110 §13.2.1: a condition is ignored where the answer without it were an error."""
    for act in WRITES.values():
        path = "/scim2/Users/0192f3c8-5a7e-7c61-9d20-9e4f0f2f6a11"
        assert act(application.admin(), path, headers={"If-Match": "*"}).status_code == 404


@pytest.mark.parametrize(("method", "status"), [("PUT", "200"), ("PATCH", "200"), ("DELETE", "204")])
def test_the_version_of_a_bulk_operation_is_its_condition(application, bob, method, status):
    data = {"PUT": {"userName": "bob", "displayName": "Bobby"}, "PATCH": {"Operations": [RENAME]}, "DELETE": None}
    operation = {"method": method, "path": f"/Users/{bob.id}", "data": data[method]}
    before = bob.show()

    def run(version):
        body = {"schemas": [BULK], "Operations": [{**operation, "version": version}]}
        return application.admin().post("/scim2/Bulk", body).get_json()["Operations"][0]

    stale = run('W/"99"')

    assert (stale["status"], stale["response"]["status"]) == ("412", "412")
    assert bob.show() == before
    assert run(before["meta"]["version"])["status"] == status


def test_an_answer_names_the_version_that_is_stored(application, bob):
    for act in (
        lambda: application.admin().patch(bob.path, RENAME),
        lambda: application.admin().put(bob.path, {"userName": "bob"}),
        lambda: bob.send(p=DAN),
    ):
        answer = act()
        assert answer.headers["ETag"] == answer.get_json()["meta"]["version"] == bob.version()


def test_a_change_that_is_none_keeps_version_and_moment(application, bob):
    before = bob.show()
    application.clock.move(seconds=5)

    for answer in (
        application.admin().put(bob.path, before),
        application.admin().replace(bob.path, {"userName": "bob"}),
        application.admin().patch(bob.path, {"op": "remove", "path": "nickName"}),
    ):
        assert answer.status_code == 200
        assert answer.get_json()["meta"] == before["meta"]


@pytest.mark.parametrize("verb", WRITES)
def test_of_writers_with_one_version_exactly_one_wins(application, bob, verb):
    tag, runners = bob.version(), 4

    def act(number):
        by, headers = application.admin(), {"If-Match": tag}
        if verb == "PATCH":
            rename = {**RENAME, "value": f"Bob {number}"}
            return by.patch(bob.path, rename, headers=headers).status_code
        if verb == "PUT":
            return by.put(bob.path, {"userName": "bob", "displayName": f"Bob {number}"}, headers=headers).status_code
        return by.call("DELETE", bob.path, headers=headers).status_code

    found = sorted(race(act, runners))

    won, lost = (204, 404) if verb == "DELETE" else (200, 412)
    assert found == [won] + [lost] * (runners - 1)


def test_writers_without_a_version_all_succeed_and_none_is_lost(application, bob):
    def act(number):
        value = {"value": f"bob{number}@example.com"}
        return application.admin().patch(bob.path, {"op": "add", "path": "emails", "value": [value]}).status_code

    assert race(act, 4) == [200] * 4
    assert {item["value"] for item in bob.show()["emails"]} == {f"bob{number}@example.com" for number in range(4)}


def test_writers_of_a_group_with_one_version_have_one_winner(application):
    admin = application.admin()
    group = admin.post("/scim2/Groups", {"displayName": "Staff"}).get_json()
    users = [add_person(application, f"user{number}", p=None, v=()) for number in range(4)]

    def act(number):
        add = {"op": "add", "path": "members", "value": [{"value": users[number].id}]}
        path, headers = f"/scim2/Groups/{group['id']}", {"If-Match": group["meta"]["version"]}
        return application.admin().patch(path, add, headers=headers).status_code

    assert sorted(race(act, 4)) == [200, 412, 412, 412]
    assert len(admin.get(f"/scim2/Groups/{group['id']}").get_json()["members"]) == 1
