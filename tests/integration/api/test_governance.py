"""Rules that administrators set while the service runs: over HTTP, in every process, on record."""

from __future__ import annotations

import gc
import time
import weakref

import pytest
from werkzeug.test import Client

from api.auth.scopes import Scope
from api.services import policies, sources
from persistence.errors import DatabaseUnavailable
from tests.factories.people import ANN, BEN

PREFIX = "/api/server/v1/identity-governance"
CATEGORY = f"{PREFIX}/T3RoZXIgU2V0dGluZ3M"
CONNECTOR = f"{CATEGORY}/connectors/dXNlci1jbGFpbS11cGRhdGU"
REVERT = f"{CATEGORY}/connectors/revert?connectorId="
REVERTED = f"{REVERT}dXNlci1jbGFpbS11cGRhdGU"
LENGTH = "UserClaimUpdate.OTP.OTPLength"
MOBILE = "UserClaimUpdate.MobileNumber.EnableVerification"
EMAIL = "UserClaimUpdate.Email.EnableVerification"
LIFETIME = "UserClaimUpdate.MobileNumber.VerificationCode.ExpiryTime"


def setting(application, **values):
    """Set rules, by names with underlines."""
    return application.admin().call("PATCH", CONNECTOR, update(values))


def update(values):
    return {"operation": "UPDATE", "properties": [{"name": name, "value": value} for name, value in values.items()]}


def rules_of(application):
    """Return value and source of each rule."""
    properties = application.admin().get(CONNECTOR).get_json()["properties"]
    return {item["name"]: (item["value"], item["source"]) for item in properties}


def test_rules_are_shown_in_the_form_of_the_guides_product(start):
    application = start(otp_length="7")
    admin = application.admin()

    assert admin.get(PREFIX).get_json() == [
        {
            "id": "T3RoZXIgU2V0dGluZ3M",
            "name": "Other Settings",
            "self": CATEGORY,
            "connectors": [{"id": "dXNlci1jbGFpbS11cGRhdGU", "self": CONNECTOR}],
        }
    ]
    connector = admin.get(CONNECTOR).get_json()
    assert {**connector, "properties": ()} == {
        "id": "dXNlci1jbGFpbS11cGRhdGU",
        "name": "user-claim-update",
        "category": "Other Settings",
        "friendlyName": "User Claim Update",
        "order": "0",
        "subCategory": "DEFAULT",
        "properties": (),
    }
    assert admin.get(CATEGORY).get_json() == {"name": "Other Settings", "connectors": [connector]}
    assert admin.get(f"{CATEGORY}/connectors").get_json() == [connector]
    rules = rules_of(application)
    assert (rules[LENGTH], rules[LIFETIME]) == (("7", "environment"), ("5", "default"))
    assert {item["name"] for item in connector["properties"] if item["readOnly"]} == {
        "UserClaimUpdate.Email.EnableEmailOTP",
        "UserClaimUpdate.OTP.SendOTPInEmail",
        "UserClaimUpdate.OTP.UseLowercaseCharactersInOTP",
        "UserClaimUpdate.OTP.UseNumbersInOTP",
    }


def test_a_set_rule_holds_from_the_next_request_on(application):
    bob = application.add_verified_user("bob", ANN)

    answer = setting(application, **{LENGTH: "8", LIFETIME: "2"})

    assert answer.status_code == 200
    assert {item["name"]: item["value"] for item in answer.get_json()["properties"]}[LENGTH] == "8"
    assert rules_of(application)[LIFETIME] == ("2", "stored")
    application.user(bob).set_mobile("/scim2/Me", BEN)
    code = application.last_code()
    assert len(code) == 8
    application.clock.move(seconds=121)
    assert application.user(bob).validate(code).get_json()["code"] == "18002"


def test_a_code_that_is_under_way_goes_on_working(application):
    bob = application.add_verified_user("bob", ANN)
    application.user(bob).set_mobile("/scim2/Me", BEN)

    setting(application, **{LENGTH: "8", "UserClaimUpdate.OTP.UseUppercaseCharactersInOTP": "true"})

    code = application.last_code()
    assert len(code) == 6
    assert application.user(bob).validate(code).status_code == 200


def test_gates_open_and_shut_while_the_service_runs(application):
    bob = application.add_verified_user("bob", ANN)
    user = application.user(bob)

    setting(application, **{MOBILE: "false", EMAIL: "true"})

    user.set_mobile("/scim2/Me", BEN)
    user.replace("/scim2/Me", {"emails": [{"value": "bob@example.com", "primary": True}]})
    shown = user.get("/scim2/Me").get_json()
    assert [phone["value"] for phone in shown["phoneNumbers"]] == [BEN]
    assert "bob@example.com" in str(shown["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"])
    assert "emails" not in shown
    schema = application.admin().get("/scim2/Schemas/urn:scim:wso2:schema").get_json()
    assert "emailAddresses" in {attribute["name"] for attribute in schema["attributes"]}


def test_what_is_stored_holds_in_every_process_and_after_a_restart(start):
    here, there = start(), start()
    setting(here, **{LENGTH: "8"})

    assert there.services.core.policies.value.otp.length == 6
    there.services.core.policies.look()

    assert there.services.core.policies.value.otp.length == 8
    bob = there.add_verified_user("bob", ANN)
    there.user(bob).set_mobile("/scim2/Me", BEN)
    assert len(there.last_code()) == 8
    assert start().services.core.policy.otp.length == 8


def test_a_reverted_rule_is_the_environments_again(start):
    application = start(otp_length="7")
    setting(application, **{LENGTH: "8", LIFETIME: "2"})

    answer = application.admin().post(REVERTED, {"properties": [LENGTH, MOBILE]})

    assert answer.status_code == 200
    rules = rules_of(application)
    assert (rules[LENGTH], rules[LIFETIME]) == (("7", "environment"), ("2", "stored"))
    assert application.services.core.policies.value.otp.length == 7


def test_several_connectors_are_set_at_once(application):
    body = {"operation": "UPDATE", "connectors": [{"id": "dXNlci1jbGFpbS11cGRhdGU", **update({LENGTH: "8"})}]}

    assert application.admin().call("PATCH", f"{CATEGORY}/connectors", body).status_code == 200
    assert rules_of(application)[LENGTH] == ("8", "stored")


def test_a_user_reads_rules_as_preferences(application):
    bob = application.user(application.add_user("bob"))

    answer = bob.post(f"{PREFIX}/preferences", [{"connector-name": "user-claim-update", "properties": [MOBILE]}])

    assert answer.get_json() == [
        {"connector-name": "user-claim-update", "properties": [{"name": MOBILE, "value": "true"}]}
    ]
    whole = bob.post(f"{PREFIX}/preferences", [{"connector-name": "user-claim-update"}]).get_json()
    assert len(whole[0]["properties"]) == 14


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", f"{PREFIX}/x", None, 404, "IDG-50008"),
        ("GET", f"{PREFIX}/x/connectors", None, 404, "IDG-50008"),
        ("GET", f"{CATEGORY}/connectors/x", None, 404, "IDG-50009"),
        ("PATCH", f"{CATEGORY}/connectors/x", update({LENGTH: "7"}), 404, "IDG-50009"),
        ("POST", f"{REVERT}x", {"properties": [LENGTH]}, 404, "IDG-50009"),
        ("PATCH", CONNECTOR, update({"UserClaimUpdate.UseVerifyClaim": "true"}), 400, "IDG-50012"),
        ("PATCH", CONNECTOR, update({LENGTH: "9"}), 400, "IDG-50012"),
        ("PATCH", CONNECTOR, update({LENGTH: 7}), 400, "INVALID_REQUEST"),
        ("PATCH", CONNECTOR, update({}), 400, "INVALID_REQUEST"),
        ("PATCH", CONNECTOR, {**update({LENGTH: "7"}), "operation": "ADD"}, 400, "INVALID_REQUEST"),
        (
            "PATCH",
            CONNECTOR,
            {"operation": "UPDATE", "properties": [{"name": LENGTH, "value": "7"}] * 2},
            400,
            "INVALID_REQUEST",
        ),
        (
            "PATCH",
            f"{CATEGORY}/connectors",
            {"operation": "UPDATE", "connectors": [{"id": "x", **update({LENGTH: "7"})}]},
            404,
            "IDG-50009",
        ),
        ("POST", REVERTED, {"properties": ["x"]}, 400, "IDG-50012"),
        ("POST", f"{CATEGORY}/connectors/revert", {"properties": [LENGTH]}, 400, "INVALID_REQUEST"),
        ("POST", f"{PREFIX}/preferences", [{"connector-name": "x"}], 400, "IDG-50011"),
        (
            "POST",
            f"{PREFIX}/preferences",
            [{"connector-name": "user-claim-update", "properties": ["x"]}],
            400,
            "IDG-50012",
        ),
        ("GET", f"{PREFIX}?limit=1", None, 501, "IDG-50005"),
        ("GET", f"{PREFIX}?filter=x", None, 501, "IDG-50006"),
        ("GET", f"{PREFIX}?sort=x", None, 501, "IDG-50007"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(standing, method, path, body, status, code):
    answer = standing.application.admin().call(method, path, body)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert rules_of(standing.application)[LENGTH] == ("6", "default")


def test_one_faulty_value_takes_the_others_with_it(application):
    assert setting(application, **{LENGTH: "8", LIFETIME: "0"}).status_code == 400

    assert rules_of(application)[LENGTH] == ("6", "default")


def test_addresses_are_not_verified_without_a_mail_server(start):
    application = start(
        env="production",
        sms_providers="custom",
        custom_url="https://sms.example.com",
        base_url="https://id.example.com",
    )

    answer = setting(application, **{EMAIL: "true"})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "IDG-50012")
    assert "LINEPROOF_SMTP_URL" in answer.get_json()["description"]


def test_who_set_what_is_on_record(application):
    setting(application, **{LENGTH: "8"})
    application.clock.move(seconds=1)
    setting(application, **{LENGTH: "8"})
    application.admin().post(REVERTED, {"properties": [LENGTH, LIFETIME]})

    events = application.admin().get("/api/server/v1/audit").get_json()["events"]
    assert [(event["event"], event["actor"], event["detail"]) for event in events] == [
        ("governance.reverted", "tests", {"rule": LENGTH, "before": "8"}),
        ("governance.set", "tests", {"rule": LENGTH, "after": "8"}),
    ]


def test_rules_are_seen_by_who_may_change_nothing(application):
    viewer = application.user(application.add_user("bob"), frozenset({Scope.GOVERNANCE_VIEW}))

    assert viewer.get(CONNECTOR).status_code == 200
    assert viewer.call("PATCH", CONNECTOR, update({LENGTH: "8"})).status_code == 403


def test_a_watching_process_hears_of_it_by_itself(start, monkeypatch):
    monkeypatch.setattr(sources, "LOOK_EVERY", 0.01)
    here, there = start(), start()
    watched = sources.watch(there.services.core.policies)

    setting(here, **{LENGTH: "8"})

    deadline = time.monotonic() + 5
    while there.services.core.policies.value.otp.length != 8 and time.monotonic() < deadline:
        time.sleep(0.01)
    watched.set()
    assert there.services.core.policies.value.otp.length == 8


def test_a_rule_that_this_process_cannot_take_over_is_stored_all_the_same(application):
    def fail(_policy):
        raise LookupError

    application.services.core.policies.follow(fail)

    setting(application, **{LENGTH: "8"})

    stored = application.services.core.database.read(lambda unit: unit.overrides.list())
    assert list(stored.values()) == ["8"]


def test_the_application_of_an_earlier_policy_goes(start):
    application = start()
    earlier, wsgi = weakref.ref(application.app), application.app.wsgi_app
    application.app = None

    policies_of = application.services.core.policies
    there = start()
    setting(there, **{LENGTH: "8"})
    policies_of.look()

    # The collection at the change does nothing while another thread is at one.
    gc.collect()
    assert earlier() is None
    assert Client(wsgi).get("/healthz").status_code == 200


def test_without_a_database_the_policy_stays(application):
    def fail():
        raise DatabaseUnavailable

    source = policies.PolicySource(application.services.core.policy, fail)
    source.try_to_look()

    assert source.value == application.services.core.policy
