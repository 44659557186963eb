"""RFC 7644 §3.5.2: PATCH as a message, its order, its atomicity and its rules, whatever the operation."""

from __future__ import annotations

import pytest

from tests.factories.conformance import ENTERPRISE, PATCH_OP, USER, expect, expect_error, operation, path_of


def send(scim, resource, body):
    return scim.caller.call("PATCH", f"/scim2{path_of(resource)}", body)


def test_7644_3_5_2_answer_is_the_resource_with_its_new_version(scim):
    user = scim.add_user()

    answer = scim.patch(user, operation("add", "title", "Guide"))

    patched = expect(answer)
    assert answer.headers["ETag"] == patched["meta"]["version"] != user["meta"]["version"]
    assert scim.read(user) == patched


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="list"),
        pytest.param({"schemas": [PATCH_OP]}, id="no operations"),
        pytest.param({"schemas": [PATCH_OP], "Operations": []}, id="empty operations"),
        pytest.param({"schemas": [PATCH_OP], "Operations": {"op": "add"}}, id="one object"),
        pytest.param({"schemas": [PATCH_OP], "Operations": ["add"]}, id="texts"),
        pytest.param({"schemas": [USER], "Operations": [{"op": "remove", "path": "title"}]}, id="other schemas"),
        pytest.param({"schemas": [PATCH_OP], "Operations": [{"path": "title", "value": "x"}]}, id="no op"),
        pytest.param({"schemas": [PATCH_OP], "Operations": [{"op": "move", "path": "title"}]}, id="unknown op"),
        pytest.param({"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": 7, "value": "x"}]}, id="path"),
    ],
)
def test_7644_3_5_2_faulty_message_is_invalid_syntax(scim, body):
    user = scim.add_user()

    expect_error(send(scim, user, body), 400, "invalidSyntax")


@pytest.mark.parametrize("op", ["add", "Add", "ADD", "replace", "Replace"])
def test_7644_3_5_2_operation_is_read_without_case(scim, op):
    assert scim.patched(scim.add_user(), operation(op, "title", "Guide"))["title"] == "Guide"


def test_7644_3_5_2_message_without_schemas_is_read(scim):
    user = scim.add_user()

    assert expect(send(scim, user, {"Operations": [operation("add", "title", "Guide")]}))["title"] == "Guide"


def test_7644_3_5_2_operations_are_applied_in_their_order(scim):
    patched = scim.patched(
        scim.add_user(),
        operation("add", "title", "first"),
        operation("replace", "title", "second"),
        operation("add", "emails", [{"value": "a@example.com", "type": "work"}]),
        operation("replace", 'emails[type eq "work"].value', "b@example.com"),
        operation("add", "displayName", "gone"),
        operation("remove", "displayName"),
    )

    assert patched["title"] == "second"
    assert patched["emails"] == [{"value": "b@example.com", "type": "work"}]
    assert "displayName" not in patched


@pytest.mark.parametrize(
    ("fault", "status", "scim_type"),
    [
        pytest.param(operation("add", "active", "often"), 400, "invalidValue", id="value"),
        pytest.param(operation("add", "shoeSize", 41), 400, "invalidPath", id="path"),
        pytest.param(operation("replace", "id", "x"), 400, "mutability", id="mutability"),
        pytest.param(operation("remove"), 400, "noTarget", id="target"),
        pytest.param(operation("remove", 'emails[type = "work"]'), 400, "invalidFilter", id="filter"),
        pytest.param(operation("remove", "userName"), 400, "mutability", id="required"),
    ],
)
def test_7644_3_5_2_fault_of_one_operation_undoes_all(scim, fault, status, scim_type):
    user = scim.add_user()

    expect_error(scim.patch(user, operation("add", "title", "Guide"), fault), status, scim_type)
    assert scim.read(user) == user


def test_7644_3_5_2_conflict_undoes_all(scim):
    user, other = scim.add_user(), scim.add_user()
    taken = operation("replace", "userName", other["userName"])

    expect_error(scim.patch(user, operation("add", "title", "Guide"), taken), 409, "uniqueness")
    assert scim.read(user) == user


def test_7644_3_5_2_fault_in_a_group_undoes_its_members(scim):
    ann, group = scim.add_user(), scim.add_group()

    answer = scim.patch(
        group, operation("add", "members", [{"value": ann["id"]}]), operation("add", "members", [{"value": "unknown"}])
    )

    expect_error(answer, 400, "invalidValue")
    assert "members" not in scim.read(group)


@pytest.mark.parametrize(
    "path", ["id", "meta", "meta.created", "schemas", "groups", f"{ENTERPRISE}:manager.displayName"]
)
@pytest.mark.parametrize("op", ["add", "replace", "remove"])
def test_7644_3_5_2_read_only_attribute_cannot_be_changed(scim, op, path):
    value = None if op == "remove" else "x"

    expect_error(scim.patch(scim.add_user(), operation(op, path, value)), 400, "mutability")


def test_7644_3_5_2_read_only_attribute_in_a_value_is_ignored(scim):
    user = scim.add_user()

    patched = scim.patched(user, operation("replace", value={"id": "x", "meta": {"version": "x"}, "title": "Guide"}))

    assert (patched["id"], patched["title"]) == (user["id"], "Guide")


@pytest.mark.parametrize("op", ["add", "replace"])
def test_7644_3_5_2_immutable_attribute_can_be_set_once(things, op):
    thing = expect(things.post("/Things", {"label": things.name("thing")}), 201)

    assert things.patched(thing, operation(op, "maker", "Ann Ltd"))["maker"] == "Ann Ltd"
    assert things.patched(thing, operation(op, "maker", "Ann Ltd"))["maker"] == "Ann Ltd"
    expect_error(things.patch(thing, operation(op, "maker", "Ben Ltd")), 400, "mutability")
    expect_error(things.patch(thing, operation("remove", "maker")), 400, "mutability")


def test_7644_3_5_2_immutable_sub_attribute_stays_with_its_element(things):
    parts = [{"value": "a", "origin": "north"}, {"value": "b", "origin": "south"}]
    thing = expect(things.post("/Things", {"label": things.name("thing"), "parts": parts}), 201)

    expect_error(things.patch(thing, operation("replace", 'parts[value eq "a"].origin', "west")), 400, "mutability")
    assert things.patched(thing, operation("remove", 'parts[value eq "a"]'))["parts"] == parts[1:]


@pytest.mark.parametrize(
    ("path", "scim_type"),
    [
        ("shoeSize", "invalidPath"),
        ("name.shoeSize", "invalidPath"),
        ("emails.", "invalidPath"),
        (".title", "invalidPath"),
        ("name.givenName.first", "invalidPath"),
        ("urn:example:unknown:title", "invalidPath"),
        ("title[value eq 1]", "invalidPath"),
        ('emails[type eq "work"].shoeSize', "invalidPath"),
        ('emails[type eq "work"', "invalidFilter"),
        ("emails[shoeSize eq 41]", "invalidFilter"),
        ("emails[]", "invalidFilter"),
        ("a" * 5000, "invalidPath"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_7644_3_5_2_faulty_path_is_refused(scim, path, scim_type):
    user = scim.add_user(emails=[{"value": "a@example.com", "type": "work"}])

    expect_error(scim.patch(user, operation("replace", path, "x")), 400, scim_type)


@pytest.mark.parametrize("op", ["add", "replace"])
def test_7644_3_5_2_value_is_required(scim, op):
    expect_error(scim.patch(scim.add_user(), {"op": op, "path": "title"}), 400, "invalidValue")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(operation("add", "title", "Guide"), id="same text"),
        pytest.param(operation("replace", value={"title": "Guide"}), id="same text without a path"),
        pytest.param(operation("add", "emails", [{"value": "a@example.com", "type": "work"}]), id="same element"),
        pytest.param(operation("remove", "displayName"), id="nothing to remove"),
        pytest.param(operation("remove", 'emails[type eq "home"]'), id="no element to remove"),
    ],
)
def test_7644_3_5_2_patch_that_changes_nothing_keeps_version_and_moment(scim, change):
    user = scim.add_user(title="Guide", emails=[{"value": "a@example.com", "type": "work"}])
    scim.application.clock.move(seconds=1)

    assert scim.patched(user, change)["meta"] == user["meta"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(operation("add", "emails", [{"value": "b@example.com", "primary": True}]), id="add"),
        pytest.param(operation("replace", 'emails[type eq "home"].primary', value=True), id="replace"),
    ],
)
def test_7644_3_5_2_new_primary_value_takes_the_place_of_the_old(scim, change):
    emails = [{"value": "a@example.com", "type": "work", "primary": True}, {"value": "c@example.com", "type": "home"}]
    user = scim.add_user(emails=emails)

    patched = scim.patched(user, change)

    primary = [email["value"] for email in patched["emails"] if email.get("primary")]
    assert len(primary) == 1
    assert primary != ["a@example.com"]
