"""RFC 7643 §3: schemas, the common attributes, and extensions."""

from __future__ import annotations

import re

import pytest

from tests.factories.conformance import ENTERPRISE, GROUP, USER, expect, expect_error, operation, sample

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
BADGE = "urn:example:params:scim:schemas:extension:Badge"


def test_7643_3_representation_names_its_core_schema(scim):
    assert scim.add_user()["schemas"] == [USER]
    assert scim.add_group()["schemas"] == [GROUP]


def test_7643_3_representation_names_the_schemas_of_its_extensions(scim):
    user = scim.add_user(**{ENTERPRISE: {"department": "Tours"}})

    assert user["schemas"] == [USER, ENTERPRISE]


def test_7643_3_schema_of_an_extension_without_a_value_is_not_named(scim):
    user = scim.add_user(**{ENTERPRISE: {"department": "Tours"}})

    patched = scim.patched(user, operation("remove", f"{ENTERPRISE}:department"))

    assert patched["schemas"] == [USER]
    assert ENTERPRISE not in patched


def test_7643_3_extension_named_in_schemas_needs_no_value(scim):
    user = expect(scim.post("/Users", {"schemas": [USER, ENTERPRISE], "userName": scim.name()}), 201)

    assert user["schemas"] == [USER]


def test_7643_3_schemas_that_lack_the_core_schema_are_refused(scim):
    body = {"schemas": [GROUP], "userName": scim.name()}

    expect_error(scim.post("/Users", body), 400, "invalidValue")


def test_7643_3_1_id_is_given_by_the_service(scim):
    body = sample("rfc7643-8.1-minimal_user", user_name=scim.name())

    user = expect(scim.post("/Users", body), 201)

    assert user["id"]
    assert user["id"] != body["id"]


def test_7643_3_1_id_is_unique_across_all_resources(scim):
    ids = [scim.add_user()["id"], scim.add_user()["id"], scim.add_group()["id"]]

    assert len(set(ids)) == 3


def test_7643_3_1_id_never_changes(scim):
    user = scim.add_user()

    replaced = expect(scim.put(user, {**user, "id": "another", "title": "Guide"}))
    patched = scim.patched(user, operation("replace", value={"id": "another", "title": "Head"}))

    assert replaced["id"] == patched["id"] == user["id"]


def test_7643_3_1_id_is_not_the_reserved_word(scim):
    assert scim.add_user()["id"] != "bulkId"


def test_7643_3_1_id_is_case_exact(scim):
    user = scim.add_user()

    assert scim.get(f"/Users/{user['id'].upper()}").status_code == 404


def test_7643_3_1_id_is_not_given_again_after_a_removal(scim):
    first = scim.add_user()
    scim.delete(first)

    second = scim.add_user(userName=first["userName"])

    assert second["id"] != first["id"]


def test_7643_3_1_external_id_is_the_clients(scim):
    external_id = scim.name("external")
    user = scim.add_user(externalId=external_id)

    assert user["externalId"] == external_id
    assert scim.patched(user, operation("replace", "externalId", "other"))["externalId"] == "other"


def test_7643_3_1_external_id_is_case_exact(scim):
    scim.add_user(externalId="Ab")

    assert len(scim.users('externalId eq "Ab"')) == 1
    assert scim.users('externalId eq "aB"') == []


def test_7643_3_1_external_id_may_occur_twice(scim):
    scim.add_user(externalId="twin")
    scim.add_user(externalId="twin")

    assert len(scim.users('externalId eq "twin"')) == 2


def test_7643_3_1_meta_is_the_services(scim):
    user = scim.add_user(meta={"resourceType": "Robot", "created": "2001-01-01T00:00:00Z", "version": "x"})

    assert user["meta"]["resourceType"] == "User"
    assert user["meta"]["created"] != "2001-01-01T00:00:00Z"
    assert user["meta"]["version"] != "x"


def test_7643_3_1_meta_has_every_sub_attribute(scim):
    for resource in (scim.add_user(), scim.add_group()):
        meta = resource["meta"]

        assert set(meta) == {"resourceType", "created", "lastModified", "location", "version"}
        assert MOMENT.fullmatch(meta["created"])
        assert MOMENT.fullmatch(meta["lastModified"])


def test_7643_3_1_meta_resource_type_is_the_name_of_the_type(scim):
    assert scim.add_user()["meta"]["resourceType"] == "User"
    assert scim.add_group()["meta"]["resourceType"] == "Group"


def test_7643_3_1_last_modified_is_created_at_first(scim):
    meta = scim.add_user()["meta"]

    assert meta["lastModified"] == meta["created"]


def test_7643_3_1_last_modified_moves_with_a_change_and_created_does_not(scim):
    user = scim.add_user()
    scim.application.clock.move(seconds=1)

    changed = scim.patched(user, operation("add", "title", "Guide"))["meta"]

    assert changed["lastModified"] > user["meta"]["lastModified"]
    assert changed["created"] == user["meta"]["created"]


def test_7643_3_1_location_leads_to_the_resource(scim):
    for resource in (scim.add_user(), scim.add_group()):
        location = resource["meta"]["location"]
        answer = scim.caller.get(location.removeprefix("http://127.0.0.1:8080"))

        assert expect(answer)["id"] == resource["id"]
        assert answer.headers.get("Content-Location", location) == location


def test_7643_3_1_version_is_that_of_the_etag(scim):
    user = scim.add_user()

    answer = scim.get(f"/Users/{user['id']}")

    assert answer.headers["ETag"] == answer.get_json()["meta"]["version"]


def test_7643_3_3_attributes_of_an_extension_stand_under_its_urn(scim):
    user = scim.add_user(**{ENTERPRISE: {"employeeNumber": "701984"}})

    assert scim.read(user)[ENTERPRISE] == {"employeeNumber": "701984"}
    assert "employeeNumber" not in user


def test_7643_3_3_urn_of_an_extension_is_read_without_case(scim):
    user = scim.add_user(**{ENTERPRISE.upper(): {"employeeNumber": "701984"}})

    assert user[ENTERPRISE] == {"employeeNumber": "701984"}


def test_7643_3_3_attributes_of_an_extension_outside_of_it_are_ignored(scim):
    user = scim.add_user(employeeNumber="701984")

    assert user["schemas"] == [USER]
    assert "employeeNumber" not in user


def test_7643_3_3_extension_must_be_an_object(scim):
    body = {"schemas": [USER], "userName": scim.name(), ENTERPRISE: "Tours"}

    expect_error(scim.post("/Users", body), 400, "invalidValue")


def test_7643_3_3_extension_of_a_deployer_is_like_any_other(things):
    user = things.add_user(**{BADGE: {"number": 7, "colours": ["red", "blue"], "issuedAt": "2026-01-31T08:00:00Z"}})

    things.patched(user, operation("add", f"{BADGE}:colours", ["green"]))

    shown = things.read(user)
    assert shown["schemas"] == [USER, BADGE]
    assert shown[BADGE]["colours"] == ["red", "blue", "green"]
    assert [found["id"] for found in things.users(f'{BADGE}:number ge 7 and {BADGE}:colours eq "GREEN"')] == [
        user["id"]
    ]
    expect_error(things.patch(user, operation("remove", f"{BADGE}:issuedAt")), 400, "mutability")


@pytest.mark.parametrize("name", ["rfc7643-8.1-minimal_user", "rfc7643-8.2-full_user", "rfc7643-8.3-enterprise_user"])
def test_7643_8_example_of_a_user_is_stored_as_it_is(scim, name):
    body = sample(name, user_name=scim.name())

    user = expect(scim.post("/Users", body), 201)

    own = {"id", "meta", "password", "groups"}
    expected = {key: value for key, value in body.items() if key not in own}
    if ENTERPRISE in expected:
        # The name of the manager is readOnly.
        del expected[ENTERPRISE]["manager"]["displayName"]
    assert {key: value for key, value in user.items() if key not in own} == expected
    assert scim.read(user) == user


def test_7643_8_4_example_of_a_group_is_stored_as_it_is(scim):
    babs, mandy = scim.add_user(displayName="Babs Jensen"), scim.add_user(displayName="Mandy Pepperidge")
    body = sample("rfc7643-8.4-group", display_name=scim.name(), babs=babs["id"], mandy=mandy["id"])

    group = expect(scim.post("/Groups", body), 201)

    assert group["displayName"] == body["displayName"]
    shown = {(member["value"], member["display"], member["$ref"]) for member in scim.read(group)["members"]}
    assert shown == {(user["id"], user["displayName"], user["meta"]["location"]) for user in (babs, mandy)}
