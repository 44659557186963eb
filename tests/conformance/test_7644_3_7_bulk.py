"""RFC 7644 §3.7: many operations in one request."""

from __future__ import annotations

import pytest

from tests.factories.conformance import (
    BULK_REQUEST,
    BULK_RESPONSE,
    ENTERPRISE,
    ERROR,
    USER,
    expect,
    expect_error,
    operation,
    sample,
    unique,
)


def send(scim, *operations, **members):
    body = {"schemas": [BULK_REQUEST], "Operations": list(operations), **members}
    answered = expect(scim.post("/Bulk", body))
    assert answered["schemas"] == [BULK_RESPONSE]
    return answered["Operations"]


def creation(bulk_id=None, endpoint="/Users", **attributes):
    data = {"userName": f"user-{unique()}", **attributes} if endpoint == "/Users" else attributes
    return {"method": "POST", "path": endpoint, "data": data, **({"bulkId": bulk_id} if bulk_id else {})}


def id_of(result):
    return result["location"].rpartition("/")[2]


def by_bulk_id(results):
    return {result["bulkId"]: result for result in results}


def expect_failure(result, status, scim_type=None):
    assert result["status"] == str(status)
    assert result["response"]["schemas"] == [ERROR]
    assert result["response"]["status"] == str(status)
    assert result["response"].get("scimType") == scim_type


def test_7644_3_7_example_with_every_method(scim):
    replaced, patched, deleted = (scim.add_user() for _ in range(3))
    names = {name: scim.name() for name in ("new_name", "replaced_name", "patched_name")}
    ids = {"replaced": replaced["id"], "patched": patched["id"], "deleted": deleted["id"]}

    answered = expect(scim.post("/Bulk", sample("rfc7644-3.7.3-all_methods", **names, **ids)))

    results = answered["Operations"]
    assert [(result["method"], result["status"]) for result in results] == [
        ("POST", "201"),
        ("PUT", "200"),
        ("PATCH", "200"),
        ("DELETE", "204"),
    ]
    assert results[0]["bulkId"] == "qwerty"
    assert [id_of(result) for result in results[1:]] == list(ids.values())
    assert results[1]["version"] == scim.read(replaced)["meta"]["version"] != 'W/"1"'
    assert scim.read(patched)["userName"] == names["patched_name"]
    expect_error(scim.get(f"/Users/{deleted['id']}"), 404)


def test_7644_3_7_result_names_location_and_version(scim):
    (result,) = send(scim, creation("one"))

    user = expect(scim.get(f"/Users/{id_of(result)}"))
    assert result["location"] == user["meta"]["location"]
    assert result["version"] == user["meta"]["version"]
    assert (result["method"], result["bulkId"], result["status"]) == ("POST", "one", "201")


def test_7644_3_7_each_operation_stands_for_itself(scim):
    taken = scim.add_user()

    results = send(scim, creation("a"), creation("b", userName=taken["userName"]), creation("c"))

    assert [result["status"] for result in results] == ["201", "409", "201"]
    expect_failure(results[1], 409, "uniqueness")
    assert "location" not in results[1]


@pytest.mark.parametrize(
    ("made", "status", "scim_type"),
    [
        pytest.param(creation("x", active="often"), 400, "invalidValue", id="faulty resource"),
        pytest.param(creation("x", "/Nothing"), 404, None, id="unknown endpoint"),
        pytest.param({"method": "GET", "path": "/Users/1"}, 400, "invalidSyntax", id="method"),
        pytest.param({"method": "POST", "path": "/Users/1", "data": {}}, 400, "invalidSyntax", id="path of a POST"),
        pytest.param({"method": "PUT", "path": "/Users", "data": {}}, 400, "invalidSyntax", id="path of a PUT"),
        pytest.param({"method": "POST", "path": "/Users"}, 400, "invalidSyntax", id="no data"),
        pytest.param({"method": "DELETE", "path": "/Users/unknown"}, 404, None, id="unknown resource"),
        pytest.param({"method": "POST", "path": "/Bulk", "data": {}}, 404, None, id="bulk in bulk"),
    ],
)
def test_7644_3_7_3_fault_of_an_operation_is_its_result(scim, made, status, scim_type):
    results = send(scim, made, creation("good"))

    expect_failure(results[0], status, scim_type)
    assert results[1]["status"] == "201"


def test_7644_3_7_3_version_of_an_operation_is_its_precondition(scim):
    user = scim.add_user()
    path = f"/Users/{user['id']}"
    data = {"Operations": [operation("add", "title", "Guide")]}

    results = send(
        scim,
        {"method": "PATCH", "path": path, "version": 'W/"4711"', "data": data},
        {"method": "DELETE", "path": path, "version": 'W/"4711"'},
        {"method": "PATCH", "path": path, "version": user["meta"]["version"], "data": data},
    )

    assert [result["status"] for result in results] == ["412", "412", "200"]


@pytest.mark.parametrize(("limit", "done"), [(1, 2), (2, 4), (None, 5)])
def test_7644_3_7_3_fail_on_errors_ends_the_request(scim, limit, done):
    fault = {"method": "DELETE", "path": "/Users/unknown"}
    members = {} if limit is None else {"failOnErrors": limit}

    results = send(scim, creation("a"), fault, creation("b"), fault, creation("c"), **members)

    assert len(results) == done


def test_7644_3_7_2_reference_to_a_resource_that_is_still_to_be_made(scim):
    body = sample("rfc7644-3.7.2-user_and_its_group", user_name=scim.name(), display_name=scim.name("group"))

    made = by_bulk_id(expect(scim.post("/Bulk", body))["Operations"])

    group = expect(scim.get(f"/Groups/{id_of(made['ytrewq'])}"))
    assert [member["value"] for member in group["members"]] == [id_of(made["qwerty"])]


def test_7644_3_7_2_reference_within_an_extension(scim):
    body = sample("rfc7644-3.7.2-user_and_her_manager", alice=scim.name("alice"), bob=scim.name("bob"))

    made = by_bulk_id(expect(scim.post("/Bulk", body))["Operations"])

    bob = expect(scim.get(f"/Users/{id_of(made['ytrewq'])}"))
    assert bob[ENTERPRISE]["manager"]["value"] == id_of(made["qwerty"])


def test_7644_3_7_2_reference_may_come_before_what_it_names(scim):
    body = sample("rfc7644-3.7.2-user_and_its_group", user_name=scim.name(), display_name=scim.name("group"))
    body["Operations"].reverse()

    made = by_bulk_id(expect(scim.post("/Bulk", body))["Operations"])

    group = expect(scim.get(f"/Groups/{id_of(made['ytrewq'])}"))
    assert [member["value"] for member in group["members"]] == [id_of(made["qwerty"])]


def test_7644_3_7_2_reference_in_a_path_and_in_a_patch(scim):
    group = scim.add_group()
    add = {"Operations": [operation("add", "members", [{"value": "bulkId:new"}])]}
    name = {"Operations": [operation("add", "title", "Guide")]}

    results = send(
        scim,
        creation("new"),
        {"method": "PATCH", "path": f"/Groups/{group['id']}", "data": add},
        {"method": "PATCH", "path": "/Users/bulkId:new", "data": name},
    )

    assert [result["status"] for result in results] == ["201", "200", "200"]
    assert [member["value"] for member in scim.read(group)["members"]] == [id_of(results[0])]
    assert expect(scim.get(f"/Users/{id_of(results[0])}"))["title"] == "Guide"


def test_7644_3_7_1_circular_references_are_resolved(scim):
    body = sample("rfc7644-3.7.1-circular_references", group_a=scim.name("a"), group_b=scim.name("b"))

    results = expect(scim.post("/Bulk", body))["Operations"]

    assert [result["status"] for result in results] == ["201", "201"]
    made = by_bulk_id(results)
    first, second = (expect(scim.get(f"/Groups/{id_of(made[name])}")) for name in ("qwerty", "ytrewq"))
    assert [member["value"] for member in first["members"]] == [second["id"]]
    assert [member["value"] for member in second["members"]] == [first["id"]]
    assert made["qwerty"]["version"] == first["meta"]["version"]


def test_7644_3_7_2_reference_to_nothing_fails_alone(scim):
    results = send(
        scim,
        creation("a", "/Groups", displayName=scim.name("group"), members=[{"value": "bulkId:nobody"}]),
        creation("b"),
    )

    expect_failure(results[0], 409)
    assert results[1]["status"] == "201"


def test_7644_3_7_2_reference_to_what_failed_fails_too(scim):
    taken = scim.add_user()

    results = send(
        scim,
        creation("user", userName=taken["userName"]),
        creation("group", "/Groups", displayName=scim.name("group"), members=[{"value": "bulkId:user"}]),
    )

    assert [result["status"] for result in results] == ["409", "409"]


def test_7644_3_7_2_bulk_id_may_be_used_once(scim):
    results = send(scim, creation("same"), creation("same"))

    assert results[0]["status"] == "201"
    expect_failure(results[1], 400, "invalidValue")


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        pytest.param([], "invalidSyntax", id="list"),
        pytest.param({"schemas": [BULK_REQUEST]}, "invalidSyntax", id="no operations"),
        pytest.param({"schemas": [USER], "Operations": [creation()]}, "invalidSyntax", id="other schemas"),
        pytest.param({"Operations": [creation()], "failOnErrors": "one"}, "invalidValue", id="failOnErrors"),
    ],
)
def test_7644_3_7_faulty_request_is_refused(scim, body, scim_type):
    expect_error(scim.post("/Bulk", body), 400, scim_type)


def test_7644_3_7_4_more_operations_than_published_are_413(scim):
    limit = expect(scim.get("/ServiceProviderConfig"))["bulk"]["maxOperations"]

    body = {"schemas": [BULK_REQUEST], "Operations": [creation()] * (limit + 1)}

    error = expect_error(scim.post("/Bulk", body), 413)
    assert str(limit) in error["detail"]


def test_7644_3_7_4_more_bytes_than_published_are_413(scim):
    limit = expect(scim.get("/ServiceProviderConfig"))["bulk"]["maxPayloadSize"]

    expect_error(
        scim.caller.call("POST", "/scim2/Bulk", data=b" " * (limit + 1), content_type="application/scim+json"), 413
    )


def test_7644_3_7_bulk_is_a_post(scim):
    expect_error(scim.get("/Bulk"), 405)
