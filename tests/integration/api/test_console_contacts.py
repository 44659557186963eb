"""The Console: numbers and addresses on behalf of a user, as the guide walks through it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.auth.scopes import ALL_SCOPES, Scope
from persistence.migrations.alembic_runner import connected
from tests.factories.people import ANN, CAT, DAN, Numbers, add_person, wrong
from tests.factories.sign_ins import administrator

# The pages are the same on either database, and the use cases below them are tested on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def root(application):
    return administrator(application)


def path(user, page=""):
    return f"/console/users/{user.id}{page}"


def form_to(page, action):
    """Return the form that goes to a path, the first of several."""
    return next(form for form in page.forms if form.action == action)


def actions(page):
    return {form.action.rpartition("/")[2] for form in page.forms}


def test_the_guides_walk_on_behalf_of_a_user(application, root, bob):
    page = root.send(root.get(path(bob)).form_with("version"), mobile=DAN)
    assert f"{DAN} waits" in page.text or DAN in page.text
    code = application.last_code()

    page = root.send(form_to(page, path(bob, "/mobile/verify")), mobile_code=wrong(code))
    assert page.status == 422
    assert "That code is not right" in page.text
    application.clock.move(minutes=1)
    page = root.send(form_to(page, path(bob, "/mobile/resend")))
    again = application.last_code()
    assert again != code
    page = root.send(form_to(page, path(bob, "/mobile/verify")), mobile_code=again)

    assert page.path == path(bob, "/mobile")
    assert bob.numbers().primary == DAN
    assert "verify" not in actions(page)


def test_a_verified_number_says_when_and_by_whom_it_was_proved(application, root, bob):
    page = root.send(root.get(path(bob)).form_with("version"), mobile=DAN)
    page = root.send(form_to(page, path(bob, "/mobile/verify")), mobile_code=application.last_code())
    assert page.text.count("Proved by a code: 2026-11-22 09:00 UTC, entered by root") == 1
    application.clock.move(minutes=5)
    bob.send(p=CAT)
    bob.validate(application.last_code())

    page = root.get(path(bob, "/mobile"))

    assert "Proved by a code: 2026-11-22 09:05 UTC, entered by the user" in page.text
    with connected(application.services.core.database.url) as connection:
        connection.execute(text("DELETE FROM audit_events"))
        connection.commit()
    page = root.get(path(bob, "/mobile"))
    assert "Proved by a code: 2026-11-22 09:05 UTC" in page.text
    assert "entered by" not in page.text


def test_a_listed_number_is_verified_by_its_button(application, root, bob):
    page = root.get(path(bob, "/mobile"))

    page = root.send(form_to(page, path(bob, "/mobile/prove")))
    page = root.send(form_to(page, path(bob, "/mobile/verify")), mobile_code=application.last_code())

    assert CAT in bob.numbers().verified
    assert "prove" not in actions(page)


def test_a_verified_number_becomes_the_primary_one_and_one_is_removed_after_a_question(root, bob):
    page = root.get(path(bob, "/mobile"))
    page = root.send(form_to(page, path(bob, "/mobile/primary")))
    assert bob.numbers().primary != ANN
    forms = [form for form in page.forms if form.action == path(bob, "/mobile/remove")]
    question = root.send(next(form for form in forms if form.values["mobile_value"] == CAT))
    assert question.status == 200

    page = root.send(form_to(question, path(bob, "/mobile/remove")))

    assert CAT not in bob.numbers().listed
    assert page.path == path(bob, "/mobile")


def test_what_waits_is_given_up(root, bob):
    page = root.send(root.get(path(bob)).form_with("version"), mobile=DAN)

    root.send(form_to(page, path(bob, "/mobile/cancel")))

    assert bob.numbers().pending is None


def test_codes_are_not_taken_for_others_where_the_gate_is_shut(start):
    application = start(privileged_validation="false")
    bob, root = add_person(application), administrator(application)
    page = root.send(root.get(path(bob)).form_with("version"), mobile=DAN)

    assert actions(page) >= {"cancel", "resend"}
    assert "verify" not in actions(page)


def test_an_administrator_proves_the_own_number_as_its_owner(application, root):
    root_id = application.services.verifications.user_named("root")
    page = root.send(root.get(f"/console/users/{root_id}").form_with("version"), mobile=DAN)

    page = root.send(form_to(page, f"/console/users/{root_id}/mobile/verify"), mobile_code=application.last_code())

    assert page.status == 200
    user = application.admin().get(f"/scim2/Users/{root_id}").get_json()
    assert user["phoneNumbers"][0]["value"] == DAN


def test_without_the_right_to_codes_there_is_no_field_for_one(application, bob):
    bob.send(p=DAN)
    clerk = administrator(application, "ann", frozenset({Scope.USER_VIEW, Scope.USER_UPDATE}))
    viewer = administrator(application, "zoe", frozenset({Scope.USER_VIEW}))

    assert actions(clerk.get(path(bob))) >= {"cancel"}
    assert not actions(clerk.get(path(bob))) & {"verify", "resend"}
    assert actions(viewer.get(path(bob, "/mobile"))) == {"sign-out", "language"}
    assert DAN in viewer.get(path(bob, "/mobile")).text


def test_addresses_have_the_same_controls(start):
    application = start(email_verification="true")
    bob = add_person(application, emails=[{"value": "bob@example.com", "primary": True}])
    root = administrator(application)
    page = root.send(root.get(path(bob)).form_with("version"), email="other@example.com")
    assert "A code is on its way to other@example.com." in page.text
    page = root.get(path(bob, "/email"))

    page = root.send(form_to(page, path(bob, "/email/change")), email_value="new@example.com")
    application.deliver()
    assert "new@example.com" in page.text
    page = root.send(form_to(page, path(bob, "/email/resend")))
    assert page.status in {200, 429}


def test_nothing_of_a_mightier_administrator_is_touched(application, root):
    root_id = application.services.verifications.user_named("root")
    few = administrator(application, "ann", ALL_SCOPES - {Scope.MFA_RESET})
    page = few.get(f"/console/users/{root_id}/mobile")

    form = form_to(page, f"/console/users/{root_id}/mobile/change")
    assert few.send(form, mobile_value=DAN).status == 403


def test_an_act_that_there_is_not_is_no_page(root, bob):
    form = form_to(root.get(path(bob, "/mobile")), path(bob, "/mobile/change"))
    form.action = path(bob, "/mobile/steal")

    assert root.send(form).status == 404
    assert bob.numbers() == Numbers(ANN, bob.numbers().listed, bob.numbers().verified, is_verified=True)
