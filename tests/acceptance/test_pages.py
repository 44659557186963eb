"""People in front of a real browser: the pages of the command's own process, with scripts and without."""

from __future__ import annotations

from pathlib import Path
from secrets import randbelow
from urllib.parse import urlencode

import pytest
from playwright.sync_api import sync_playwright

from tests.factories.chromium import EXECUTABLES, Visitor, executable, launch
from tests.factories.gateways import Gateway
from tests.factories.servers import Service

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]

PASSWORD = "a horse with batteries"
WSO2 = "urn:scim:wso2:schema"


@pytest.fixture(scope="module")
def chromium():
    """Start the browser of this machine."""
    path = executable()
    if path is None:
        pytest.skip(f"no browser here: none of {', '.join(EXECUTABLES)}; apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service for all visitors."""
    started = Service(tmp_path_factory.mktemp("pages"), settings={"otp_resend_cooldown": "0"}).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def admin(service):
    """Return a client that may do everything."""
    return service.admin()


@pytest.fixture(params=["scripts", "no scripts"])
def visitor(request, chromium, service):
    """Open a window, with scripts and without; nothing the browser complains of goes unseen."""
    has_scripts = request.param == "scripts"
    context = chromium.new_context(java_script_enabled=has_scripts, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    pictures = request.config.getoption("--pictures")
    found = Visitor(context.new_page(), service.url, has_scripts, Path(pictures) if pictures else None)
    yield found
    context.close()
    assert found.complaints == []


@pytest.fixture(scope="module")
def shop(service):
    """Register an application at an origin of its own; return its authorization request."""
    with Gateway() as site:
        back = f"http://127.0.0.1:{site.port}/back"
        added = service.command("client", "add", "Shop", "--redirect", back, "--scope", "openid phone email")
        client_id = added.splitlines()[0].removeprefix("client_id=")
        query = urlencode({"client_id": client_id, "redirect_uri": back, "scope": "openid phone", "state": "s"})
        yield back, f"/oauth2/authorize?{query}"


def a_number():
    return f"+1415555{randbelow(10_000):04}"


@pytest.fixture
def member(service, admin):
    """Sign somebody up with a password and a number, and have the number proved."""
    number = a_number()
    name = f"ann{number[-4:]}"
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", WSO2],
        "userName": name,
        "password": PASSWORD,
        "emails": [{"value": f"{name}@example.com", "primary": True}],
        "phoneNumbers": [{"type": "mobile", "value": number}],
        WSO2: {"verifyMobile": True},
    }
    assert admin.call("POST", "/scim2/Users", user).status_code == 201
    assert service.user(name).validate(service.code_for(number)).status_code == 200
    return name, number


def test_front_page_and_faults_are_pages(visitor):
    visitor.go("/")
    visitor.check("home", "Your phone number, proved")
    visitor.go("/nothing")
    visitor.check("fault", "There is no such page")


def test_language_is_chosen_at_the_foot(visitor):
    visitor.go("/sign-in")
    visitor.page.locator("#locale").select_option("ta")
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


def sign_in(visitor, service, name, number, path="/sign-in"):
    """Sign in with a code and arrive where the path says."""
    seen = len(service.process.lines)
    visitor.go(path)
    visitor.fill(user_name=name, password=PASSWORD)
    visitor.fill(code=service.code_for(number, after=seen))


def test_application_is_refused_and_told_so_at_its_own_origin(visitor, service, member, shop):
    """Chromium holds form-action against the redirect: the policy has to name the application."""
    back, request = shop
    sign_in(visitor, service, *member, f"/consent?{urlencode({'return_to': request})}")
    visitor.check("consent", "Shop asks for access")

    visitor.page.get_by_role("button", name="Do not allow").click()

    visitor.page.wait_for_url(f"{back}?*")
    assert "error=access_denied" in visitor.page.url
    assert "state=s" in visitor.page.url
