"""The twin of Graph: its paths, ids, bodies, rules and errors, on our own users."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from persistence.methods import MethodRecord
from tests.factories.application import Caller
from tests.factories.people import ANN
from verification.graph_ids import AUTHENTICATOR_ID, EMAIL_ID, PASSWORD_ID, PHONE_IDS
from verification.graph_names import SEGMENTS, type_of
from verification.method_rules import ALTERNATE_GOES_FIRST, MOBILE_COMES_FIRST, ONE_PER_TYPE
from verification.methods import MethodKind, PhoneType

WSO2 = "urn:scim:wso2:schema"
MAIL = "kim@example.com"
NUMBER, SHOWN = "+12065555555", "+1 2065555555"
OTHER, OTHER_SHOWN = "+94711111111", "+94 711111111"
MOBILE, ALTERNATE, OFFICE = (PHONE_IDS[phone_type] for phone_type in PhoneType)
BASE = "http://127.0.0.1:8080/v1.0"


@pytest.fixture
def kim_id(application):
    """Add kim, whose mobile is verified, with a password."""
    verified = {WSO2: {"verifiedMobileNumbers": [NUMBER]}}
    return application.add_user(
        "kim",
        displayName="Kim Lee",
        preferredLanguage="de",
        password="correct horse battery staple",
        emails=[{"value": MAIL}],
        phoneNumbers=[{"type": "mobile", "value": NUMBER}],
        **verified,
    )


@pytest.fixture
def admin(application):
    """Return an application that vouches for nothing."""
    return Caller(application, application.client_token(ALL_SCOPES - {Scope.MFA_PHONE_ASSERT}))


@pytest.fixture
def methods(kim_id):
    return f"/v1.0/users/{kim_id}/authentication"


def register(application, user_id, kind, method_id, **detail):
    core = application.services.core
    added = MethodRecord(user_id, kind, method_id, core.clock.now(), detail)
    core.database.transact(lambda unit: unit.methods.add(added))


def phone(number, phone_type="mobile"):
    return {"phoneNumber": number, "phoneType": phone_type}


def user_of(application, user_id):
    return application.admin().get(f"/scim2/Users/{user_id}").get_json()


def mobile_of(application, user_id):
    document = user_of(application, user_id)
    numbers = [each["value"] for each in document.get("phoneNumbers", []) if each["type"] == "mobile"]
    extension = document.get("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", {})
    return (numbers or [None])[0], extension.get("phoneVerified"), extension.get("pendingMobileNumber")


def ids(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [
        (element["@odata.type"].removeprefix("#microsoft.graph."), element["id"]) for element in answer.json["value"]
    ]


def error(answer):
    return answer.status_code, answer.json["error"]["code"]


@pytest.mark.parametrize("name", ["{}", "kim", "KIM", MAIL, "kim%40example.com"])
def test_a_user_is_named_by_id_name_or_address(admin, kim_id, name):
    answer = admin.get(f"/v1.0/users/{name.format(kim_id)}")

    assert answer.json == {
        "@odata.context": f"{BASE}/$metadata#users/$entity",
        "id": kim_id,
        "userPrincipalName": "kim",
        "mail": MAIL,
        "displayName": "Kim Lee",
        "givenName": None,
        "surname": None,
        "preferredLanguage": "de",
        "mobilePhone": NUMBER,
    }


def test_only_what_is_selected_is_told(admin, kim_id):
    answer = admin.get("/v1.0/users/kim?$select=id,userPrincipalName,mail,accountEnabled")

    assert set(answer.json) == {"@odata.context", "id", "userPrincipalName", "mail", "accountEnabled"}
    assert error(admin.get("/v1.0/users/kim?$select=id,secret")) == (400, "badRequest")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"mail eq '{MAIL}'", 1),
        ("userPrincipalName eq 'kim'", 1),
        (f"mail eq '{MAIL}' or userPrincipalName eq 'kim'", 1),
        ("mail eq 'o''brien@example.com'", 0),
        ("userPrincipalName eq 'nobody'", 0),
    ],
)
def test_users_are_found_by_a_filter(admin, kim_id, text, count):
    answer = admin.get("/v1.0/users", query_string={"$filter": text, "$select": "id"})

    assert answer.json["value"] == [{"id": kim_id}] * count


@pytest.mark.parametrize(
    "text", ["", "mail eq kim", "displayName eq 'Kim'", "mail eq 'a' and mail eq 'b'", "mail eq '" + "x" * 1000 + "'"]
)
def test_another_filter_is_refused(admin, kim_id, text):
    assert error(admin.get("/v1.0/users", query_string={"$filter": text})) == (400, "badRequest")


def test_methods_are_listed_with_graphs_ids_and_types(application, admin, kim_id, methods):
    register(application, kim_id, MethodKind.FIDO2, "-2_GRUg2-HYz6_1YG4YRAQ2", displayName="Red key")

    answer = admin.get(f"{methods}/methods")

    assert answer.json["@odata.context"] == f"{BASE}/$metadata#users('{kim_id}')/authentication/methods"
    assert sorted(ids(answer)) == [
        ("fido2AuthenticationMethod", "-2_GRUg2-HYz6_1YG4YRAQ2"),
        ("passwordAuthenticationMethod", PASSWORD_ID),
        ("phoneAuthenticationMethod", MOBILE),
    ]
    assert admin.get(f"{methods}/methods/{MOBILE}").json == {
        "@odata.context": f"{BASE}/$metadata#users('{kim_id}')/authentication/methods/$entity",
        "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
        "id": MOBILE,
        "createdDateTime": None,
        "phoneNumber": SHOWN,
        "phoneType": "mobile",
        "smsSignInState": "notSupported",
    }


def test_recovery_codes_are_no_type_of_graph(application, admin, kim_id, methods):
    core = application.services.core
    core.database.transact(lambda unit: unit.factors.replace_codes(kim_id, ["a", "b"], core.clock.now()))

    assert "recoveryCodes" not in admin.get(f"{methods}/methods").get_data(as_text=True)
    assert admin.delete(f"{methods}/phoneMethods/{MOBILE}").status_code == 204
    assert core.database.read(lambda unit: unit.factors.count_codes(kim_id)) == 0


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (MethodKind.MICROSOFT_AUTHENTICATOR, {"displayName": "Pixel", "deviceTag": "t", "phoneAppVersion": "6"}),
        (
            MethodKind.FIDO2,
            {"model": "YubiKey", "aaGuid": "a", "attestationLevel": "attested", "passkeyType": "synced"},
        ),
        (MethodKind.WINDOWS_HELLO, {"displayName": "Laptop", "keyStrength": "normal"}),
        (MethodKind.PLATFORM_CREDENTIAL, {"displayName": "Mac", "platform": "macOS"}),
        (MethodKind.EXTERNAL, {"displayName": "Duo", "configurationId": "c"}),
    ],
)
def test_a_method_registered_elsewhere_is_seen_and_removed(application, admin, kim_id, methods, kind, detail):
    register(application, kim_id, kind, "m-1", **detail)
    path = f"{methods}/{SEGMENTS[kind]}"

    shown = admin.get(f"{path}/m-1").json

    assert (shown["@odata.type"], shown["id"]) == (type_of(kind), "m-1")
    assert detail.items() <= shown.items()
    assert [element["id"] for element in admin.get(path).json["value"]] == ["m-1"]
    assert error(admin.get(f"{methods}/phoneMethods/m-1")) == (404, "resourceNotFound")
    if kind is MethodKind.MICROSOFT_AUTHENTICATOR:
        assert admin.delete(f"{methods}/phoneMethods/{MOBILE}").status_code == 204
    assert (admin.delete(f"{path}/m-1").status_code, admin.delete(f"{path}/m-1").status_code) == (204, 404)


def test_pages_go_on_where_the_last_one_ended(application, admin, kim_id, methods):
    for number in range(5):
        register(application, kim_id, MethodKind.WINDOWS_HELLO, f"w-{number}")
        application.clock.move(seconds=1)
    path, seen = f"{methods}/windowsHelloForBusinessMethods?$top=2", []
    while path:
        answer = admin.get(path)
        seen += [element["id"] for element in answer.json["value"]]
        # What has been seen may go meanwhile, and nothing is left out for that.
        admin.delete(f"{methods}/windowsHelloForBusinessMethods/{seen[-1]}")
        following = answer.json.get("@odata.nextLink")
        parts = urlsplit(following or "")
        path = f"{parts.path}?{parts.query}" if following else None

    assert seen == [f"w-{number}" for number in range(5)]


@pytest.mark.parametrize("query", ["$top=0", "$top=101", "$top=x", "$skiptoken=%25", "$skiptoken=_w"])
def test_a_bad_page_is_refused(admin, methods, query):
    assert error(admin.get(f"{methods}/methods?{query}")) == (400, "badRequest")


def test_pages_of_me_go_on_there(application, kim_id):
    kim = application.user(kim_id)

    following = kim.get("/v1.0/me/authentication/methods?$top=1").json["@odata.nextLink"]

    assert following.startswith(f"{BASE}/me/authentication/methods?$top=1&$skiptoken=")
    assert ids(kim.get(following.removeprefix("http://127.0.0.1:8080")))


# Phones


def test_a_mobile_of_an_application_is_stored_unverified(application, admin):
    user_id = application.add_user("lee")
    path = f"/v1.0/users/{user_id}/authentication/phoneMethods"

    answer = admin.post(path, phone(SHOWN))

    assert answer.status_code == 201
    assert {**answer.json, "createdDateTime": None} == {
        "@odata.context": f"{BASE}/$metadata#users('{user_id}')/authentication/phoneMethods/$entity",
        "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
        "id": MOBILE,
        "createdDateTime": None,
        **phone(SHOWN),
        "smsSignInState": "notSupported",
    }
    assert mobile_of(application, user_id) == (NUMBER, False, None)
    assert ids(admin.get(path)) == [("phoneAuthenticationMethod", MOBILE)]
    assert error(admin.post(path, phone(OTHER_SHOWN))) == (400, "badRequest")
    assert application.deliver() == []


def test_a_mobile_is_verified_by_whoever_may_vouch_for_it(application):
    user_id = application.add_user("lee", phoneNumbers=[{"type": "mobile", "value": NUMBER}])
    path = f"/v1.0/users/{user_id}/authentication/phoneMethods"

    assert application.admin().post(path, phone(SHOWN)).status_code == 201
    assert mobile_of(application, user_id) == (NUMBER, True, None)


def test_a_changed_mobile_is_unverified_again(application, admin, kim_id, methods):
    answer = admin.call("PATCH", f"{methods}/phoneMethods/{MOBILE}", {"phoneNumber": OTHER_SHOWN})

    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert mobile_of(application, kim_id) == (OTHER, False, None)
    assert admin.get(f"{methods}/phoneMethods/{MOBILE}").json["phoneNumber"] == OTHER_SHOWN


def test_a_change_ends_what_was_pending(application, admin, kim_id, methods):
    kim = application.user(kim_id)
    kim.set_mobile("/scim2/Me", ANN)
    code = application.last_code()

    admin.call("PATCH", f"{methods}/phoneMethods/{MOBILE}", phone(OTHER_SHOWN))

    assert kim.validate(code).status_code == 400
    assert mobile_of(application, kim_id) == (OTHER, False, None)


def test_a_user_proves_the_own_number(application, kim_id):
    kim = application.user(kim_id)
    path = "/v1.0/me/authentication/phoneMethods"

    changed = kim.call("PATCH", f"{path}/{MOBILE}", phone(OTHER_SHOWN))

    assert changed.status_code == 204
    assert mobile_of(application, kim_id) == (NUMBER, True, OTHER)
    assert kim.validate(application.last_code()).status_code in {200, 202}
    assert kim.get(f"{path}/{MOBILE}").json["phoneNumber"] == OTHER_SHOWN


def test_a_new_number_of_a_user_is_no_method_before_its_proof(application):
    user_id = application.add_user("lee")
    lee = application.user(user_id)
    path = "/v1.0/me/authentication/phoneMethods"

    answer = lee.post(path, phone(SHOWN))

    assert (answer.status_code, answer.json["phoneNumber"]) == (201, SHOWN)
    assert ids(lee.get(path)) == []
    lee.validate(application.last_code())
    assert ids(lee.get(path)) == [("phoneAuthenticationMethod", MOBILE)]


def test_whoever_acts_on_oneself_is_the_owner_whatever_the_scopes(application, kim_id, methods):
    kim = application.user(kim_id, ALL_SCOPES)

    kim.call("PATCH", f"{methods}/phoneMethods/{MOBILE}", phone(OTHER_SHOWN))

    assert mobile_of(application, kim_id) == (NUMBER, True, OTHER)


def test_without_the_gate_an_own_number_counts_at_once(start):
    application = start(mobile_verification="false")
    lee = application.user(application.add_user("lee"))

    assert lee.post("/v1.0/me/authentication/phoneMethods", phone(SHOWN)).status_code == 201
    assert ids(lee.get("/v1.0/me/authentication/phoneMethods")) == [("phoneAuthenticationMethod", MOBILE)]


def test_own_methods_change_only_after_a_fresh_sign_in(application, kim_id):
    kim = application.user(kim_id)
    application.clock.move(seconds=601)
    path = "/v1.0/me/authentication"

    for answer in (
        kim.post(f"{path}/phoneMethods", phone(SHOWN, "office")),
        kim.delete(f"{path}/phoneMethods/{MOBILE}"),
        kim.post(f"{path}/emailMethods", {"emailAddress": MAIL}),
    ):
        assert error(answer) == (401, "InvalidAuthenticationToken")
        assert "max_age=" in answer.headers["WWW-Authenticate"]
    assert kim.get(f"{path}/methods").status_code == 200


def test_the_fictitious_office_phone_of_the_guide(application, admin, kim_id, methods):
    created = admin.post(f"{methods}/phoneMethods", phone(SHOWN, "office"))

    assert (created.status_code, created.json["id"], created.json["phoneType"]) == (201, OFFICE, "office")
    assert admin.call("PATCH", f"{methods}/phoneMethods/{OFFICE}", {"phoneNumber": f"{SHOWN}x7"}).status_code == 204
    assert admin.get(f"{methods}/phoneMethods/{OFFICE}").json["phoneNumber"] == f"{SHOWN}x7"
    assert mobile_of(application, kim_id) == (NUMBER, True, None)
    assert admin.delete(f"{methods}/phoneMethods/{OFFICE}").status_code == 204


def test_phones_come_and_go_in_graphs_order(application, admin, kim_id, methods):
    lee = f"/v1.0/users/{application.add_user('lee')}/authentication/phoneMethods"
    message = "message"

    assert admin.post(lee, phone(SHOWN, "alternateMobile")).json["error"][message] == MOBILE_COMES_FIRST
    assert admin.post(f"{methods}/phoneMethods", phone(OTHER_SHOWN, "alternateMobile")).status_code == 201
    again = admin.post(f"{methods}/phoneMethods", phone(OTHER_SHOWN, "alternateMobile"))
    assert again.json["error"][message] == ONE_PER_TYPE
    early = admin.delete(f"{methods}/phoneMethods/{MOBILE}")
    assert (error(early), early.json["error"][message]) == ((400, "badRequest"), ALTERNATE_GOES_FIRST)
    assert admin.delete(f"{methods}/phoneMethods/{ALTERNATE}").status_code == 204
    assert admin.delete(f"{methods}/phoneMethods/{MOBILE}").status_code == 204
    assert mobile_of(application, kim_id) == (NUMBER, False, None)


def test_the_default_goes_last(application, admin, kim_id, methods):
    register(application, kim_id, MethodKind.MICROSOFT_AUTHENTICATOR, "app-1")

    refused = admin.delete(f"{methods}/microsoftAuthenticatorMethods/app-1")

    assert error(refused) == (400, "badRequest")
    assert "[app-1] matches the user's current default authentication method" in refused.json["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        phone("+12065555555"),
        phone("2065555555"),
        phone(f"{SHOWN}x1"),
        phone(SHOWN, "pager"),
        phone(SHOWN, None),
        {"phoneNumber": 12065555555, "phoneType": "office"},
    ],
)
def test_a_bad_phone_is_refused(admin, methods, body):
    assert error(admin.post(f"{methods}/phoneMethods", body)) == (400, "badRequest")


def test_the_type_of_a_phone_stays(admin, methods):
    answer = admin.call("PATCH", f"{methods}/phoneMethods/{MOBILE}", phone(SHOWN, "office"))

    assert error(answer) == (400, "badRequest")


def test_what_is_not_there_cannot_change(admin, methods):
    for path in (f"phoneMethods/{OFFICE}", "phoneMethods/none", f"emailMethods/{EMAIL_ID}", "emailMethods/none"):
        body = {**phone(SHOWN, "office"), "emailAddress": MAIL}
        assert error(admin.call("PATCH", f"{methods}/{path}", body)) == (404, "resourceNotFound")


def test_a_mobile_that_is_no_method_cannot_change(application, admin):
    user_id = application.add_user("lee", phoneNumbers=[{"type": "mobile", "value": NUMBER}])

    answer = admin.call("PATCH", f"/v1.0/users/{user_id}/authentication/phoneMethods/{MOBILE}", phone(OTHER_SHOWN))

    assert error(answer) == (404, "resourceNotFound")


# Addresses, authenticators, passwords, passes


def test_an_address_is_added_changed_and_removed(admin, methods):
    path = f"{methods}/emailMethods"

    created = admin.post(path, {"emailAddress": MAIL})

    assert (created.status_code, created.json["id"], created.json["emailAddress"]) == (201, EMAIL_ID, MAIL)
    assert error(admin.post(path, {"emailAddress": MAIL})) == (400, "badRequest")
    assert admin.call("PATCH", f"{path}/{EMAIL_ID}", {"emailAddress": "k@example.com"}).status_code == 204
    assert admin.get(f"{path}/{EMAIL_ID}").json["emailAddress"] == "k@example.com"
    assert admin.delete(f"{path}/{EMAIL_ID}").status_code == 204
    assert ids(admin.get(path)) == []


@pytest.mark.parametrize("body", [{}, {"emailAddress": 7}, {"emailAddress": "kim"}])
def test_a_bad_address_is_refused(admin, methods, body):
    assert error(admin.post(f"{methods}/emailMethods", body)) == (400, "badRequest")


def test_our_authenticator_is_the_software_oath_method(application, admin, kim_id, methods):
    core = application.services.core
    core.database.transact(
        lambda unit: unit.factors.save_authenticator(kim_id, "sealed", last_step=1, at=core.clock.now())
    )
    path = f"{methods}/softwareOathMethods"

    shown = admin.get(f"{path}/{AUTHENTICATOR_ID}").json

    assert (shown["secretKey"], shown["createdDateTime"]) == (None, "2026-11-22T09:00:00.000Z")
    assert error(admin.delete(f"{path}/{AUTHENTICATOR_ID}")) == (400, "badRequest")
    assert admin.delete(f"{methods}/phoneMethods/{MOBILE}").status_code == 204
    assert admin.delete(f"{path}/{AUTHENTICATOR_ID}").status_code == 204


def test_a_password_is_seen_and_stays(admin, methods):
    path = f"{methods}/passwordMethods"

    assert admin.get(f"{path}/{PASSWORD_ID}").json["password"] is None
    assert error(admin.delete(f"{path}/{PASSWORD_ID}")) == (405, "methodNotAllowed")


def test_a_pass_is_told_once(application, admin, methods):
    path = f"{methods}/temporaryAccessPassMethods"

    created = admin.post(path, {"lifetimeInMinutes": 60, "isUsableOnce": True})

    assert (created.status_code, len(created.json["temporaryAccessPass"])) == (201, 12)
    shown = admin.get(f"{path}/{created.json['id']}").json
    assert shown["temporaryAccessPass"] is None
    assert (shown["lifetimeInMinutes"], shown["isUsableOnce"], shown["isUsable"]) == (60, True, True)
    assert shown["methodUsabilityReason"] == "EnabledByPolicy"
    assert error(admin.post(path, {})) == (400, "badRequest")
    application.clock.move(seconds=3600)
    assert admin.get(f"{path}/{created.json['id']}").json["methodUsabilityReason"] == "Expired"
    assert admin.delete(f"{path}/{created.json['id']}").status_code == 204


@pytest.mark.parametrize("moment", ["2026-11-23T09:00:00Z", "2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00"])
def test_a_pass_may_begin_later(admin, methods, moment):
    created = admin.post(f"{methods}/temporaryAccessPassMethods", {"startDateTime": moment}).json

    assert (created["startDateTime"], created["methodUsabilityReason"]) == ("2026-11-23T09:00:00.000Z", "NotYetValid")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"lifetimeInMinutes": 9},
        {"lifetimeInMinutes": 43201},
        {"lifetimeInMinutes": "60"},
        {"lifetimeInMinutes": True},
        {"isUsableOnce": 1},
        {"startDateTime": "soon"},
        {"startDateTime": "2027-11-23T09:00:00Z"},
        {"startDateTime": "0001-01-01T00:00:00+23:00"},
    ],
)
def test_a_bad_pass_is_refused(admin, methods, body):
    assert error(admin.post(f"{methods}/temporaryAccessPassMethods", body)) == (400, "badRequest")


# Sessions, errors, ids


@pytest.mark.parametrize("path", ["/v1.0/users/kim", "/v1.0/me"])
def test_sessions_are_ended(application, admin, kim_id, path):
    kim = application.user(kim_id)
    caller = kim if path.endswith("me") else admin
    application.clock.move(seconds=1)

    answer = caller.call("POST", f"{path}/revokeSignInSessions")

    assert answer.json == {"@odata.context": f"{BASE}/$metadata#Edm.Boolean", "value": True}
    application.clock.move(seconds=2)
    assert error(kim.get("/v1.0/me")) == (401, "InvalidAuthenticationToken")


def test_errors_are_graphs(admin, kim_id):
    answer = admin.get("/v1.0/users/nobody/authentication/methods", headers={"client-request-id": "c-1"})

    assert error(answer) == (404, "Request_ResourceNotFound")
    inner = answer.json["error"]["innerError"]
    assert inner["client-request-id"] == answer.headers["client-request-id"] == "c-1"
    assert inner["request-id"] == answer.headers["request-id"] == answer.headers["X-Request-Id"]
    assert len(inner["date"]) == len("2026-11-26T12:00:00")


def test_an_unfit_id_of_a_request_is_not_repeated(admin):
    answer = admin.get("/v1.0/users/nobody", headers={"client-request-id": "<c>"})

    assert answer.headers["client-request-id"] == answer.headers["request-id"]


def test_there_is_nothing_else(application, admin, kim_id):
    assert error(admin.get("/v1.0/groups")) == (404, "resourceNotFound")
    assert error(application.admin().get("/v1.0/me")) == (404, "Request_ResourceNotFound")
    assert error(admin.call("POST", "/v1.0/me/authentication/temporaryAccessPassMethods", {})) == (
        405,
        "methodNotAllowed",
    )
    assert error(admin.get("/v1.0/me/authentication/nothing")) == (404, "resourceNotFound")


def test_everything_is_on_record_without_a_number(application, admin, kim_id, methods):
    admin.post(f"{methods}/phoneMethods", phone(OTHER_SHOWN, "office"))
    admin.call("PATCH", f"{methods}/phoneMethods/{MOBILE}", phone(OTHER_SHOWN))
    admin.delete(f"{methods}/phoneMethods/{OFFICE}")
    admin.call("POST", "/v1.0/users/kim/revokeSignInSessions")
    core = application.services.core
    found = core.database.read(lambda unit: unit.audit.list(core.clock.now().replace(year=2999), subject_id=kim_id))

    events = {event.event for event in found}
    assert {"method.added", "method.changed", "method.removed", "user.phone_changed", "session.all_ended"} <= events
    assert OTHER[1:] not in str(found)
