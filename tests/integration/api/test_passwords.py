"""Passwords that come by SCIM and by command: kept as a hash, and good for signing in."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from api.services.attempts import Step
from api.services.errors import SignInRefused
from api.services.password_hashes import PasswordHashes
from tests.factories.conformance import BULK_REQUEST
from tests.factories.people import add_person
from tests.factories.sign_ins import PASSWORD, Browser, add_member

ANOTHER = "another horse, no batteries"


@pytest.fixture(scope="module", autouse=True)
def quick_hashes():
    """Hash as the service does: it is what these tests are about."""


@pytest.fixture
def browser(application):
    return Browser(application)


def stored_hash(application, user_id):
    stored = application.services.core.database.read(lambda unit: unit.passwords.lookup(user_id))
    return stored.hash if stored else None


@pytest.mark.parametrize(
    "give",
    [
        pytest.param(lambda app, user: app.admin().replace(user.path, {"password": ANOTHER}), id="PATCH"),
        pytest.param(
            lambda app, user: app.admin().patch(user.path, {"op": "add", "path": "password", "value": ANOTHER}),
            id="PATCH by path",
        ),
        pytest.param(lambda app, user: app.admin().put(user.path, {**user.show(), "password": ANOTHER}), id="PUT"),
        pytest.param(lambda app, user: user.caller.replace("/scim2/Me", {"password": ANOTHER}), id="Me"),
        pytest.param(
            lambda app, user: app.admin().post(
                "/scim2/Bulk",
                {
                    "schemas": [BULK_REQUEST],
                    "Operations": [
                        {
                            "method": "PATCH",
                            "path": f"/Users/{user.id}",
                            "data": {"Operations": [{"op": "replace", "value": {"password": ANOTHER}}]},
                        }
                    ],
                },
            ),
            id="Bulk",
        ),
    ],
)
def test_a_new_password_takes_the_place_of_the_old_one(application, browser, give):
    member = add_member(application)

    answer = give(application, member)

    assert answer.status_code == 200
    assert browser.begin(password=ANOTHER).step is Step.SECOND_FACTOR
    with pytest.raises(SignInRefused):
        browser.begin(password=PASSWORD)


def test_a_password_is_an_argon2id_hash_of_todays_parameters(application):
    member = add_member(application)

    assert stored_hash(application, member.id).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_bad_password_changes_nothing(application, browser):
    member = add_member(application)

    answer = application.admin().replace(member.path, {"password": "Bob12345", "title": "Dr"})

    assert (answer.status_code, answer.get_json()["scimType"]) == (400, "invalidValue")
    assert answer.get_json()["detail"].startswith("password: ")
    assert "Bob12345" not in answer.get_data(as_text=True)
    assert "title" not in member.show()
    assert browser.begin().step is Step.SECOND_FACTOR


@pytest.mark.parametrize("name", ["userName", "emails"])
def test_names_of_the_user_are_no_passwords(application, name):
    body = {"userName": "robertsmithson", "emails": [{"value": "lady.eleanor@example.com"}]}
    password = "Robertsmithson1" if name == "userName" else "lady.eleanor!!"

    assert application.admin().post("/scim2/Users", {**body, "password": password}).status_code == 400


def test_length_follows_the_policy_of_second_factors(start):
    fourteen = "fourteen chars"
    with_factor, alone = start(), start(mfa="risky")

    assert with_factor.admin().post("/scim2/Users", {"userName": "a", "password": fourteen}).status_code == 201
    assert alone.admin().post("/scim2/Users", {"userName": "b", "password": fourteen}).status_code == 400


def test_a_changed_password_ends_the_tokens_given_so_far(application):
    member = add_member(application)

    application.clock.move(seconds=1)
    application.admin().replace(member.path, {"password": ANOTHER})
    application.clock.move(seconds=1)

    assert member.caller.get("/scim2/Me").status_code == 401
    assert application.user(member.id).get("/scim2/Me").status_code == 200


def test_the_token_of_the_request_goes_on_until_tokens_are_ended_again(application):
    member = add_member(application)
    other = application.user(member.id)

    application.clock.move(seconds=1)
    member.caller.replace("/scim2/Me", {"password": ANOTHER})
    application.clock.move(seconds=1)
    own, others = member.caller.get("/scim2/Me").status_code, other.get("/scim2/Me").status_code
    application.admin().replace(member.path, {"password": PASSWORD})
    application.clock.move(seconds=1)

    assert (own, others) == (200, 401)
    assert member.caller.get("/scim2/Me").status_code == 401


def test_a_first_password_ends_no_token(application):
    member = add_member(application)

    application.clock.move(seconds=1)

    assert member.caller.get("/scim2/Me").status_code == 200


def test_a_hash_of_lesser_parameters_is_made_anew_at_the_next_sign_in(application, browser):
    member = add_member(application)
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    application.services.core.database.transact(
        lambda unit: unit.passwords.save(member.id, weak, application.clock.now())
    )

    browser.begin()
    strong = stored_hash(application, member.id)

    assert strong.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert browser.begin().step is Step.SECOND_FACTOR
    assert stored_hash(application, member.id) == strong


def test_a_hash_that_is_none_is_nobodys_password(application, browser):
    member = add_member(application)
    application.services.core.database.transact(
        lambda unit: unit.passwords.save(member.id, "no hash", application.clock.now())
    )

    with pytest.raises(SignInRefused):
        browser.begin()


def test_whoever_is_removed_leaves_no_password(application):
    member = add_member(application)

    application.admin().call("DELETE", member.path)

    assert stored_hash(application, member.id) is None


def test_the_service_says_that_passwords_can_be_changed(application):
    answer = application.admin().get("/scim2/ServiceProviderConfig")

    assert answer.get_json()["changePassword"] == {"supported": True}


def test_no_user_takes_as_long_as_a_wrong_password():
    """Both check one hash of the same parameters; how long that takes is the machine's."""
    hashes = PasswordHashes()
    made = hashes.make(PASSWORD)

    assert hashes.is_password(made, PASSWORD)
    assert not hashes.is_password(made, ANOTHER)
    assert not hashes.is_password(None, PASSWORD)
    assert not hashes.is_outdated(hashes._of_nobody)


def test_a_user_without_a_password_has_none(application):
    assert stored_hash(application, add_person(application).id) is None
