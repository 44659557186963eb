"""The Console's figures and lists in front of a real browser, with scripts and without."""

from __future__ import annotations

import pytest

from api.clock import SystemClock
from persistence.database import Database
from tests.factories.figures import fill
from tests.factories.servers import Service
from tests.factories.visitors import a_number, add_user, sign_in

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service that has been in use for a day."""
    started = Service(tmp_path_factory.mktemp("watch"), settings={"otp_resend_cooldown": "0"}).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def root(service):
    """Make an administrator whose number is proved, and fill the database; return the name and the number."""
    number = a_number()
    user_id = add_user(service.admin(), f"root{number[-4:]}", number, verifiedMobileNumbers=[number])
    service.command("user", "administrator", f"root{number[-4:]}")
    database = Database.open(f"sqlite:///{service.data_dir / 'lineproof.sqlite3'}")
    fill(database, user_id, SystemClock().now())
    database.close()
    return f"root{number[-4:]}", number


@pytest.fixture
def entered(visitor, service, root):
    """Sign the administrator in."""
    sign_in(visitor, service, *root, "/sign-in?return_to=/console/dashboard")
    visitor.page.wait_for_selector("h1:has-text('Dashboard')")
    return visitor


def test_who_watches_sees_figures_messages_refusals_and_the_trail(entered, service, root):
    visitor, page = entered, entered.page
    page.locator("details.more > summary").first.click()
    visitor.check("console-dashboard", "Dashboard")
    page.get_by_role("link", name="7 days").click()
    page.wait_for_selector("[aria-current=page]:has-text('7 days')")
    assert page.locator("svg[role=img]:visible").count() >= 5

    visitor.go("/console/deliveries")
    visitor.check("console-deliveries", "Deliveries")
    page.locator("#state").select_option("failed")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**state=failed**")
    assert "The phone is off or out of reach" in visitor.text

    visitor.go("/console/guard")
    visitor.check("console-guard", "Blocked")
    page.get_by_role("link", name="Unblock").first.click()
    page.wait_for_selector("h1:has-text('Unblock')")
    visitor.check("console-unblock", visitor.heading)
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_selector("h1:has-text('Blocked')")

    visitor.go("/console/audit?event=sign_in.succeeded")
    visitor.check("console-audit", "Audit trail")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    assert download.value.suggested_filename == "audit.csv"


def test_a_code_is_sent_again_while_the_list_is_looked_at(entered, service):
    visitor, page = entered, entered.page
    number = a_number()
    name = f"dan{number[-4:]}"
    add_user(service.admin(), name, number, verifyMobile=True)
    service.code_for(number)
    seen = len(service.process.lines)

    visitor.go(f"/console/deliveries?user={name}")
    page.get_by_role("button", name="Send again").click()
    page.wait_for_selector("text=Another code is on its way.")
    service.code_for(number, after=seen)

    if not visitor.has_scripts:
        visitor.go(f"/console/deliveries?user={name}")
    page.locator("tbody .state.waiting").first.wait_for(state="detached")
    assert page.locator("tbody tr").count() == 2


def test_a_client_is_registered_changed_and_removed(entered):
    visitor, page = entered, entered.page
    visitor.go("/console/clients")
    page.get_by_role("link", name="New client").click()
    page.wait_for_selector("h1:has-text('New client')")
    page.fill("#name", "Web shop")
    page.fill("#redirect_uris", "http://shop.example/")
    page.get_by_role("button", name="Add client").click()
    page.wait_for_selector(".summary")
    visitor.check("console-client", "New client")
    page.fill("#redirect_uris", "https://shop.example/cb")
    page.get_by_label("openid").check()
    page.get_by_role("button", name="Add client").click()
    page.wait_for_selector("code.key")
    visitor.check("console-client-secret", "The secret of Web shop")
    page.get_by_role("link", name="I have kept it").click()
    page.wait_for_selector("h1:has-text('Web shop')")
    page.get_by_role("link", name="Remove").click()
    page.wait_for_selector("h1:has-text('Remove Web shop?')")
    visitor.go("/console/clients")
    visitor.check("console-clients", "Clients")
    page.get_by_role("link", name="Web shop").click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_selector("text=Web shop is removed.")


def until(visitor, selector):
    """Wait until a page shows something: one that is live by itself, another one by looking again."""
    if visitor.has_scripts:
        visitor.page.wait_for_selector(selector)
        return
    for _ in range(50):
        if visitor.page.locator(selector).count():
            return
        visitor.page.wait_for_timeout(200)
        visitor.page.reload()
    raise AssertionError(f"{selector} is not shown: {visitor.text}")


def test_users_come_and_go_by_file(entered):
    visitor, page = entered, entered.page
    number = a_number()
    lines = "".join(f"pat{number[-4:]}{n},{number[:-2]}{n}\n" for n in range(10, 99))
    content = f"userName,mobile\n{lines},{number}\n".encode()

    visitor.go("/console/transfer")
    visitor.check("console-transfer", "Import and export")
    page.set_input_files("#file", {"name": "staff.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_selector("h1:has-text('staff.csv')")
    until(visitor, "text=Nothing has been written yet.")
    visitor.check("console-import", "staff.csv")
    page.get_by_role("button", name="Import", exact=True).click()
    until(visitor, ".state:text-is('imported')")
    with page.expect_download() as report:
        page.get_by_role("link", name="Download the report").click()
    assert report.value.path().read_text().splitlines()[1].startswith(f",{number}")

    visitor.go("/console/transfer")
    page.fill("#filter", f'userName sw "pat{number[-4:]}"')
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export").click()
    assert len(taken.value.path().read_text().splitlines()) == 90
