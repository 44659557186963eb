"""The demonstration's user and text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from api.auth.scopes import ALL_SCOPES
from api.demo import demo_text, ensure_demo_user
from api.demo_administrator import demo_password
from api.services.callers import Caller
from api.settings import Settings
from persistence.database import Database
from tests.factories.application import make_application
from tests.factories.people import ANN, Numbers, numbers_of
from tests.factories.verification import key_ring


@pytest.fixture
def settings(sqlite_url, tmp_path):
    return Settings.from_environment({"LINEPROOF_DATABASE_URL": sqlite_url, "LINEPROOF_DATA_DIR": str(tmp_path)})


@pytest.fixture
def application(sqlite_url, tmp_path):
    made = make_application(sqlite_url, tmp_path)
    yield made
    made.services.core.database.close()


def test_bob_is_added_to_an_empty_database(application):
    user_id = ensure_demo_user(application.services.core)

    bob = application.admin().get(f"/scim2/Users/{user_id}").get_json()
    assert bob["userName"] == "bob"
    assert bob["roles"] == [{"type": "default", "value": "Internal/everyone"}]
    assert numbers_of(bob) == Numbers(ANN, is_verified=True)


def test_bob_is_added_once(application):
    first = ensure_demo_user(application.services.core)

    assert ensure_demo_user(application.services.core) == first


def test_nobody_is_added_where_others_are(application):
    application.add_user("eve")

    assert ensure_demo_user(application.services.core) is None
    assert application.admin().get("/scim2/Users").get_json()["totalResults"] == 1


def test_the_text_holds_two_tokens_and_the_guides_commands(settings):
    text = demo_text(settings)

    assert len(set(re.findall(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", text))) == 2
    assert text.count("\ncurl ") == 9
    numbers = re.findall(r'"value": "(01\d+)"', text)
    assert len(set(numbers)) == len(numbers) == 3


def test_the_text_tells_how_to_sign_in_to_the_console(settings, application):
    text = demo_text(settings)

    _, password = re.search(r"Sign in as (admin) with the password ([a-z2-7-]{24});", text).groups()
    assert text.count("http://127.0.0.1:8080/console\n") == 1
    caller = Caller("anonymous", None, "request")
    attempt = application.services.sign_in.begin("admin", password, client_id=None, caller=caller)
    assert [method.value for method in attempt.methods] == ["sms"]
    admin_id = application.services.verifications.user_named("admin")
    assert application.services.administrators.lookup(admin_id).scopes == ALL_SCOPES
    assert f"with the password {password};" in demo_text(settings)


def test_a_password_that_was_changed_is_not_told(settings, application):
    demo_text(settings)
    admin_id = application.services.verifications.user_named("admin")
    application.admin().patch(
        f"/scim2/Users/{admin_id}", {"op": "replace", "value": {"password": "a horse with batteries"}}
    )

    assert "/console" not in demo_text(settings)


def test_who_is_no_administrator_any_more_is_not_told_of(settings, application):
    demo_text(settings)
    admin_id = application.services.verifications.user_named("admin")
    application.services.administrators.set_scopes(admin_id, frozenset(), Caller("command-line", None, "request"))

    assert "/console" not in demo_text(settings)


def test_deployments_share_no_password(application):
    core = application.services.core

    assert demo_password(core) != demo_password(replace(core, keys=key_ring("k1")))


def test_there_is_no_text_where_others_are(settings, application):
    application.add_user("eve")

    assert demo_text(settings) == ""


def test_the_text_leaves_no_connection_open(settings, sqlite_url):
    demo_text(settings)

    database = Database.open(sqlite_url)
    assert database.is_current()
    database.close()
