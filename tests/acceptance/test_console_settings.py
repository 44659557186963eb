"""The Console's settings in front of a real browser: rules of verification, and the guide's SMS provider."""

from __future__ import annotations

import pytest

from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN, Gateway
from tests.factories.servers import Service
from tests.factories.visitors import a_number, add_member, sign_in

pytestmark = [pytest.mark.acceptance, pytest.mark.browser]

LENGTH = '[id="UserClaimUpdate.OTP.OTPLength"]'


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Start one service for all visitors."""
    settings = {"otp_resend_cooldown": "0", "allow_private_urls": "true"}
    started = Service(tmp_path_factory.mktemp("settings"), settings=settings).start()
    yield started
    started.process.kill()


@pytest.fixture(scope="module")
def administrator(service):
    """Add somebody who may do everything; return name and number."""
    name, number = add_member(service.admin(), "root")
    service.command("user", "administrator", name)
    return name, number


def says(visitor, text):
    """Wait until the page says so: it may be updated in place."""
    visitor.page.locator("main").get_by_text(text).first.wait_for()


def test_rules_are_set_reverted_and_undone(visitor, service, administrator):
    sign_in(visitor, service, *administrator, "/sign-in?return_to=/console/verification")
    page = visitor.page
    visitor.check("console-verification", "Number verification")

    page.locator(LENGTH).fill("12")
    visitor.press()
    says(visitor, "Enter 6, 7 or 8")
    visitor.check("console-verification-faulty", "Number verification")
    page.locator(LENGTH).fill("8")
    visitor.press()
    says(visitor, "The settings are saved.")
    assert page.locator(LENGTH).input_value() == "8"
    page.get_by_role("button", name="Revert: Length of codes").click()
    says(visitor, "The environment's values hold again.")
    assert page.locator(LENGTH).input_value() == "6"
    page.get_by_role("button", name="Undo").click()
    says(visitor, "The settings are saved.")
    assert page.locator(LENGTH).input_value() == "8"
    page.get_by_role("button", name="Undo").click()
    says(visitor, "The environment's values hold again.")
    assert page.locator(LENGTH).input_value() == "6"


def test_the_guides_sms_provider_is_set_up_tried_and_removed(visitor, service, administrator):
    sign_in(visitor, service, *administrator, "/sign-in?return_to=/console/sms-provider")
    page = visitor.page
    visitor.check("console-sms-twilio", "SMS Provider")
    page.locator("#key").fill(ACCOUNT_SID)
    page.locator("#secret").fill(AUTH_TOKEN)
    page.locator("#sender").fill("+15005550006")
    visitor.press()
    says(visitor, "Twilio is set up")

    page.get_by_role("link", name="Custom", exact=True).click()
    says(visitor, "Twilio is set up now")
    with Gateway() as gateway:
        page.get_by_label("SMS Provider URL").fill(gateway.url)
        page.get_by_label("Headers").fill("x-key: some-value")
        page.get_by_label("Authentication").select_option("BEARER")
        assert page.get_by_label("Password").is_visible() is False
        page.get_by_label("Access token").fill("a-token")
        visitor.press()
        says(visitor, "Custom is set up")
        assert page.get_by_label("Access token").input_value() == ""
        page.get_by_label("Mobile number").fill(a_number())
        page.get_by_role("button", name="Send").click()
        says(visitor, "The test message was taken by SMSPublisher.")
        assert gateway.received[0].headers["authorization"] == "Bearer a-token"
        assert gateway.received[0].headers["x-key"] == "some-value"
    visitor.check("console-sms-custom", "SMS Provider")
    page.get_by_label("Mobile number").fill(a_number())
    page.get_by_role("button", name="Send").click()
    says(visitor, "The message was not taken now: The gateway cannot be reached")

    page.get_by_role("link", name="Remove SMSPublisher?").click()
    says(visitor, "Its secrets are forgotten.")
    visitor.check("console-sms-remove", "Remove SMSPublisher?")
    page.locator("main").get_by_role("button", name="Remove").click()
    says(visitor, "SMSPublisher is removed.")
    says(visitor, "Printed on the terminal")
    visitor.go("/console/mail-provider")
    says(visitor, "Mail server")
    page.get_by_label("E-mail address").fill("bob@example.com")
    page.get_by_role("button", name="Send").click()
    says(visitor, "The test message was taken by console.")
    visitor.check("console-mail", "Mail provider")
