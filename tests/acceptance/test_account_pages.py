"""My Account in front of a real browser: with scripts its pages are updated in place, without them they are loaded."""

from __future__ import annotations

import pyotp
import pytest

from tests.factories.servers import Service, mobile_of
from tests.factories.visitors import PASSWORD, a_number, add_member, sign_in

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]

FOCUSED = "() => document.activeElement.id || document.activeElement.className"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service for all visitors."""
    started = Service(tmp_path_factory.mktemp("account"), settings={"otp_resend_cooldown": "0"}).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def admin(service):
    """Return a client that may do everything."""
    return service.admin()


@pytest.fixture
def at_home(visitor, service, admin):
    """Sign somebody in, and note whether the window is ever loaded anew."""
    name, number = add_member(admin)
    sign_in(visitor, service, name, number, "/sign-in?return_to=/myaccount/security")
    if visitor.has_scripts:
        visitor.page.evaluate("window.isKept = true")
    return name, number


def stays(visitor):
    """Tell whether the window is the one of the beginning; without scripts that is never so."""
    return not visitor.has_scripts or visitor.page.evaluate("window.isKept === true")


def test_pages_follow_in_place(visitor, at_home):
    page = visitor.page
    page.get_by_role("button", name="Add an authenticator").click()
    page.wait_for_selector("code.key")
    assert (visitor.heading, stays(visitor)) == ("Add an authenticator", True)
    assert page.title().startswith("Add an authenticator")
    key = page.locator("code.key").inner_text().replace(" ", "")

    visitor.fill(code="000000")
    page.wait_for_selector(".summary")
    assert page.title().startswith("Error:")
    if visitor.has_scripts:
        assert page.evaluate(FOCUSED) == "summary"

    visitor.fill(code=pyotp.TOTP(key).now())
    page.wait_for_selector("text=An authenticator is set up.")
    assert visitor.path == "/myaccount/security"


def test_way_back_is_the_browsers(visitor, at_home):
    page = visitor.page
    page.get_by_role("link", name="Change your numbers").click()
    page.wait_for_selector("h1:has-text('Phone')")
    assert (visitor.path, stays(visitor)) == ("/myaccount/mobile", True)

    page.go_back()

    page.wait_for_selector("h1:has-text('How you sign in')")
    assert (visitor.path, stays(visitor)) == ("/myaccount/security", True)


def test_service_out_of_reach_is_told(visitor, at_home):
    if not visitor.has_scripts:
        pytest.skip("without scripts it is the browser that tells")
    visitor.page.route("**/security/**", lambda route: route.abort())

    visitor.page.get_by_role("button", name="Make new codes").click()

    assert "could not be reached" in visitor.page.locator("[role=alert]").inner_text()
    visitor.complaints.clear()


def test_page_follows_what_happens_elsewhere(visitor, service, at_home):
    """What waits is asked about every few seconds, and what is typed meanwhile stays; when it is over, it is gone."""
    if not visitor.has_scripts:
        pytest.skip("without scripts a page is as it was when it came")
    name, _ = at_home
    page, new = visitor.page, a_number()
    page.clock.install()
    seen = len(service.process.lines)
    user = service.user(name)
    assert user.set_mobile("/scim2/Me", new).status_code == 200
    code = service.code_for(new, after=seen)
    visitor.go("/myaccount/mobile")
    page.locator("#mobile_code").fill("123")
    page.locator("#mobile_code").press("End")

    page.clock.fast_forward(5_500)
    page.wait_for_selector("text=The code was sent.")
    assert (page.locator("#mobile_code").input_value(), page.evaluate(FOCUSED)) == ("123", "mobile_code")
    assert user.validate(code).status_code == 200
    page.clock.fast_forward(5_500)

    page.wait_for_selector(f".contacts li:has-text('{new}'):has-text('Verified')")
    assert page.locator("#mobile_code").count() == 0


def test_what_is_fetched_runs_no_script(visitor, at_home):
    if not visitor.has_scripts:
        pytest.skip("without scripts nothing is fetched")
    page = visitor.page

    def plant(route):
        answer = route.fetch()
        body = answer.text().replace("<h1>", "<script>window.isBroken = 1</script><img src=x onerror=isBroken=1><h1>")
        route.fulfill(response=answer, body=body)

    page.route("**/myaccount/mobile", plant)
    page.get_by_role("link", name="Change your numbers").click()

    page.wait_for_selector("[role=alert]")
    assert page.evaluate("window.isBroken") is None
    assert visitor.complaints
    visitor.complaints.clear()


def test_number_is_changed_by_the_walk_of_the_guide(visitor, service, admin):
    """From the first click to the changed number: the new one waits, its code comes, and it is in use."""
    name, number = add_member(admin)
    sign_in(visitor, service, name, number)
    page, new = visitor.page, a_number()
    page.get_by_role("link", name="My Account").click()
    visitor.check("account-profile", "Profile")
    if not page.get_by_role("link", name="Phone").is_visible():
        page.locator("nav summary").click()
    page.get_by_role("link", name="Phone").click()
    page.wait_for_selector("h1:has-text('Phone')")
    visitor.check("account-phone", "Phone")

    seen = len(service.process.lines)
    page.locator("#mobile_value").fill(new)
    page.get_by_role("button", name="Use this number").click()
    page.wait_for_selector(f"text={new} is to be verified")
    if visitor.has_scripts:
        assert page.evaluate(FOCUSED) == "flash"
        page.wait_for_selector("text=The code is good for")
    visitor.check("account-phone-waits", "Phone")
    page.locator("#mobile_code").fill("000000")
    page.get_by_role("button", name="Verify").click()
    page.wait_for_selector("text=That code is not right")
    page.locator("#mobile_code").fill(service.code_for(new, after=seen))
    page.get_by_role("button", name="Verify").click()
    page.wait_for_selector(f"text={new} is verified.")

    assert " ".join(page.locator(".contacts li").first.inner_text().split()).startswith(f"{new} In use Verified")
    assert service.user(name).me()["phoneNumbers"] == [{"type": "mobile", "value": new}]


def test_account_is_looked_after(visitor, service, admin):
    """Profile, merged with what somebody else wrote; password; sessions; applications; history with undo."""
    name, number = add_member(admin)
    page, new = visitor.page, a_number()
    sign_in(visitor, service, name, number, "/sign-in?return_to=/myaccount")
    user = service.user(name)

    page.locator("#nick_name").fill("Annie")
    assert user.patch("/scim2/Me", {"nickName": "Nan", "displayName": "Ann Smith"}).status_code == 200
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("h1:has-text('changed meanwhile')")
    visitor.check("account-merge", "Your profile has changed meanwhile")
    page.get_by_label("Annie").check()
    page.locator("form.merge button").click()
    page.wait_for_selector("text=Your profile is saved.")
    assert (user.me()["nickName"], user.me()["displayName"]) == ("Annie", "Ann Smith")
    visitor.check("account-saved", "Profile")

    visitor.go("/myaccount/security")
    visitor.check("account-security", "How you sign in")
    page.locator("#old_password").fill("not my password")
    for field in ("#password", "#again"):
        page.locator(field).fill(f"{PASSWORD} again")
    page.get_by_role("button", name="Change the password").click()
    page.wait_for_selector("text=That password is not right")
    page.locator("#old_password").fill(PASSWORD)
    for field in ("#password", "#again"):
        page.locator(field).fill(f"{PASSWORD} again")
    page.get_by_role("button", name="Change the password").click()
    page.wait_for_selector("text=Your password is changed")

    user = service.user(name)
    user_id = user.me()["id"]
    seen = len(service.process.lines)
    assert user.set_mobile("/scim2/Me", new).status_code == 200
    assert user.validate(service.code_for(new, after=seen)).status_code == 200
    for path, heading in (("sessions", "Sessions"), ("applications", "Applications"), ("history", "History")):
        visitor.go(f"/myaccount/{path}")
        visitor.check(f"account-{path}", heading)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_selector("h1:has-text('Take this change back?')")
    visitor.check("account-revert", "Take this change back?")
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_selector("text=The change is taken back")
    assert mobile_of(admin.call("GET", f"/scim2/Users/{user_id}").json()) == number
