"""RFC 7644 §3.14: versions as entity tags, and requests that depend on them (RFC 9110 §13)."""

from __future__ import annotations

import threading

import pytest

from tests.factories.conformance import expect, expect_error, operation, path_of

OTHER = 'W/"4711"'
METHODS = ["PUT", "PATCH", "DELETE"]


@pytest.fixture(params=["User", "Group"])
def resource(request, scim):
    return scim.add_user() if request.param == "User" else scim.add_group()


def write(scim, method, resource, **headers):
    if method == "PATCH":
        return scim.patch(resource, operation("replace", "displayName", scim.name()), headers=headers)
    if method == "DELETE":
        return scim.delete(resource, headers=headers)
    return scim.put(resource, {**resource, "displayName": scim.name()}, headers=headers)


def version(resource):
    return resource["meta"]["version"]


def test_7644_3_14_etag_is_weak_and_stands_in_meta_too(scim, resource):
    answer = scim.get(path_of(resource))

    assert answer.headers["ETag"].startswith('W/"')
    assert answer.headers["ETag"] == version(answer.get_json())


def test_7644_3_14_version_changes_with_the_resource(scim, resource):
    changed = expect(write(scim, "PATCH", resource))

    assert version(changed) != version(resource)
    assert version(scim.read(resource)) == version(changed)


def test_7644_3_14_version_of_a_group_changes_with_its_members(scim):
    ann, group = scim.add_user(), scim.add_group()

    changed = scim.patched(group, operation("add", "members", [{"value": ann["id"]}]))

    assert version(changed) != version(group)


def test_7644_3_14_version_of_a_user_does_not_count_the_groups(scim):
    ann = scim.add_user()

    scim.add_group(members=[{"value": ann["id"]}])

    assert version(scim.read(ann)) == version(ann)


@pytest.mark.parametrize("method", METHODS)
def test_7644_3_14_if_match_lets_the_present_version_through(scim, resource, method):
    assert write(scim, method, resource, **{"If-Match": version(resource)}).status_code in {200, 204}


@pytest.mark.parametrize("method", METHODS)
def test_7644_3_14_if_match_refuses_every_other_version(scim, resource, method):
    expect_error(write(scim, method, resource, **{"If-Match": OTHER}), 412)
    assert scim.read(resource) == resource


@pytest.mark.parametrize("method", METHODS)
def test_7644_3_14_if_match_refuses_a_version_that_has_passed(scim, resource, method):
    expect(write(scim, "PATCH", resource))

    expect_error(write(scim, method, resource, **{"If-Match": version(resource)}), 412)


@pytest.mark.parametrize(
    "header", ["*", '{}, W/"4711"', 'W/"4711",{}'], ids=["any", "first of a list", "last of a list"]
)
def test_7644_3_14_if_match_names_any_or_several(scim, resource, header):
    answer = write(scim, "PATCH", resource, **{"If-Match": header.format(version(resource))})

    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["4711", "W/1", '"', ""])
def test_7644_3_14_if_match_that_is_malformed_matches_nothing(scim, resource, header):
    expect_error(write(scim, "PATCH", resource, **{"If-Match": header}), 412)


@pytest.mark.parametrize("method", METHODS)
def test_7644_3_14_if_none_match_refuses_the_present_version(scim, resource, method):
    for header in (version(resource), "*"):
        expect_error(write(scim, method, resource, **{"If-None-Match": header}), 412)
    assert scim.read(resource) == resource


def test_7644_3_14_read_of_a_known_version_is_304(scim, resource):
    for header in (version(resource), "*", f"{OTHER}, {version(resource)}"):
        answer = scim.caller.get(f"/scim2{path_of(resource)}", headers={"If-None-Match": header})

        assert (answer.status_code, answer.get_data()) == (304, b"")
        assert answer.headers["ETag"] == version(resource)


def test_7644_3_14_read_of_another_version_is_answered(scim, resource):
    answer = scim.caller.get(f"/scim2{path_of(resource)}", headers={"If-None-Match": OTHER})

    assert expect(answer) == resource


def test_7644_3_14_precondition_of_what_is_not_there_is_404(scim):
    expect_error(scim.caller.call("DELETE", "/scim2/Users/unknown", headers={"If-Match": OTHER}), 404)


def test_7644_3_14_of_two_writers_with_one_version_one_wins(scim, resource):
    barrier, statuses = threading.Barrier(4), []

    def run():
        barrier.wait()
        statuses.append(write(scim, "PATCH", resource, **{"If-Match": version(resource)}).status_code)

    writers = [threading.Thread(target=run) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(statuses) == [200, 412, 412, 412]


def test_7644_3_14_no_update_of_parallel_writers_is_lost(scim):
    user = scim.add_user()
    barrier, statuses = threading.Barrier(4), []

    def run(number):
        barrier.wait()
        change = operation("add", "emails", [{"value": f"{number}@example.com"}])
        statuses.append(scim.patch(user, change).status_code)

    writers = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert statuses == [200] * 4
    assert {email["value"] for email in scim.read(user)["emails"]} == {f"{number}@example.com" for number in range(4)}
