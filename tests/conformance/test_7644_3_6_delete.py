"""RFC 7644 §3.6: removing a resource."""

from __future__ import annotations

import pytest

from tests.factories.conformance import Client, expect_error


@pytest.fixture(params=["User", "Group"])
def resource(request, scim):
    return scim.add_user() if request.param == "User" else scim.add_group()


def test_7644_3_6_removal_is_answered_with_204_and_no_body(scim, resource):
    answer = scim.delete(resource)

    assert (answer.status_code, answer.get_data()) == (204, b"")


def test_7644_3_6_resource_that_is_removed_is_gone_for_every_method(scim, resource):
    scim.delete(resource)

    expect_error(scim.get(resource["meta"]["location"].partition("/scim2")[2]), 404)
    expect_error(scim.put(resource, resource), 404)
    expect_error(scim.patch(resource, {"op": "replace", "value": {"displayName": "x"}}), 404)
    expect_error(scim.delete(resource), 404)


def test_7644_3_6_resource_that_is_removed_is_in_no_list(scim):
    user = scim.add_user()

    scim.delete(user)

    assert scim.users() == []


def test_7644_3_6_resource_that_is_removed_is_in_no_conflict(scim, resource):
    scim.delete(resource)

    again = (
        scim.add_user(userName=resource["userName"])
        if "userName" in resource
        else scim.add_group(displayName=resource["displayName"])
    )
    assert again["id"] != resource["id"]


def test_7644_3_6_token_of_a_user_who_is_removed_is_void(scim, service):
    user = scim.add_user()
    ann = Client(service, service.user(user["id"]))
    assert ann.get("/Me").status_code == 200

    scim.delete(user)
    service.clock.move(seconds=2)

    expect_error(ann.get("/Me"), 401)
