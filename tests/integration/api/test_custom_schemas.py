"""Schemas of a deployer: a resource type and an extension that are files, and everything that works on them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from api.auth.scopes import Scope
from persistence.database import Database
from persistence.tables import metadata
from scim.schemas import SchemaFault
from tests.factories.application import Caller
from tests.factories.custom_schemas import (
    BLE,
    CARD,
    DEVICE,
    DPP,
    EXAMPLES,
    FDO,
    MAB,
    MAC,
    RADIO,
    WIFI,
    device,
    example_documents,
    write_schemas,
)
from tests.factories.tree import ROOT

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
DEVICES = "/scim2/Devices"
BADGES = "urn:example:badges"


@pytest.fixture
def application(start):
    """Start the application with the example schemas."""
    return start(schema_dir=str(EXAMPLES))


@pytest.fixture
def admin(application):
    """Return a caller with every scope."""
    return application.admin()


@pytest.fixture
def add(admin):
    """Add devices."""

    def make(name="Sensor", **attributes):
        answer = admin.post(DEVICES, device(name, **attributes))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()

    return make


def path_of(resource):
    return f"{DEVICES}/{resource['id']}"


def names(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [resource["displayName"] for resource in answer.get_json()["Resources"]]


def filtered(admin, text, path=DEVICES):
    return names(admin.get(path, query_string={"filter": text, "sortBy": "displayName"}))


def shown(document):
    """Take our own members out of a document, which /Schemas does not serve."""
    if isinstance(document, list):
        return [shown(item) for item in document]
    if isinstance(document, dict):
        return {name: shown(value) for name, value in document.items() if not name.startswith("x-")}
    return document


# Discovery


def test_schemas_are_served_as_they_are_written(admin):
    for document in example_documents():
        if "attributes" in document:
            served = admin.get(f"/scim2/Schemas/{document['id']}").get_json()
            assert {name: served[name] for name in document} == shown(document)
            assert served["meta"]["resourceType"] == "Schema"


def test_the_resource_type_is_listed_with_its_extensions(admin):
    listed = {item["name"]: item for item in admin.get("/scim2/ResourceTypes").get_json()["Resources"]}

    assert set(listed) == {"User", "Group", "Device"}
    assert (listed["Device"]["endpoint"], listed["Device"]["schema"]) == ("/Devices", DEVICE)
    assert {item["schema"] for item in listed["Device"]["schemaExtensions"]} >= {BLE, DPP, MAB, FDO}
    assert CARD in {item["schema"] for item in listed["User"]["schemaExtensions"]}
    assert admin.get("/scim2/ResourceTypes/Device").get_json() == listed["Device"]


# Life


def test_a_device_is_added_and_read(admin):
    answer = admin.post(DEVICES, device(externalId="x", **{BLE: RADIO}))

    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == body["meta"]["location"] == f"http://127.0.0.1:8080{path_of(body)}"
    assert (body["meta"]["resourceType"], body["meta"]["version"]) == ("Device", answer.headers["ETag"])
    assert body["schemas"] == [DEVICE, BLE]
    assert (body["displayName"], body["active"], body["externalId"], body[BLE]) == ("Sensor", True, "x", RADIO)
    assert admin.get(path_of(body)).get_json() == body


def test_a_device_is_replaced(admin, add):
    made = add(mudUrl="https://mud.example/a", **{BLE: RADIO})

    answer = admin.put(path_of(made), {**made, "displayName": "Meter", "mudUrl": None})

    assert answer.status_code == 200
    assert admin.get(path_of(made)).get_json() == answer.get_json()
    body = answer.get_json()
    assert (body["displayName"], body.get("mudUrl"), body[BLE]) == ("Meter", None, RADIO)
    assert body["meta"]["version"] != made["meta"]["version"]
    assert BLE not in admin.put(path_of(made), device()).get_json()


def test_a_device_is_patched(admin, add):
    made = add(**{BLE: RADIO})

    answer = admin.patch(
        path_of(made),
        {"op": "replace", "path": "displayName", "value": "Meter"},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "add", "path": f"{BLE}:versionSupport", "value": ["6.0"]},
        {"op": "remove", "path": f'{BLE}:versionSupport[value eq "5.3"]'},
        {"op": "add", "value": {f"{BLE}:mobility": True, MAB: {"deviceMacAddress": MAC}}},
    )

    body = answer.get_json()
    assert answer.status_code == 200, body
    assert (body["displayName"], body["active"]) == ("Meter", False)
    assert body[BLE] == {**RADIO, "versionSupport": ["5.4", "6.0"], "mobility": True}
    assert body["schemas"] == [DEVICE, BLE, MAB]
    gone = admin.patch(path_of(made), {"op": "remove", "path": BLE}).get_json()
    assert gone["schemas"] == [DEVICE, MAB]


def test_a_device_is_removed(admin, add):
    made = add()

    assert admin.call("DELETE", path_of(made)).status_code == 204

    assert admin.get(path_of(made)).status_code == 404
    assert admin.get(DEVICES).get_json()["totalResults"] == 0


def test_an_id_is_of_its_own_type_only(admin, add):
    made = add()

    assert admin.get(f"/scim2/Users/{made['id']}").status_code == 404


# Lists


@pytest.fixture
def three(add):
    """Add three devices that differ."""
    return [
        add("alpha", **{BLE: {**RADIO, "isRandom": True}}),
        add("Bravo", active=False, externalId="E-1", **{DPP: {**WIFI, "serialNumber": "sn-1"}}),
        add("charlie", mudUrl="https://mud.example/C", **{DPP: {**WIFI, "dppVersion": 3, "classChannel": ["81/1"]}}),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('displayName eq "ALPHA"', ["alpha"]),
        ("active eq false", ["Bravo"]),
        ('externalId eq "E-1"', ["Bravo"]),
        ('mudUrl eq "https://mud.example/C"', ["charlie"]),
        ('mudUrl eq "https://mud.example/c"', []),
        ("mudUrl pr", ["charlie"]),
        (f"{BLE}:isRandom eq true", ["alpha"]),
        (f'{BLE}:versionSupport eq "5.4"', ["alpha"]),
        (f'{BLE}:versionSupport[value sw "5."]', ["alpha"]),
        (f"{DPP}:dppVersion gt 2", ["charlie"]),
        (f'{DPP}:serialNumber eq "SN-1"', ["Bravo"]),
        (f'{DPP}:classChannel co "115" or displayName sw "c"', ["Bravo", "charlie"]),
        (f'schemas eq "{DPP}"', ["Bravo", "charlie"]),
        (f'{DEVICE}:displayName ew "a" and not (active eq false)', ["alpha"]),
        ('meta.resourceType eq "Device"', ["alpha", "Bravo", "charlie"]),
    ],
)
def test_devices_are_filtered(admin, three, text, expected):
    assert filtered(admin, text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sortBy": "displayName"}, ["alpha", "Bravo", "charlie"]),
        ({"sortBy": "displayName", "sortOrder": "descending"}, ["charlie", "Bravo", "alpha"]),
        ({"sortBy": f"{DPP}:dppVersion"}, ["Bravo", "charlie", "alpha"]),
        ({"sortBy": "active", "count": 1}, ["Bravo"]),
        ({"sortBy": "displayName", "startIndex": 2, "count": 1}, ["Bravo"]),
    ],
)
def test_devices_are_sorted_and_paged(admin, three, query, expected):
    answer = admin.get(DEVICES, query_string=query)

    assert names(answer) == expected
    assert answer.get_json()["totalResults"] == 3


@pytest.mark.parametrize("sort_by", ["displayName", f"{DPP}:dppVersion", None])
def test_devices_are_walked_by_cursor(admin, three, sort_by):
    query = {"cursor": "", "count": 1, **({"sortBy": sort_by} if sort_by else {})}
    seen, backward = [], []

    for _ in three:
        page = admin.get(DEVICES, query_string=query).get_json()
        seen += [item["displayName"] for item in page["Resources"]]
        query["cursor"] = page.get("nextCursor", "")
        last = page
    backward = admin.get(DEVICES, query_string={**query, "cursor": last["previousCursor"]}).get_json()

    assert sorted(seen, key=str.lower) == ["alpha", "Bravo", "charlie"]
    assert "nextCursor" not in last
    assert backward["Resources"][0]["displayName"] == seen[1]


def test_devices_are_searched_by_post(admin, three):
    body = {"schemas": [SEARCH], "filter": f"{DPP}:dppVersion pr", "sortBy": "displayName", "attributes": ["mudUrl"]}

    found = admin.post(f"{DEVICES}/.search", body).get_json()

    assert found["totalResults"] == 2
    assert [set(item) for item in found["Resources"]] == [{"schemas", "id"}, {"schemas", "id", "mudUrl"}]


def test_devices_are_found_at_the_root_beside_users(admin, application, three):
    application.add_user("alpha", displayName="alpha")

    found = admin.get("/scim2/", query_string={"filter": 'displayName eq "alpha"'}).get_json()

    assert sorted(item["meta"]["resourceType"] for item in found["Resources"]) == ["Device", "User"]
    only = admin.get("/scim2/", query_string={"filter": f"{DPP}:dppVersion eq 3"}).get_json()
    assert [item["displayName"] for item in only["Resources"]] == ["charlie"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"attributes": "displayName"}, {"schemas", "id", "displayName"}),
        ({"attributes": f"{BLE}:deviceMacAddress"}, {"schemas", "id", BLE}),
        ({"attributes": BLE}, {"schemas", "id", BLE}),
        ({"excludedAttributes": f"{BLE}:versionSupport,displayName"}, {"schemas", "id", "active", BLE, "meta"}),
        ({"excludedAttributes": BLE}, {"schemas", "id", "displayName", "active", "meta"}),
    ],
)
def test_attributes_of_a_device_are_chosen(admin, add, query, expected):
    made = add(**{BLE: RADIO})

    answer = admin.get(path_of(made), query_string=query).get_json()

    assert set(answer) == expected
    assert admin.get(DEVICES, query_string=query).get_json()["Resources"] == [answer]


# Bulk


def test_devices_and_a_group_of_them_are_made_in_bulk(admin):
    answer = admin.post(
        "/scim2/Bulk",
        {
            "schemas": [BULK],
            "Operations": [
                {
                    "method": "POST",
                    "path": "/Groups",
                    "bulkId": "g",
                    "data": {"displayName": "Sensors", "members": [{"value": "bulkId:d"}]},
                },
                {"method": "POST", "path": "/Devices", "bulkId": "d", "data": device(**{BLE: RADIO})},
                {"method": "POST", "path": "/Devices", "bulkId": "x", "data": {"displayName": "no state"}},
            ],
        },
    )

    results = {item["bulkId"]: item for item in answer.get_json()["Operations"]}
    assert [results[name]["status"] for name in "gdx"] == ["201", "201", "400"]
    made = admin.get(results["d"]["location"].removeprefix("http://127.0.0.1:8080")).get_json()
    assert (results["d"]["version"], made["groups"][0]["display"]) == (made["meta"]["version"], "Sensors")


@pytest.mark.parametrize(("method", "status"), [("PUT", "200"), ("PATCH", "200"), ("DELETE", "204")])
def test_devices_are_changed_in_bulk_where_the_version_is_right(admin, add, method, status):
    made = add()
    data = {
        "PUT": device("Meter"),
        "PATCH": {"Operations": [{"op": "replace", "path": "displayName", "value": "Meter"}]},
        "DELETE": None,
    }[method]
    operation = {"method": method, "path": f"/Devices/{made['id']}", "data": data}

    stale, good = (
        admin.post("/scim2/Bulk", {"schemas": [BULK], "Operations": [{**operation, "version": version}]})
        for version in ('W/"7"', made["meta"]["version"])
    )

    assert stale.get_json()["Operations"][0]["status"] == "412"
    assert good.get_json()["Operations"][0]["status"] == status


# Versions


def test_versions_of_a_device_are_conditions(admin, add):
    made = add()
    old = made["meta"]["version"]
    new = admin.replace(path_of(made), {"displayName": "Meter"}).headers["ETag"]

    assert admin.put(path_of(made), device(), headers={"If-Match": old}).status_code == 412
    assert admin.call("DELETE", path_of(made), headers={"If-Match": old}).status_code == 412
    assert admin.get(path_of(made), headers={"If-None-Match": new}).status_code == 304
    assert admin.get(path_of(made), headers={"If-None-Match": old}).status_code == 200
    assert admin.call("DELETE", path_of(made), headers={"If-Match": new}).status_code == 204


def test_a_write_that_changes_nothing_keeps_the_version(admin, application, add):
    made = add(**{BLE: RADIO})
    application.clock.move(seconds=5)

    assert admin.put(path_of(made), made).get_json() == made
    assert admin.replace(path_of(made), {"displayName": "Sensor"}).get_json() == made


# Characteristics


def test_a_required_attribute_is_demanded(admin, add):
    made = add()

    for answer in (
        admin.post(DEVICES, {"displayName": "Sensor"}),
        admin.put(path_of(made), {"displayName": "Sensor"}),
        admin.post(DEVICES, device(**{BLE: {"deviceMacAddress": MAC}})),
    ):
        assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidValue")
        assert "required" in answer.get_json()["detail"]
    removed = admin.patch(path_of(made), {"op": "remove", "path": "active"})
    assert (removed.status_code, removed.get_json()["scimType"]) == (400, "mutability")


@pytest.mark.parametrize(
    "attributes",
    [
        {"active": "perhaps"},
        {DPP: {**WIFI, "dppVersion": "two"}},
        {BLE: {**RADIO, "deviceMacAddress": MAC + ":00"}},
        {BLE: "radio"},
    ],
    ids=["boolean", "integer", "length", "object"],
)
def test_a_value_of_another_type_is_refused(admin, attributes):
    answer = admin.post(DEVICES, device(**attributes))

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidValue")


def test_an_unknown_attribute_is_ignored_in_a_body_and_refused_in_a_path(admin, add):
    made = add(colour="red", **{BLE: {**RADIO, "colour": "red"}})

    assert "colour" not in str(made)
    patched = admin.patch(path_of(made), {"op": "add", "path": f"{BLE}:colour", "value": "red"})
    assert patched.get_json()["scimType"] == "invalidPath"
    listed = admin.get(DEVICES, query_string={"filter": f'{BLE}:colour eq "red"'})
    assert listed.get_json()["scimType"] == "invalidFilter"


@pytest.fixture
def secret(add):
    """Add a device with values that are never returned."""
    return add(**{DPP: WIFI, FDO: {"fdoVoucher": "-----BEGIN-----"}})


def test_what_is_never_returned_is_stored(application, admin, secret):
    database = application.services.core.database
    stored = database.read(lambda unit: unit.resources.lookup("Device", secret["id"]))

    assert stored.document()[DPP]["bootstrapKey"] == WIFI["bootstrapKey"]
    kept = admin.put(path_of(secret), {**secret, "displayName": "Meter"})
    assert kept.status_code == 200
    stored = database.read(lambda unit: unit.resources.lookup("Device", secret["id"]))
    assert stored.document()[DPP]["bootstrapKey"] == WIFI["bootstrapKey"]
    assert stored.document()[FDO] == {"fdoVoucher": "-----BEGIN-----"}


@pytest.mark.parametrize(
    "how",
    [
        lambda admin, made: admin.post(DEVICES, device("Other", **{DPP: WIFI})),
        lambda admin, made: admin.get(path_of(made)),
        lambda admin, made: admin.get(path_of(made), query_string={"attributes": f"{DPP}:bootstrapKey,{FDO}"}),
        lambda admin, made: admin.get(path_of(made), query_string={"excludedAttributes": "displayName"}),
        lambda admin, made: admin.get(DEVICES),
        lambda admin, made: admin.get("/scim2/"),
        lambda admin, made: admin.post(f"{DEVICES}/.search", {"attributes": [DPP]}),
        lambda admin, made: admin.put(path_of(made), device("Other", **{DPP: WIFI})),
        lambda admin, made: admin.replace(path_of(made), {f"{DPP}:bootstrapKey": WIFI["bootstrapKey"] + "B"}),
    ],
    ids=["POST", "GET", "asked for", "excluded", "list", "root", "search", "PUT", "PATCH"],
)
def test_what_is_never_returned_is_never_shown(admin, secret, how):
    answer = how(admin, secret)

    assert answer.status_code in {200, 201}
    assert WIFI["bootstrapKey"] not in answer.get_data(as_text=True)
    assert "BEGIN" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        {"filter": f'{DPP}:bootstrapKey sw "M"'},
        {"filter": f"{DPP}:bootstrapKey pr"},
        {"filter": f'{FDO}:fdoVoucher co "B"'},
        {"sortBy": f"{DPP}:bootstrapKey"},
    ],
    ids=["sw", "pr", "co", "sort"],
)
def test_what_is_never_returned_cannot_be_guessed_by_a_list(admin, secret, query):
    assert admin.get(DEVICES, query_string=query).status_code == 400


def test_an_extension_is_dropped_with_its_secret(admin, secret):
    body = admin.put(path_of(secret), device()).get_json()

    assert body["schemas"] == [DEVICE, FDO], "what a client never saw of FDO, it does not drop"
    body = admin.patch(path_of(secret), {"op": "remove", "path": FDO}).get_json()
    assert body["schemas"] == [DEVICE]


# Groups


def test_a_device_is_in_groups(admin, add):
    made = add()
    inner, outer = (admin.post("/scim2/Groups", {"displayName": name}).get_json() for name in ("Inner", "Outer"))
    for group, member in ((inner, made["id"]), (outer, inner["id"])):
        assert admin.replace(f"/scim2/Groups/{group['id']}", {"members": [{"value": member}]}).status_code == 200

    shown_groups = admin.get(path_of(made)).get_json()["groups"]
    members = admin.get(f"/scim2/Groups/{inner['id']}").get_json()["members"]

    assert [(item["display"], item["type"]) for item in shown_groups] == [("Inner", "direct"), ("Outer", "indirect")]
    assert [(item["type"], item["display"]) for item in members] == [("Device", "Sensor")]
    assert members[0]["$ref"] == made["meta"]["location"]
    assert filtered(admin, f'groups.value eq "{outer["id"]}"') == ["Sensor"]
    admin.call("DELETE", path_of(made))
    assert "members" not in admin.get(f"/scim2/Groups/{inner['id']}").get_json()


# Access and record


@pytest.mark.parametrize(
    ("scope", "method", "path", "body"),
    [
        (Scope.USER_CREATE, "POST", DEVICES, device()),
        (Scope.USER_LIST, "GET", DEVICES, None),
        (Scope.USER_LIST, "POST", f"{DEVICES}/.search", {}),
        (Scope.USER_VIEW, "GET", "one", None),
        (Scope.USER_UPDATE, "PUT", "one", device("Meter")),
        (Scope.USER_UPDATE, "PATCH", "one", {"Operations": [{"op": "add", "path": "mudUrl", "value": "https://x"}]}),
        (Scope.USER_DELETE, "DELETE", "one", None),
    ],
)
def test_a_device_needs_the_scopes_of_users(application, add, scope, method, path, body):
    path = path_of(add()) if path == "one" else path
    others = frozenset(Scope) - {scope}

    assert application.app.test_client().open(path, method=method, json=body).status_code == 401
    assert Caller(application, application.client_token(others)).call(method, path, body).status_code == 403
    assert Caller(application, application.client_token(frozenset({scope}))).call(method, path, body).status_code < 300


def test_every_write_of_a_device_is_on_record(application, admin, add):
    made = add()
    admin.replace(path_of(made), {"displayName": "Meter"})
    admin.call("DELETE", path_of(made))

    at = application.clock.now() + timedelta(days=1)
    found = application.services.core.database.read(lambda unit: unit.audit.list(at, subject_id=made["id"]))

    events = [(item.event, item.detail["resource_type"]) for item in found]
    assert sorted(events) == [(f"resource.{what}", "Device") for what in ("changed", "created", "removed")]


# An extension of User


CARD_OF_ANN = {
    "cardNumber": "C-100",
    "issuer": "Front desk",
    "issuedAt": "2026-01-31T08:00:00Z",
    "floor": 3,
    "zones": ["lab", "office"],
    "doors": [{"value": "North", "type": "main", "primary": True}, {"value": "South", "type": "side"}],
}


@pytest.fixture
def ann(application):
    """Add ann with a card, and somebody without."""
    application.add_user("ben", displayName="ben")
    return application.add_user(
        "ann", displayName="ann", **{CARD: {**CARD_OF_ANN, "pin": "8317", "remark": "lost once"}}
    )


def test_an_extension_is_stored_with_the_user(application, admin, ann):
    body = admin.get(f"/scim2/Users/{ann}").get_json()

    assert body["schemas"] == [USER, CARD]
    assert body[CARD] == CARD_OF_ANN
    own = application.user(ann).get("/scim2/Me").get_json()
    assert own[CARD] == CARD_OF_ANN


@pytest.mark.parametrize(
    "text",
    [
        f'{CARD}:cardNumber eq "C-100"',
        f'{CARD}:issuer co "DESK"',
        f'{CARD}:issuedAt gt "2026-01-31T09:30:00+02:00"',
        f"{CARD}:floor ge 3",
        f'{CARD}:zones eq "LAB"',
        f'{CARD}:doors[type eq "main" and value sw "n"]',
        f'{CARD}:doors[type eq "side"].value eq "south"',
        f"{CARD}:doors.primary eq true",
        f'{CARD}:remark eq "lost once"',
        f'schemas eq "{CARD}"',
    ],
)
def test_an_extension_is_filtered(admin, ann, text):
    assert filtered(admin, text, "/scim2/Users") == ["ann"]
    assert filtered(admin, f"not ({text})", "/scim2/Users") == ["ben"]


@pytest.mark.parametrize(
    "text",
    [f'{CARD}:cardNumber eq "c-100"', f'{CARD}:doors[type eq "main" and value eq "South"]', f"{CARD}:floor gt 3"],
    ids=["case", "two elements", "number"],
)
def test_an_extension_that_does_not_match_is_not_found(admin, ann, text):
    assert filtered(admin, text, "/scim2/Users") == []


def test_an_extension_is_sorted_by(admin, ann, application):
    application.add_user("cat", displayName="cat", **{CARD: {"cardNumber": "C-050", "floor": 9}})

    for sort_by in (f"{CARD}:cardNumber", f"{CARD}:floor"):
        found = names(admin.get("/scim2/Users", query_string={"sortBy": sort_by}))
        assert found == {"cardNumber": ["cat", "ann", "ben"], "floor": ["ann", "cat", "ben"]}[sort_by.split(":")[-1]]


def test_an_extension_is_patched(admin, ann):
    answer = admin.patch(
        f"/scim2/Users/{ann}",
        {"op": "replace", "path": f"{CARD}:floor", "value": 5},
        {"op": "add", "path": f"{CARD}:zones", "value": "Office"},
        {"op": "add", "path": f'{CARD}:doors[type eq "side"].value', "value": "West"},
        {"op": "replace", "value": {CARD: {"doors": [{"value": "East", "primary": True}]}}},
        {"op": "add", "value": {f"{CARD}:issuedAt": "2026-02-01T00:00:00Z"}},
    )

    card = answer.get_json()[CARD]
    assert (card["floor"], card["zones"], card["issuedAt"]) == (5, ["lab", "office"], "2026-02-01T00:00:00Z")
    assert card["doors"] == [{"value": "East", "primary": True}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"attributes": f"{CARD}:floor"}, {"floor"}),
        ({"attributes": f"{CARD}:doors.value"}, {"doors"}),
        ({"attributes": f"{CARD}:remark,{CARD}:pin"}, {"remark"}),
        ({"excludedAttributes": f"{CARD}:zones,{CARD}:doors"}, {"cardNumber", "issuer", "issuedAt", "floor"}),
    ],
)
def test_an_extension_is_projected(admin, ann, query, expected):
    assert set(admin.get(f"/scim2/Users/{ann}", query_string=query).get_json()[CARD]) == expected


def test_what_is_returned_on_request_is_not_returned_without(application, admin, ann):
    path = f"/scim2/Users/{ann}"

    for answer in (admin.get(path), admin.get("/scim2/Users"), admin.replace(path, {f"{CARD}:remark": "found"})):
        assert "remark" not in answer.get_data(as_text=True)
        assert "8317" not in answer.get_data(as_text=True)
    asked = admin.get(path, query_string={"attributes": f"{CARD}:remark"}).get_json()
    assert asked[CARD] == {"remark": "found"}


def test_what_is_immutable_is_set_once(admin, ann):
    path = f"/scim2/Users/{ann}"

    for answer in (
        admin.patch(path, {"op": "replace", "path": f"{CARD}:issuer", "value": "Back door"}),
        admin.put(path, {"userName": "ann", CARD: {**CARD_OF_ANN, "issuer": "Back door"}}),
    ):
        assert (answer.status_code, answer.get_json()["scimType"]) == (400, "mutability")
    same = admin.put(path, {"userName": "ann", CARD: {**CARD_OF_ANN, "issuer": "Front Desk"}})
    assert (same.status_code, same.get_json()[CARD]["issuer"]) == (200, "Front desk")


def test_a_unique_value_belongs_to_one(application, admin, ann):
    ben = application.add_user("bea")
    path, card = f"/scim2/Users/{ben}", {"cardNumber": "C-100"}

    answers = [
        admin.post("/scim2/Users", {"userName": "eve", CARD: card}),
        admin.put(path, {"userName": "bea", CARD: card}),
        admin.replace(path, {CARD: card}),
    ]
    bulk = admin.post(
        "/scim2/Bulk",
        {
            "schemas": [BULK],
            "Operations": [{"method": "PUT", "path": f"/Users/{ben}", "data": {"userName": "b", CARD: card}}],
        },
    ).get_json()["Operations"][0]

    for answer in answers:
        assert (answer.status_code, answer.get_json()["scimType"]) == (409, "uniqueness")
        assert answer.get_json()["detail"] == f"{CARD}:cardNumber is already in use."
    assert (bulk["status"], bulk["response"]["scimType"]) == ("409", "uniqueness")
    assert CARD not in admin.get(path).get_json()


def test_a_unique_value_is_free_again_when_its_holder_has_another_or_is_gone(application, admin, ann):
    ben = f"/scim2/Users/{application.add_user('bea')}"
    admin.patch(f"/scim2/Users/{ann}", {"op": "replace", "path": f"{CARD}:cardNumber", "value": "C-101"})

    assert admin.replace(ben, {CARD: {"cardNumber": "C-100"}}).status_code == 200
    assert admin.replace(ben, {CARD: {"cardNumber": "c-101"}}).status_code == 200, "case counts"
    admin.call("DELETE", f"/scim2/Users/{ann}")
    assert admin.replace(ben, {CARD: {"cardNumber": "C-101"}}).status_code == 200


def test_a_unique_value_of_an_inactive_user_is_told_to_be_that(admin, ann):
    admin.replace(f"/scim2/Users/{ann}", {"active": False})

    answer = admin.post("/scim2/Users", {"userName": "eve", CARD: {"cardNumber": "C-100"}})

    assert answer.status_code == 409
    assert "inactive" in answer.get_json()["detail"]


def test_numbers_wait_for_their_proof_with_an_extension_as_without(application, ann):
    user = application.user(ann)

    user.set_mobile("/scim2/Me", "0122222222")
    body = user.get("/scim2/Me").get_json()

    assert "phoneNumbers" not in body
    assert body[CARD] == CARD_OF_ANN
    assert user.validate(application.last_code()).status_code == 200
    assert user.get("/scim2/Me").get_json()["phoneNumbers"][0]["value"] == "0122222222"


# An extension of Group


def test_a_group_is_extended_like_a_user(start, tmp_path):
    extension = {"id": BADGES, "attributes": [{"name": "colour"}, {"name": "owner", "returned": "request"}]}
    group_type = {"name": "Group", "schemaExtensions": [{"schema": BADGES}]}
    application = start(schema_dir=str(write_schemas(tmp_path / "schemas", extension, group_type)))
    admin, user_id = application.admin(), application.add_user("eve")
    body = {"displayName": "Staff", "members": [{"value": user_id}], BADGES: {"colour": "red", "owner": "x"}}
    made = admin.post("/scim2/Groups", body).get_json()
    path = f"/scim2/Groups/{made['id']}"

    patched = admin.patch(
        path,
        {"op": "replace", "path": f"{BADGES}:colour", "value": "blue"},
        {"op": "remove", "path": "members", "value": [{"value": user_id}]},
    ).get_json()

    assert (made[BADGES], patched[BADGES], patched.get("members")) == ({"colour": "red"}, {"colour": "blue"}, None)
    assert names(admin.get("/scim2/Groups", query_string={"filter": f'{BADGES}:colour eq "BLUE"'})) == ["Staff"]
    assert admin.get(f"{path}?attributes={BADGES}:owner").get_json()[BADGES] == {"owner": "x"}


# Files of one's own


SECRETS = [
    {
        "id": BADGES,
        "name": "Badges",
        "attributes": [
            {"name": "password", "mutability": "writeOnly", "returned": "never"},
            {"name": "verifyMobile", "returned": "never"},
        ],
    },
    {"id": "urn:example:safe", "attributes": [{"name": "label"}, {"name": "password", "returned": "never"}]},
    {"name": "User", "schemaExtensions": [{"schema": BADGES}]},
    {"name": "Safe", "endpoint": "/Safes", "schema": "urn:example:safe"},
]


def test_the_samples_of_the_document_can_be_used(start, tmp_path):
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8"), re.DOTALL)
    admin = start(schema_dir=str(write_schemas(tmp_path / "schemas", *map(json.loads, blocks)))).admin()

    room = admin.post("/scim2/Rooms", {"number": "1.07", "seats": 6})
    badge = {"urn:example:params:scim:schemas:extension:badge:1.0:User": {"number": "B-17"}}

    assert len(blocks) == 2
    assert (room.status_code, room.get_json()["seats"]) == (201, 6)
    assert admin.post("/scim2/Users", {"userName": "eve", **badge}).get_json().items() >= badge.items()


def test_no_name_makes_a_secret_of_a_deployer_public(start, tmp_path):
    """The names are those of attributes that a User of ours never stores."""
    application = start(schema_dir=str(write_schemas(tmp_path / "schemas", SECRETS)))
    admin = application.admin()
    safe = admin.post("/scim2/Safes", {"label": "S", "password": "hidden-1"})
    user = admin.post("/scim2/Users", {"userName": "eve", BADGES: {"password": "hidden-2", "verifyMobile": "hidden-3"}})

    answers = [safe, user, admin.get("/scim2/"), admin.get(f"/scim2/Users/{user.get_json()['id']}")]

    assert [answer.status_code for answer in answers] == [201, 201, 200, 200]
    assert not any("hidden" in answer.get_data(as_text=True) for answer in answers)
    with application.services.core.database._engine.connect() as connection:
        stored = str(connection.execute(metadata.tables["resources"].select()).fetchall())
    assert [name in stored for name in ("hidden-1", "hidden-2", "hidden-3")] == [True, True, True]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"name": "X", "endpoint": "/Xs", "schema": "urn:example:none"}, "names the schema urn:example:none"),
        ({"id": BADGES, "attributes": [{"name": "a", "type": "text"}]}, f"{BADGES}:a needs one of string, "),
        ({"id": BADGES, "attributes": [{"name": "a", "mutability": "writeOnly"}]}, "its returned must be never"),
        ({"name": "X", "endpoint": "/Me", "schema": USER}, "taken by the protocol"),
        ({"id": USER, "attributes": [{"name": "a"}]}, "already defined"),
    ],
    ids=["unknown schema", "unknown type", "writeOnly", "endpoint", "twice"],
)
def test_a_fault_in_a_file_keeps_the_service_from_being_built(start, tmp_path, monkeypatch, document, fault):
    directory = write_schemas(tmp_path / "schemas", document)
    opened = []
    monkeypatch.setattr(Database, "open", lambda *_, **__: opened.append(1))

    with pytest.raises(SchemaFault, match=f"0.json: .*{fault}"):
        start(schema_dir=str(directory))

    # Nobody would be there to close it.
    assert opened == []
