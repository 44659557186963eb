"""Methods that are registered elsewhere come in as records, and every method is seen and removed in one place."""

from __future__ import annotations

import pytest

from api.services.registered_methods import MOST
from tests.factories.people import ANN
from verification.graph_ids import PHONE_IDS, RECOVERY_CODES_ID
from verification.methods import PhoneType

MAIL = "kim@example.com"
KEY = {"type": "fido2", "id": "-2_GRUg2", "attributes": {"displayName": "Red key", "model": "YubiKey"}}


@pytest.fixture
def path(application):
    user_id = application.add_verified_user("kim", ANN)
    application.admin().patch(f"/scim2/Users/{user_id}", {"op": "add", "value": {"emails": [{"value": MAIL}]}})
    return f"/api/identity/mfa/v1.0/users/{user_id}/methods"


def test_a_method_comes_in_and_goes(application, path):
    admin = application.admin()

    added = admin.post(path, KEY)

    assert (added.status_code, added.json["type"], added.json["label"]) == (201, "fido2", "Red key")
    assert [(each["type"], each["label"]) for each in admin.get(path).json["methods"]] == [
        ("phone", "********11"),
        ("fido2", "Red key"),
    ]
    removals = [admin.delete(f"{path}/fido2/-2_GRUg2").status_code for _ in range(2)]
    assert removals == [204, 404]
    assert ANN not in admin.get(path).get_data(as_text=True)


def test_recovery_codes_are_one_method_of_all(application, path):
    core, user_id = application.services.core, path.split("/")[-2]
    core.database.transact(lambda unit: unit.factors.replace_codes(user_id, ["a", "b"], core.clock.now()))
    admin = application.admin()

    assert "recoveryCodes" in [each["type"] for each in admin.get(path).json["methods"]]
    assert admin.delete(f"{path}/recoveryCodes/{RECOVERY_CODES_ID}").status_code == 204
    assert core.database.read(lambda unit: unit.factors.count_codes(user_id)) == 0


def test_the_order_of_the_rules_holds(application, path):
    admin = application.admin()
    admin.post(path, {"type": "microsoftAuthenticator"})
    app_id = admin.get(path).json["methods"][-1]["id"]

    refused = admin.delete(f"{path}/microsoftAuthenticator/{app_id}")

    assert refused.status_code == 400
    assert admin.delete(f"{path}/phone/{PHONE_IDS[PhoneType.MOBILE]}").status_code == 204
    assert admin.delete(f"{path}/microsoftAuthenticator/{app_id}").status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "password"},
        {"type": "softwareOath"},
        {"type": "fido2", "id": "a/b"},
        {"type": "fido2", "id": ""},
        {"type": "fido2", "id": "a\n"},
        {"type": "fido2", "attributes": {"keyStrength": "normal"}},
        {"type": "fido2", "attributes": {"displayName": "x" * 129}},
        {"type": "fido2", "attributes": {"displayName": "a\nb"}},
        {"type": "fido2", "attributes": {"displayName": 7}},
        {"type": "fido2", "secret": "s"},
    ],
)
def test_what_is_no_method_of_somebody_else_is_refused(application, path, body):
    assert application.admin().post(path, body).status_code == 400


def test_each_is_kept_once_and_not_without_end(application, path):
    admin, core, user_id = application.admin(), application.services.core, path.split("/")[-2]
    assert admin.post(path, KEY).status_code == 201
    again = admin.post(path, KEY)
    kept = core.database.read(lambda unit: unit.methods.list(user_id))[0]

    def fill(unit):
        for number in range(MOST - 1):
            unit.methods.add(type(kept)(user_id, "fido2", f"key-{number}", kept.created_at))

    core.database.transact(fill)
    full = admin.post(path, {"type": "fido2"})

    assert (again.status_code, again.json["code"]) == (409, "METHOD_EXISTS")
    assert (full.status_code, full.json["code"]) == (409, "TOO_MANY_METHODS")


def test_whom_and_what_there_is_not(application, path):
    admin = application.admin()

    assert admin.get("/api/identity/mfa/v1.0/users/nobody/methods").status_code == 404
    assert admin.post("/api/identity/mfa/v1.0/users/nobody/methods", KEY).status_code == 404
    assert admin.delete(f"{path}/nothing/x").status_code == 404


def test_the_owner_is_told_of_what_comes_and_of_what_is_reset(application, path):
    admin, user_id = application.admin(), path.split("/")[-2]

    admin.post(path, KEY)
    admin.post("/api/identity/mfa/v1.0/reset", {"id": user_id})
    application.deliver()

    assert sorted(message.to for message in application.notices.messages) == [ANN, ANN, MAIL, MAIL]


def test_a_dry_run_tells_nobody(application, path):
    application.admin().post("/api/identity/mfa/v1.0/reset", {"id": path.split("/")[-2], "dryRun": True})

    assert application.deliver() == []
