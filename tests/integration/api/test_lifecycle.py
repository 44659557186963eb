"""Users come, are put to rest, come back and go; and on no path does a number change without its proof."""

from __future__ import annotations

import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from tests.factories.application import Caller
from tests.factories.people import ANN, BEN, CAT, DAN, EVE, Numbers, add_person, numbers_of, person
from tests.factories.servers import WSO2
from tests.factories.stored import everything_stored

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def bulk(caller, method, path, data):
    operation = {"method": method, "path": path, "data": data, **({"bulkId": "b"} if method == "POST" else {})}
    answer = caller.post("/scim2/Bulk", {"schemas": [BULK], "Operations": [operation]})
    assert answer.status_code == 200
    return answer.get_json()["Operations"][0]


def patch_body(value):
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": value}],
    }


def mobile(number):
    return {"phoneNumbers": [{"type": "mobile", "value": number}]}


# Putting to rest


def test_an_inactive_user_is_kept_and_shown(application, bob):
    answer = application.admin().replace(bob.path, {"active": False})

    assert (answer.status_code, answer.get_json()["active"]) == (200, False)
    assert bob.show()["active"] is False
    found = application.admin().get('/scim2/Users?filter=userName eq "bob" and active eq false').get_json()
    assert found["totalResults"] == 1


@pytest.mark.parametrize(
    "how",
    [
        lambda admin, bob: admin.replace(bob.path, {"active": False}),
        lambda admin, bob: admin.patch(bob.path, {"op": "Replace", "path": "active", "value": "False"}),
        lambda admin, bob: admin.put(bob.path, {**bob.show(), "active": False}),
        lambda admin, bob: bulk(admin, "PATCH", f"/Users/{bob.id}", patch_body({"active": False})),
        lambda admin, bob: bulk(admin, "PUT", f"/Users/{bob.id}", {**bob.show(), "active": False}),
    ],
    ids=["PATCH", "PATCH of Entra", "PUT", "Bulk PATCH", "Bulk PUT"],
)
def test_deactivation_ends_tokens_and_what_is_pending(application, bob, how):
    bob.send(p=DAN)
    assert bob.live() is not None

    how(application.admin(), bob)

    assert bob.show()["active"] is False
    assert bob.live() is None
    assert bob.numbers() == Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), None, is_verified=True)
    application.clock.move(seconds=2)
    assert bob.caller.get("/scim2/Me").status_code == 401


def test_the_code_of_a_deactivated_user_is_dead(application, bob):
    bob.send(p=DAN)
    code = application.last_code()
    application.admin().replace(bob.path, {"active": False})

    answer = application.admin().post("/api/identity/user/v1.0/validate-code", {"code": code})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "18001")
    assert bob.numbers().primary == ANN


def test_a_code_on_its_way_to_a_deactivated_user_is_dropped(application, bob):
    bob.send(p=DAN)
    application.admin().replace(bob.path, {"active": False})

    application.deliver()

    assert application.carrier.messages == []


def test_deactivation_begins_no_verification(application, bob):
    """L2: it ends what is pending, in the same transaction."""
    bob.send(p=DAN)

    answer = application.admin().replace(bob.path, {"active": False, **mobile(EVE)})

    assert numbers_of(answer.get_json()) == Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), None, is_verified=True)
    assert bob.live() is None
    application.deliver()
    assert application.carrier.messages == []


def test_a_user_who_is_inactive_from_the_start_is_sent_no_code(application):
    user_id = application.add_user("eve", active=False, **mobile(ANN), **{WSO2: {"verifyMobile": True}})

    eve = person(application, user_id)

    assert eve.numbers() == Numbers(ANN, is_verified=False)
    assert eve.live() is None


def test_a_user_comes_back_with_the_numbers_of_before(application, bob):
    admin = application.admin()
    bob.send(p=DAN)
    admin.replace(bob.path, {"active": False})

    application.clock.move(seconds=2)
    answer = admin.replace(bob.path, {"active": True})

    assert answer.get_json()["active"] is True
    assert bob.numbers() == Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), None, is_verified=True)
    again = person(application, bob.id)
    assert again.caller.get("/scim2/Me").status_code == 200
    again.send(p=DAN)
    assert again.validate(application.last_code()).status_code == 200
    assert again.numbers().primary == DAN


def test_deactivating_again_changes_nothing(application, bob):
    admin = application.admin()
    before = admin.replace(bob.path, {"active": False}).headers["ETag"]

    assert admin.replace(bob.path, {"active": False}).headers["ETag"] == before


# Names


@pytest.mark.parametrize("name", ["bob", "BOB"])
def test_the_name_of_an_inactive_user_is_told_to_be_that(application, bob, name):
    admin = application.admin()
    admin.replace(bob.path, {"active": False})

    answer = admin.post("/scim2/Users", {"userName": name})

    assert (answer.status_code, answer.get_json()["scimType"]) == (409, "uniqueness")
    assert "inactive" in answer.get_json()["detail"]


def test_the_name_of_an_active_user_is_only_in_use(application, bob):
    answer = application.admin().post("/scim2/Users", {"userName": "Bob"})

    assert (answer.status_code, answer.get_json()["scimType"]) == (409, "uniqueness")
    assert answer.get_json()["detail"] == "userName is already in use."


@pytest.mark.parametrize("is_inactive", [True, False])
@pytest.mark.parametrize(
    "how",
    [
        lambda admin, eve: admin.replace(eve.path, {"userName": "bob"}).get_json(),
        lambda admin, eve: admin.put(eve.path, {"userName": "bob"}).get_json(),
        lambda admin, eve: bulk(admin, "POST", "/Users", {"userName": "bob"})["response"],
        lambda admin, eve: bulk(admin, "PUT", f"/Users/{eve.id}", {"userName": "bob"})["response"],
    ],
    ids=["PATCH", "PUT", "Bulk POST", "Bulk PUT"],
)
def test_a_name_is_taken_on_every_path(application, bob, how, is_inactive):
    eve = add_person(application, "eve")
    application.admin().replace(bob.path, {"active": not is_inactive})

    error = how(application.admin(), eve)

    assert (error["status"], error["scimType"]) == ("409", "uniqueness")
    assert ("inactive" in error["detail"]) is is_inactive
    assert eve.show()["userName"] == "eve"


def test_a_user_may_write_the_own_name_anew(application, bob):
    answer = application.admin().replace(bob.path, {"userName": "BOB"})

    assert (answer.status_code, answer.get_json()["userName"]) == (200, "BOB")


def test_an_external_id_may_be_shared(application):
    application.add_user("one", externalId="x-1")
    application.add_user("two", externalId="x-1")

    found = application.admin().get('/scim2/Users?filter=externalId eq "x-1"').get_json()

    assert found["totalResults"] == 2


def test_the_name_of_a_removed_user_is_free(application, bob):
    admin = application.admin()
    assert admin.call("DELETE", bob.path).status_code == 204

    assert admin.get(bob.path).status_code == 404
    assert admin.post("/scim2/Users", {"userName": "bob"}).status_code == 201


# The same rules on every path


def own(application, user):
    return Caller(application, application.user_token(user.id, frozenset({Scope.LOGIN})))


def own_with_all_scopes(application, user):
    return Caller(application, application.user_token(user.id, ALL_SCOPES))


def whole(user, value):
    return {"userName": "bob", WSO2: {"mobileNumbers": [ANN, BEN, CAT], "verifiedMobileNumbers": [ANN, BEN]}, **value}


CHANGES = {
    "PATCH of a user": lambda app, user, value: app.admin().replace(user.path, value),
    "PATCH by path": lambda app, user, value: app.admin().patch(
        user.path,
        {"op": "replace", "path": 'phoneNumbers[type eq "mobile"].value', "value": value["phoneNumbers"][0]["value"]},
    ),
    "PUT of a user": lambda app, user, value: app.admin().put(user.path, whole(user, value)),
    "PATCH of Me": lambda app, user, value: own(app, user).replace("/scim2/Me", value),
    "PUT of Me": lambda app, user, value: own(app, user).put("/scim2/Me", whole(user, value)),
    "PATCH of oneself": lambda app, user, value: own_with_all_scopes(app, user).replace(user.path, value),
    "PUT of oneself": lambda app, user, value: own_with_all_scopes(app, user).put(user.path, whole(user, value)),
    "Bulk PATCH": lambda app, user, value: bulk(app.admin(), "PATCH", f"/Users/{user.id}", patch_body(value)),
    "Bulk PUT": lambda app, user, value: bulk(app.admin(), "PUT", f"/Users/{user.id}", whole(user, value)),
    "Bulk PATCH of oneself": lambda app, user, value: bulk(
        own_with_all_scopes(app, user), "PATCH", f"/Users/{user.id}", patch_body(value)
    ),
}


@pytest.mark.parametrize("path", CHANGES)
def test_a_new_number_waits_for_its_proof(application, bob, path):
    CHANGES[path](application, bob, mobile(DAN))

    assert bob.numbers() == Numbers(ANN, (ANN, BEN, CAT), (ANN, BEN), DAN, is_verified=True)
    application.deliver()
    assert [message.to for message in application.carrier.messages] == [DAN]


@pytest.mark.parametrize("path", [name for name in CHANGES if "oneself" in name or "Me" in name])
def test_no_user_declares_the_own_number_verified(application, bob, path):
    """Rule 2 sends a code; nothing is verified by saying so."""
    lists = {WSO2: {"mobileNumbers": [ANN, BEN, CAT, DAN], "verifiedMobileNumbers": [ANN, BEN, DAN]}}

    CHANGES[path](application, bob, {**mobile(ANN), **lists})

    assert DAN not in bob.numbers().verified
    assert bob.numbers().pending == DAN


CREATIONS = {
    "POST": lambda app, value: app.admin().post("/scim2/Users", value).get_json()["id"],
    "Bulk POST": lambda app, value: bulk(app.admin(), "POST", "/Users", value)["location"].rpartition("/")[2],
}


@pytest.mark.parametrize("path", CREATIONS)
def test_the_number_of_a_new_user_is_unverified(application, path):
    user = person(application, CREATIONS[path](application, {"userName": "eve", **mobile(DAN)}))

    assert user.numbers() == Numbers(DAN, is_verified=False)
    application.deliver()
    assert application.carrier.messages == []


@pytest.mark.parametrize("path", CREATIONS)
def test_the_number_of_a_new_user_is_sent_a_code_where_that_is_asked_for(application, path):
    value = {"userName": "eve", **mobile(DAN), WSO2: {"verifyMobile": True}}

    user = person(application, CREATIONS[path](application, value))

    assert user.numbers().is_verified is False
    assert user.validate(application.last_code()).status_code == 200
    assert user.numbers().is_verified is True


# The password, which this service has no use for

SECRET = "Correct-Horse-7"


@pytest.mark.parametrize(
    "how",
    [
        lambda app, user: app.admin().post("/scim2/Users", {"userName": "eve", "password": SECRET}),
        lambda app, user: app.admin().put(user.path, {"userName": "bob", "title": "Dr", "password": SECRET}),
        lambda app, user: app.admin().replace(user.path, {"password": SECRET, "title": "Dr"}),
        lambda app, user: app.admin().patch(user.path, {"op": "add", "path": "password", "value": SECRET}),
        lambda app, user: user.caller.replace("/scim2/Me", {"password": SECRET}),
        lambda app, user: user.caller.put("/scim2/Me", {"userName": "bob", "password": SECRET}),
        lambda app, user: app.admin().post(
            "/scim2/Bulk",
            {
                "schemas": [BULK],
                "Operations": [
                    {
                        "method": "POST",
                        "path": "/Users",
                        "bulkId": "b",
                        "data": {"userName": "eve", "password": SECRET},
                    },
                    {"method": "PATCH", "path": f"/Users/{user.id}", "data": patch_body({"password": SECRET})},
                ],
            },
        ),
    ],
    ids=["POST", "PUT", "PATCH", "PATCH by path", "PATCH of Me", "PUT of Me", "Bulk"],
)
def test_a_password_is_accepted_and_neither_stored_nor_shown(application, bob, how, caplog):
    answer = how(application, bob)

    assert answer.status_code in {200, 201}
    assert SECRET not in answer.get_data(as_text=True)
    assert "password" not in answer.get_data(as_text=True)
    assert SECRET not in everything_stored(application)
    assert SECRET not in caplog.text
    listed = application.admin().get("/scim2/Users?attributes=password,userName")
    assert "password" not in listed.get_data(as_text=True)


def test_a_password_alone_is_no_change(application, bob):
    before = bob.version()

    answer = application.admin().replace(bob.path, {"password": SECRET})

    assert answer.headers["ETag"] == before


@pytest.mark.parametrize("text", ["password eq", "password sw", "password co"])
def test_a_password_cannot_be_asked_for(application, text):
    answer = application.admin().get(f'/scim2/Users?filter={text} "x"')

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidFilter")
