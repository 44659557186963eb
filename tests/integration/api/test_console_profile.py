"""The Console: a user is added, changed by one or by two at once, made inactive, and deleted."""

from __future__ import annotations

import pytest

from api.auth.scopes import ALL_SCOPES, Scope
from tests.factories.people import ANN, BEN, add_person
from tests.factories.sign_ins import PASSWORD, administrator

BODY = {
    "userName": "bob",
    "name": {"givenName": "Bob", "familyName": "Smith"},
    "displayName": "Bobby",
    "externalId": "7",
    "emails": [{"value": "bob@example.com", "type": "work"}, {"value": "home@example.com"}],
    "phoneNumbers": [{"type": "mobile", "value": ANN}, {"type": "work", "value": BEN}],
}


# The pages are the same on either database, and the use cases below them are tested on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def root(application):
    return administrator(application)


@pytest.fixture
def smith(application):
    """Add a user with a bit of everything; return the id."""
    return application.admin().post("/scim2/Users", BODY).get_json()["id"]


@pytest.fixture
def profile(root, smith):
    return root.get(f"/console/users/{smith}")


def stored(application, user_id):
    return application.admin().get(f"/scim2/Users/{user_id}").get_json()


def fields_of(page):
    return page.form_with("version", "user_name").values


def faults_of(page):
    """Read the faults beside the fields."""
    return {
        element.get("id").removesuffix("-error"): "".join(element.itertext())
        for element in page.root.iter("p")
        if element.get("class") == "error"
    }


def hrefs(page):
    return [link.get("href") for link in page.root.iter("a")]


def test_the_profile_shows_what_is_known(profile):
    values = fields_of(profile)

    assert (profile.status, profile.heading) == (200, "Bobby")
    assert {
        name: value for name, value in values.items() if name not in {"form_token", "version"} and "was_" not in name
    } == {
        "user_name": "bob",
        "given_name": "Bob",
        "family_name": "Smith",
        "display_name": "Bobby",
        "mobile": ANN,
        "email": "bob@example.com",
        "language": "",
        "external_id": "7",
    }


def test_nobody_there_is_a_page_that_says_so(root):
    assert root.get("/console/users/nobody").status == 404


def test_what_is_changed_is_stored_and_can_be_taken_back(application, root, smith, profile):
    before = stored(application, smith)

    page = root.send(profile.form_with("version"), given_name=" Robert ", display_name="", language="de")

    after = stored(application, smith)
    assert (page.heading, after["name"]["givenName"], after["preferredLanguage"]) == ("Robert Smith", "Robert", "de")
    assert "displayName" not in after
    assert "Robert Smith is saved." in page.text
    page = root.send(page.form_with("was_given_name"))
    undone = stored(application, smith)
    assert {**undone, "meta": None} == {**before, "meta": None}
    assert "is saved." not in root.get(f"/console/users/{smith}").text


def test_a_name_that_another_one_has_by_now_is_not_taken_back(application, root, profile):
    page = root.send(profile.form_with("version"), user_name="beta")
    undo = next(form for form in page.forms if "was_user_name" in form.values and "was_email" not in form.values)
    application.add_user(undo.values["user_name"])

    page = root.send(undo)

    assert page.status == 422
    assert "user_name" in faults_of(page)


def test_what_is_not_changed_is_not_written(application, root, smith, profile):
    before = stored(application, smith)

    page = root.send(profile.form_with("version"))

    assert page.status == 200
    assert stored(application, smith) == before


def test_another_mobile_number_waits_for_its_proof(application, root, smith, profile):
    page = root.send(profile.form_with("version"), mobile="0199999999")

    assert "A code is on its way to 0199999999." in page.text
    assert fields_of(page)["mobile"] == ANN
    application.last_code()
    assert application.carrier.messages[-1].to == "0199999999"


def test_other_phones_and_addresses_stay(application, root, smith, profile):
    page = root.send(profile.form_with("version"), mobile="", email="bobby@example.com")
    after = stored(application, smith)

    assert after["phoneNumbers"] == [{"type": "work", "value": BEN}]
    assert [email["value"] for email in after["emails"]] == ["bobby@example.com", "home@example.com"]
    root.send(page.form_with("version"), email="")
    assert [email["value"] for email in stored(application, smith)["emails"]] == ["home@example.com"]


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"user_name": " "}, "user_name", "Enter a user name"),
        ({"user_name": "x" * 5000}, "user_name", "This was refused: userName may have at most"),
        ({"user_name": "ROOT"}, "user_name", "Somebody else has this already"),
        ({"user_name": "zoe"}, "user_name", "A user who is inactive has this: activate that one again"),
        ({"mobile": "call me"}, "mobile", "This is no phone number that can be used"),
        ({"display_name": "x" * 5000}, "display_name", "This was refused: displayName"),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_nothing_is_lost(application, root, profile, values, field, told):
    application.add_user("zoe", active=False)

    page = root.send(profile.form_with("version"), given_name="Robert", **values)

    assert page.status == 422
    assert faults_of(page)[field].startswith(told)
    assert fields_of(page)["given_name"] == "Robert"
    assert root.send(page.form_with("version"), user_name="bob", mobile=ANN, display_name="B").heading == "B"


def summary_of(page):
    (found,) = (element for element in page.root.iter("div") if element.get("class") == "summary")
    return [link.get("href", "").removeprefix("#") for link in found.iter("a")]


@pytest.mark.parametrize(("name", "told"), [("root", "Somebody else has this already"), (" ", "Enter a user name")])
def test_all_that_is_refused_is_told_at_once(root, profile, name, told):
    page = root.send(profile.form_with("version"), user_name=name, display_name="x" * 5000, mobile="call me")

    assert page.status == 422
    assert summary_of(page) == ["user_name", "display_name", "mobile"]
    assert list(faults_of(page)) == ["user_name", "display_name", "mobile"]
    assert faults_of(page)["user_name"] == told


def test_too_many_codes_are_told(application, root, smith, start):
    limited = start(otp_max_sends_per_hour="1")
    root = administrator(limited)
    page = root.send(root.get(f"/console/users/{smith}").form_with("version"), mobile="0199999991")

    page = root.send(page.form_with("version"), mobile="0199999992")

    assert (page.status, page.answer.headers["Retry-After"]) == (429, "3600")
    assert "Too many codes have been sent." in page.text
    assert fields_of(page)["mobile"] == "0199999992"


def test_two_at_once_see_both_sides_and_nothing_is_lost(application, root, smith, profile):
    other = administrator(application, "ann")
    theirs = other.get(f"/console/users/{smith}")
    other.send(theirs.form_with("version"), family_name="Jones", display_name="", external_id="8")

    merge = root.send(profile.form_with("version"), family_name="Miller", given_name="Robert", external_id="8")

    assert (merge.status, merge.heading) == (412, "Somebody else has changed Bob Jones meanwhile")
    assert stored(application, smith)["name"] == {"givenName": "Bob", "familyName": "Jones"}
    assert "Given name You wanted: Robert There now, unchanged: Bob" in merge.text
    assert "Family name You wanted: Miller There now, by somebody else: Jones" in merge.text
    assert "Also changed meanwhile Display name Bobby nothing" in merge.text
    form = merge.form_with("family_name", "version")
    assert (form.values["family_name"], form.values["given_name"]) == ("Miller", "Robert")
    page = root.send(form, family_name="Jones")
    assert page.heading == "Robert Jones"
    assert stored(application, smith)["externalId"] == "8"


def test_a_third_one_is_met_by_another_merge(application, root, smith, profile):
    application.admin().replace(f"/scim2/Users/{smith}", {"name": {"familyName": "Jones"}})
    merge = root.send(profile.form_with("version"), family_name="Miller")
    application.admin().replace(f"/scim2/Users/{smith}", {"name": {"familyName": "Brown"}})

    merge = root.send(merge.form_with("version"))

    assert merge.status == 412
    assert "You wanted: Miller There now, by somebody else: Brown" in merge.text
    assert root.send(merge.form_with("version")).status == 200
    assert stored(application, smith)["name"]["familyName"] == "Miller"


def test_what_is_refused_after_a_choice_is_told_in_the_whole_form(application, root, smith, profile):
    application.admin().replace(f"/scim2/Users/{smith}", {"displayName": "Rob"})
    merge = root.send(profile.form_with("version"), mobile="call me")

    page = root.send(merge.form_with("version"))

    assert page.status == 422
    assert faults_of(page) == {"mobile": "This is no phone number that can be used"}
    assert fields_of(page)["display_name"] == "Rob"


def test_who_wanted_the_same_is_told_that_it_is_done(application, root, smith, profile):
    application.admin().replace(f"/scim2/Users/{smith}", {"displayName": "Rob"})

    page = root.send(profile.form_with("version"), display_name="Rob")

    assert (page.status, page.heading) == (200, "Rob")
    assert "somebody else has changed the same" in page.text


def test_a_form_without_a_version_is_merged(application, root, smith, profile):
    form = profile.form_with("version")

    assert root.send(form, version="x", display_name="Rob").status == 412


def test_a_user_is_deactivated_after_a_question_and_activated_by_the_undo(application, root, smith, profile):
    question = root.get(f"/console/users/{smith}/deactivate")
    assert question.heading == "Deactivate Bobby?"
    assert f"/console/users/{smith}/deactivate" in hrefs(profile)

    page = root.send(question.form_with("active"))

    assert "Bobby is deactivated." in page.text
    assert stored(application, smith)["active"] is False
    page = root.send(page.form_with("active"))
    assert "Bobby is active again." in page.text
    assert stored(application, smith)["active"] is True


def test_a_user_is_deleted_after_a_question(application, root, smith):
    question = root.get(f"/console/users/{smith}/delete")

    page = root.send(question.form_with("version"))

    assert (page.heading, page.path) == ("Users", "/console/users")
    assert "Bobby is deleted." in page.text
    assert stored(application, smith)["status"] == "404"


def test_who_was_changed_meanwhile_is_not_deleted_unseen(application, root, smith):
    question = root.get(f"/console/users/{smith}/delete")
    application.admin().replace(f"/scim2/Users/{smith}", {"displayName": "The boss"})

    again = root.send(question.form_with("version"))

    assert (again.status, again.heading) == (412, "Delete The boss?")
    assert root.send(again.form_with("version")).heading == "Users"


def test_an_administrator_with_fewer_rights_cannot_change_one_with_more(application, root):
    few = administrator(application, "ann", ALL_SCOPES - {Scope.MFA_RESET})
    root_id = application.services.verifications.user_named("root")
    page = few.get(f"/console/users/{root_id}")

    assert page.status == 200
    assert few.send(page.form_with("version"), mobile="0199999999").status == 403
    assert few.get(f"/console/users/{root_id}/delete").status == 403


def test_who_may_only_look_sees_no_form(application, smith):
    viewer = administrator(application, "ann", frozenset({Scope.USER_LIST, Scope.USER_VIEW}))

    page = viewer.get(f"/console/users/{smith}")

    assert "given_name" not in {name for form in page.forms for name in form.values}
    assert "Family name Smith" in page.text
    assert not [href for href in hrefs(page) if href.endswith(("/delete", "/deactivate"))]
    assert "/console/new-user" not in hrefs(viewer.get("/console/users"))


def test_nobody_is_offered_to_delete_themselves(application, root):
    root_id = application.services.verifications.user_named("root")

    assert f"/console/users/{root_id}/delete" not in hrefs(root.get(f"/console/users/{root_id}"))


def test_a_user_is_added_with_a_code_to_the_number(application, root):
    form = root.get("/console/new-user").form_with("user_name")

    page = root.send(
        form, user_name="zoe", given_name="Zoé", mobile=BEN, email="zoe@example.com", password=PASSWORD, verify="yes"
    )

    assert "Zoé is added." in page.text
    zoe = stored(application, page.path.rpartition("/")[2])
    assert zoe["name"] == {"givenName": "Zoé"}
    assert zoe["emails"] == [{"value": "zoe@example.com", "primary": True}]
    application.last_code()
    assert application.carrier.messages[-1].to == BEN


def test_a_new_user_is_invited_where_that_is_wanted(application, root):
    form = root.get("/console/new-user").form_with("user_name")
    told = root.send(form, user_name="zoe", invite="yes")
    assert faults_of(told)["email"] == "Enter the address that the invitation goes to"

    page = root.send(told.form_with("user_name"), email="zoe@example.com", invite="yes")
    assert "Zoe is added, and the invitation is on its way.".lower() in page.text.lower()
    page = root.send(form, user_name="yan", email="yan@example.com", password=PASSWORD, invite="yes")
    assert "yan is added, but could not be invited." in page.text


def test_a_new_user_who_is_refused_is_told_why(application, root):
    add_person(application)
    form = root.get("/console/new-user").form_with("user_name")

    page = root.send(form, user_name="bob", given_name="Rob", mobile="call me", password="12345678")

    assert page.status == 422
    assert faults_of(page) == {
        "user_name": "Somebody else has this already",
        "mobile": "This is no phone number that can be used",
        "password": "This password is too short, too long, or easily guessed",
    }
    page = root.send(form, mobile="call me", invite="yes")
    assert list(faults_of(page)) == ["user_name", "mobile", "email"]
    page = root.send(form, user_name="bob", given_name="Rob")
    assert faults_of(page) == {"user_name": "Somebody else has this already"}
    assert page.form_with("user_name").values["given_name"] == "Rob"
    assert set(faults_of(root.send(form))) == {"user_name"}
