"""The Console: groups, and members who come and go."""

from __future__ import annotations

import pytest

from api.auth.scopes import Scope
from tests.factories.sign_ins import administrator
from tests.factories.statement_log import statement_log


@pytest.fixture
def root(application):
    return administrator(application)


@pytest.fixture
def staff(application, bob):
    """Add a group with bob in it; return its path in the Console."""
    return add_group(application, "Staff", bob.id)


def add_group(application, name, *members):
    body = {"displayName": name, "members": [{"value": member} for member in members]}
    return f"/console/groups/{application.admin().post('/scim2/Groups', body).get_json()['id']}"


def members(application, path):
    group = application.admin().get(path.replace("/console/groups", "/scim2/Groups")).get_json()
    return sorted(member.get("display", "bob") for member in group.get("members", []))


def links(page):
    return [link.get("href") for link in page.root.iter("a")]


def acts_on(page, name):
    """Return the form that adds or removes somebody, pressed."""
    (button,) = [
        each for each in page.root.iter("button") if each.get("aria-label") in {f"Add: {name}", f"Remove: {name}"}
    ]
    member = button.get("id").removeprefix("member-")
    form = next(form for form in page.forms if form.values.get("member") == member and form.buttons[0][0] == "act")
    form.values["act"] = button.get("value")
    return form


def test_groups_are_found_by_the_beginning_of_their_names(application, root, staff):
    add_group(application, "Board")

    assert "Found: 2" in root.get("/console/groups").text
    page = root.get("/console/groups?q=sta")
    assert staff in links(page)
    assert "Board" not in page.text
    assert "No group was found." in root.get("/console/groups?q=x").text


def test_a_group_is_added_and_must_have_a_name_of_its_own(root, staff):
    assert "/console/new-group" in links(root.get("/console/groups"))
    form = root.get("/console/new-group").form_with("display_name")

    page = root.send(form, display_name="Board", external_id="b-1")
    assert (page.heading, page.status) == ("Board", 200)
    assert "Board is added." in page.text
    assert "The group has no members yet." in page.text
    assert "Somebody else has this already" in root.send(form, display_name="staff").text
    assert "Enter a name" in root.send(form, display_name=" ").text


@pytest.mark.parametrize("name", ["staff", " "])
def test_all_that_is_refused_of_a_group_is_told_at_once(root, staff, name):
    new = root.send(root.get("/console/new-group").form_with("display_name"), display_name=name, external_id="x" * 5000)
    board = root.send(new.form_with("display_name"), display_name="Board", external_id="")
    old = root.send(board.form_with("version"), display_name=name, external_id="x" * 5000)

    for page in (new, old):
        faults = [each.get("id") for each in page.root.iter("p") if each.get("class") == "error"]
        assert faults == ["display_name-error", "external_id-error"]


def test_a_group_gets_another_name_and_the_old_one_back(application, root, staff):
    page = root.get(staff)
    page = root.send(page.form_with("version"), display_name="Crew")
    assert page.heading == "Crew"
    page = root.send(page.form_with("was_display_name"))
    assert page.heading == "Staff"
    add_group(application, "Board")
    assert (
        "Somebody else has this already"
        in root.send(page.form_with("version", "external_id"), display_name="board").text
    )
    assert "Enter a name" in root.send(page.form_with("version", "external_id"), display_name="").text
    assert root.send(page.form_with("version", "external_id")).heading == "Staff"


def test_two_who_rename_a_group_see_both_sides(application, root, staff):
    page = root.get(staff)
    application.admin().replace(staff.replace("/console/groups", "/scim2/Groups"), {"displayName": "Crew"})

    merge = root.send(page.form_with("version"), display_name="Team")

    assert (merge.status, merge.heading) == (412, "Somebody else has changed Crew meanwhile")
    assert root.send(merge.form_with("version")).heading == "Team"


def test_members_are_found_added_and_removed_and_each_is_taken_back(application, root, bob, staff):
    application.add_user("zoe", displayName="Zoé")
    page = root.get(f"{staff}/members?q=zo")

    page = root.send(acts_on(page, "Zoé"))
    assert "Zoé is in Staff now." in page.text
    assert page.path == f"{staff}/members?q=zo"
    assert members(application, staff) == ["Zoé", "bob"]
    page = root.send(page.form_with("member"))
    assert members(application, staff) == ["bob"]
    page = root.send(acts_on(root.get(staff), "bob"))
    assert (page.path, members(application, staff)) == (staff, [])
    page = root.send(page.form_with("member"))
    assert members(application, staff) == ["bob"]


def test_who_is_gone_cannot_be_added(application, root, staff):
    user_id = application.add_user("zoe")
    form = acts_on(root.get(f"{staff}/members?q=zoe"), "zoe")
    application.admin().delete(f"/scim2/Users/{user_id}")

    assert root.send(form).status == 404


def test_a_group_in_a_group_is_a_member_too(application, root, staff):
    board = add_group(application, "Board", staff.rpartition("/")[2])

    page = root.get(board)
    assert staff in links(page)
    root.send(acts_on(page, "Staff"))

    assert members(application, board) == []


def test_the_profile_of_a_user_leads_to_the_groups(application, root, bob, staff):
    add_group(application, "Board", staff.rpartition("/")[2])

    page = root.get(f"/console/users/{bob.id}")

    assert staff in links(page)
    assert "Board by way of another group" in page.text


def test_a_large_group_is_shown_page_by_page_by_the_same_statements(application, root):
    users = [application.add_user(f"user{number:02}") for number in range(30)]
    small, large = add_group(application, "Small", *users[:2]), add_group(application, "Large", *users)

    with statement_log(application.services.core.database) as log:
        counts = {log.count(lambda path=path: root.get(path)) for path in (small, large)}

    page = root.get(large)
    assert len(counts) == 1
    assert "Members: 30" in page.text
    (following,) = [path for path in links(page) if "after=" in path]
    assert len([path for path in links(root.get(following)) if path.startswith("/console/users/")]) == 5


def test_a_group_is_deleted_after_a_question_and_its_members_stay(application, root, bob, staff):
    question = root.get(f"{staff}/delete")
    assert "with 1 memberships; its members stay" in question.text

    page = root.send(next(form for form in question.forms if form.action == f"{staff}/delete"))

    assert (page.path, root.get(staff).status) == ("/console/groups", 404)
    assert "Staff is deleted." in page.text
    assert bob.show()["userName"] == "bob"


def test_who_may_only_look_sees_no_buttons(application, staff):
    viewer = administrator(application, "ann", frozenset({Scope.GROUP_VIEW}))

    page = viewer.get(staff)

    assert {form.action for form in page.forms} == {"/sign-out", "/language"}
    assert not [path for path in links(page) if path.endswith(("/members", "/delete"))]
    remover = administrator(application, "zoe", frozenset({Scope.GROUP_VIEW, Scope.GROUP_DELETE}))
    assert f"{staff}/delete" in links(remover.get(staff))
