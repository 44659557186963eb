"""People in front of a real browser: the pages of the command's own process, with scripts and without."""

from __future__ import annotations

import re
from secrets import randbelow
from urllib.parse import urlencode

import pyotp
import pytest

from tests.factories.gateways import Gateway
from tests.factories.servers import Service
from tests.factories.visitors import PASSWORD, a_number, add_member, add_user, sign_in

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service for all visitors."""
    started = Service(
        tmp_path_factory.mktemp("pages"), settings={"otp_resend_cooldown": "0", "email_verification": "true"}
    ).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def admin(service):
    """Return a client that may do everything."""
    return service.admin()


@pytest.fixture(scope="module")
def shop(service):
    """Register an application at an origin of its own; return its authorization request."""
    with Gateway() as site:
        back = f"http://127.0.0.1:{site.port}/back"
        added = service.command("client", "add", "Shop", "--redirect", back, "--scope", "openid phone email")
        client_id = added.splitlines()[0].removeprefix("client_id=")
        query = urlencode({"client_id": client_id, "redirect_uri": back, "scope": "openid phone", "state": "s"})
        yield back, f"/oauth2/authorize?{query}"


@pytest.fixture(scope="module")
def member(admin):
    """Add somebody with a password, a proved number and a proved mail address."""
    return add_member(admin)


@pytest.fixture
def signed_up(service, admin):
    """Sign somebody up with a password and a number, and have both proved by codes."""
    number = a_number()
    name = f"bob{number[-4:]}"
    seen = len(service.process.lines)
    add_user(admin, name, number, verifyMobile=True, verifiedEmailAddresses=[f"{name}@example.com"])
    assert service.user(name).validate(service.code_for(number, after=seen)).status_code == 200
    return name, number


def invited(service, admin):
    """Add somebody with no password, invite them, and return the name and the link in the mail."""
    name = f"dee{randbelow(10**6)}"
    user = {"userName": name, "emails": [{"value": f"{name}@example.com", "primary": True}]}
    assert admin.call("POST", "/scim2/Users", user).status_code == 201
    seen = len(service.process.lines)
    answer = admin.call("POST", "/api/identity/user/v1.0/invite", {"userName": name})
    assert answer.status_code == 202, answer.text
    line = service.process.wait_for_line(r"/invitation/\S{43}", after=seen)
    return name, re.search(r"/invitation/\S{43}", line)[0]


def test_front_page_and_faults_are_pages(visitor):
    visitor.go("/")
    visitor.check("home", "Your phone number, proved")
    visitor.go("/nothing")
    visitor.check("fault", "There is no such page")


def test_language_is_chosen_at_the_foot(visitor):
    visitor.go("/sign-in")
    visitor.page.locator("#page-locale").select_option("ta")
    visitor.page.locator(".language button").click()

    visitor.check("language", "உள்நுழைக")
    assert visitor.page.locator("html").get_attribute("lang") == "ta"
    assert visitor.path == "/sign-in"


def test_sign_in_with_a_code(visitor, service, member):
    name, number = member
    visitor.go("/sign-in")
    visitor.check("sign-in", "Sign in")
    visitor.fill(user_name=name, password="not my password")
    if visitor.has_scripts:
        assert visitor.page.locator(".summary").evaluate("(summary) => summary === document.activeElement")
    visitor.check("sign-in-wrong", "Sign in")
    seen = len(service.process.lines)
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.check("second-factor", "Check your phone")
    visitor.fill(code="000000")
    visitor.check("second-factor-wrong", "Check your phone")
    visitor.fill(code=service.code_for(number, after=seen))
    assert "You are signed in." in visitor.text
    visitor.check("signed-in", "Your phone number, proved")
    visitor.press()
    visitor.check("signed-out", "You are signed out")


def test_application_is_refused_and_told_so_at_its_own_origin(visitor, service, member, shop):
    """Chromium holds form-action against the redirect: the policy has to name the application."""
    back, request = shop
    sign_in(visitor, service, *member, f"/consent?{urlencode({'return_to': request})}")
    visitor.check("consent", "Shop asks for access")

    visitor.page.get_by_role("button", name="Do not allow").click()

    visitor.page.wait_for_url(f"{back}?*")
    assert "error=access_denied" in visitor.page.url
    assert "state=s" in visitor.page.url


def test_first_authenticator_is_added_while_signing_in(visitor, admin):
    name = f"eve{randbelow(10**6)}"
    add_user(admin, name)
    visitor.go("/sign-in?return_to=/factors")
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.check("authenticator", "Add an authenticator")
    key = visitor.page.locator("code.key").inner_text().replace(" ", "")
    visitor.fill(code=pyotp.TOTP(key).now())
    visitor.check("recovery-codes", "Your recovery codes")
    assert visitor.page.locator(".codes li").count() == 10
    visitor.page.locator("a.button.main").click()
    visitor.check("factors", "How you sign in")
    assert "Codes left: 10" in visitor.text


def test_lost_phone_is_restored_and_the_old_one_is_out(visitor, service, signed_up):
    """The story: sign up, sign in with the old number, lose it, restore, and sign in with the new one."""
    name, old = signed_up
    new = a_number()
    sign_in(visitor, service, name, old)
    assert "You are signed in." in visitor.text

    seen = len(service.process.lines)
    visitor.go("/sign-in")
    visitor.page.get_by_role("link", name="Lost your phone?").click()
    visitor.check("restore", "Lost your phone")
    visitor.fill(email=f"{name}@example.com")
    visitor.check("restore-email", "Check your mail")
    visitor.fill(code=service.code_for(f"{name}@example.com", after=seen))
    visitor.check("restore-password", "Enter your password")
    visitor.fill(password=PASSWORD)
    visitor.check("restore-phone", "Your new phone")
    visitor.fill(phone="my phone")
    visitor.check("restore-phone-wrong", "Your new phone")
    visitor.fill(phone=new)
    visitor.check("restore-code", "Check your new phone")
    visitor.fill(code=service.code_for(new, after=seen))
    visitor.check("restored", "Your phone is restored")

    visitor.go("/")
    assert "You are signed in." not in visitor.text
    seen = len(service.process.lines)
    visitor.go("/sign-in")
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.fill(code=service.code_for(new, after=seen))
    assert "You are signed in." in visitor.text
    assert not any(f"{old}:" in line or f"to {old}" in line for line in service.process.lines[seen:])


def test_application_signs_its_user_in(visitor, service, member, shop):
    """The whole way of OpenID Connect: authorization request, sign-in, consent, and back with a code."""
    back, request = shop
    name, number = member
    seen = len(service.process.lines)
    visitor.go(f"{request}&response_type=code&prompt=consent&code_challenge_method=S256&code_challenge={CHALLENGE}")
    assert visitor.path.startswith("/sign-in?"), visitor.page.url
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.fill(code=service.code_for(number, after=seen))
    assert visitor.heading == "Shop asks for access"

    visitor.press()

    visitor.page.wait_for_url(f"{back}?*")
    assert "code=" in visitor.page.url
    assert "state=s" in visitor.page.url


def test_password_is_set_by_invitation(visitor, service, admin):
    name, link = invited(service, admin)
    visitor.go(link)
    visitor.check("invitation", "Set your password")
    assert name in visitor.text
    visitor.fill(password="short", again="short")
    visitor.check("invitation-wrong", "Set your password")
    visitor.fill(password=PASSWORD, again=PASSWORD)
    assert "Your password is set." in visitor.text
    visitor.fill(user_name=name, password=PASSWORD)
    assert visitor.heading == "Add an authenticator"
    visitor.go(link)
    visitor.check("invitation-gone", "This invitation is not good any more")
