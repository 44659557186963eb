"""The Console in front of a real browser: users, their numbers, two administrators at once, groups, resets, rights."""

from __future__ import annotations

import pytest

from tests.factories.chromium import DESKTOP, Visitor
from tests.factories.servers import Service, mobile_of
from tests.factories.visitors import a_number, add_member, add_user, sign_in

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service for all visitors."""
    started = Service(tmp_path_factory.mktemp("people"), settings={"otp_resend_cooldown": "0"}).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def admin(service):
    """Return a client that may do everything."""
    return service.admin()


@pytest.fixture(scope="module")
def roots(service, admin):
    """Make two administrators; return their names and numbers."""
    both = [add_member(admin, name) for name in ("alice", "carol")]
    for name, _ in both:
        service.command("user", "administrator", name)
    return both


@pytest.fixture
def entered(visitor, service, roots):
    """Sign an administrator in."""
    sign_in(visitor, service, *roots[0], "/sign-in?return_to=/console/users")
    visitor.page.wait_for_selector("h1:has-text('Users')")
    return visitor


@pytest.fixture
def second(chromium, visitor, service, roots):
    """Sign another administrator in, in another browser."""
    context = chromium.new_context(java_script_enabled=visitor.has_scripts, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    found = Visitor(context.new_page(), service.url, visitor.has_scripts)
    sign_in(found, service, *roots[1], "/sign-in?return_to=/console/users")
    found.page.wait_for_selector("h1:has-text('Users')")
    yield found
    context.close()
    assert found.complaints == []


def a_user(admin, **extension):
    """Add a user; return the id, the name and the number."""
    number = a_number()
    name = f"bob{number[-4:]}"
    extension = extension or {"verifiedMobileNumbers": [number]}
    return add_user(admin, name, number, **extension), name, number


def update(visitor, **values):
    """Change fields of a profile and press Update."""
    for name, value in values.items():
        visitor.page.locator(f"#{name}").fill(value)
    visitor.page.get_by_role("button", name="Update").click()


def test_a_number_is_changed_on_behalf_of_a_user_by_the_walk_of_the_guide(entered, service, admin):
    """User management > Users > a user > Profile > Mobile > Update; then the code, Verify and Resend."""
    visitor, page, (user_id, name, _), new = entered, entered.page, a_user(admin), a_number()
    page.locator("#q").fill(name)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"**q={name}")
    visitor.check("console-users", "Users")
    page.get_by_role("link", name=name).click()
    page.wait_for_selector(f"h1:has-text('{name}')")

    seen = len(service.process.lines)
    update(visitor, mobile=new)
    page.wait_for_selector(f"text={new} is to be verified")
    if visitor.has_scripts:
        assert page.evaluate("document.activeElement.id") == "flash"
    visitor.check("console-profile", name)
    first = service.code_for(new, after=seen)
    seen = len(service.process.lines)
    page.get_by_role("button", name="Send another code").click()
    page.wait_for_selector("text=Another code was sent.")
    code = service.code_for(new, after=seen)
    page.locator("#mobile_code").fill(first if first != code else "000000")
    page.get_by_role("button", name="Verify").first.click()
    page.wait_for_selector("text=That code is not right")
    visitor.check("console-mobile", name)
    page.locator("#mobile_code").fill(code)
    page.get_by_role("button", name="Verify").first.click()
    page.wait_for_selector(f"text={new} is verified.")

    assert mobile_of(admin.call("GET", f"/scim2/Users/{user_id}").json()) == new


def test_two_administrators_at_once_lose_nothing(entered, second, admin):
    visitor, (user_id, _, _) = entered, a_user(admin)
    for each in (visitor, second):
        each.go(f"/console/users/{user_id}")
    update(second, given_name="Roberta", family_name="Jones")
    second.page.wait_for_selector("text=Roberta Jones is saved.")

    update(visitor, family_name="Miller", display_name="Bobby")
    visitor.page.wait_for_selector("h1:has-text('meanwhile')")
    visitor.check("console-merge", "Somebody else has changed Roberta Jones meanwhile")
    visitor.page.get_by_label("There now, by somebody else: Jones").check()
    visitor.page.get_by_role("button", name="Update").click()
    visitor.page.wait_for_selector("text=Bobby is saved.")

    user = admin.call("GET", f"/scim2/Users/{user_id}").json()
    assert (user["name"], user["displayName"]) == ({"givenName": "Roberta", "familyName": "Jones"}, "Bobby")


def test_a_user_is_added_deactivated_and_brought_back(entered):
    visitor, page, number = entered, entered.page, a_number()
    page.get_by_role("link", name="New user").click()
    page.wait_for_selector("h1:has-text('New user')")
    visitor.check("console-new-user", "New user")
    page.locator("#user_name").fill(f"zoe{number[-4:]}")
    page.locator("#mobile").fill("call me")
    page.get_by_role("button", name="Add the user").click()
    page.wait_for_selector("#mobile-error")
    visitor.check("console-new-user-wrong", "New user")
    page.locator("#mobile").fill(number)
    page.get_by_role("button", name="Add the user").click()
    page.wait_for_selector("text=is added.")
    page.get_by_role("link", name="Deactivate").click()
    page.wait_for_selector("h1:has-text('Deactivate')")
    visitor.check("console-deactivate", visitor.heading)
    page.get_by_role("button", name="Deactivate").click()
    page.wait_for_selector("text=is deactivated.")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector("text=is active again.")


def test_ways_to_sign_in_are_reset_and_rights_given(entered, admin):
    visitor, page, (user_id, name, _) = entered, entered.page, a_user(admin)
    visitor.go(f"/console/users/{user_id}/sign-in")
    visitor.check("console-sign-in", name)
    page.get_by_role("link", name="Reset").click()
    page.wait_for_selector("h1:has-text('Reset how')")
    visitor.check("console-reset", f"Reset how {name} signs in?")
    page.locator("#reason").fill("Phone lost")
    page.get_by_label("Give out a pass").check()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_selector(f"h1:has-text('{name} is reset')")
    visitor.check("console-reset-done", f"{name} is reset")
    assert len(page.locator("code.key").inner_text()) >= 8

    visitor.go(f"/console/users/{user_id}/rights")
    visitor.check("console-rights", name)
    page.get_by_label("List", exact=True).check()
    page.get_by_role("button", name="Update").click()
    page.wait_for_selector(f"text=The rights of {name} are saved.")
    assert page.get_by_label("List", exact=True).is_checked()
    page.get_by_role("link", name="Take all rights away").click()
    page.wait_for_selector(f"h1:has-text('Take all rights from {name}?')")
    visitor.check("console-rights-none", f"Take all rights from {name}?")
    page.locator("main").get_by_role("button", name="Take all rights away").click()
    page.wait_for_selector(f"text=The rights of {name} are saved.")
    assert not page.get_by_label("List", exact=True).is_checked()


def test_members_of_a_group_come_and_go(entered, admin):
    visitor, page, (_, name, number) = entered, entered.page, a_user(admin)
    page.set_viewport_size(DESKTOP)
    page.get_by_role("link", name="Groups").click()
    page.wait_for_selector("h1:has-text('Groups')")
    page.get_by_role("link", name="New group").click()
    page.wait_for_selector("h1:has-text('New group')")
    page.locator("#display_name").fill(f"Staff {number[-4:]}")
    page.get_by_role("button", name="Add the group").click()
    page.wait_for_selector("text=is added.")
    page.get_by_role("link", name="Find and add members").click()
    page.wait_for_selector("h1:has-text('Members of')")
    page.locator("#q").fill(name)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**q=**")
    page.get_by_role("button", name=f"Add: {name}").click()
    page.wait_for_selector("text=now.")
    visitor.check("console-members", visitor.heading)
    page.get_by_role("link", name=f"Staff {number[-4:]}").click()
    page.wait_for_selector("text=Members: 1")
    visitor.check("console-group", f"Staff {number[-4:]}")
    page.get_by_role("button", name=f"Remove: {name}").click()
    page.wait_for_selector("text=no longer.")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector("text=Members: 1")
    visitor.go("/console/groups")
    visitor.check("console-groups", "Groups")
