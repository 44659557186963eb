"""Notices by real servers: told once, taken back by a link, and not lost when the service is killed."""

from __future__ import annotations

import os
import re
import signal

import pytest
import requests

from tests.factories.browsing import Page
from tests.factories.mail_server import MailServer
from tests.factories.processes import are_gone, delivery_workers, descendants, is_free, wait_until
from tests.factories.servers import CALL_TIMEOUT, code_in, mobile_of

pytestmark = pytest.mark.acceptance

OLD, NEW, OTHER = "0111111111", "0123456789", "0123456788"


@pytest.fixture
def mail_host():
    """Run a mail server that takes everything."""
    with MailServer() as running:
        yield running


@pytest.fixture
def settings(gateway, mail_host):
    """Send messages and mails to servers of these tests."""
    return {
        "sms_providers": "custom",
        "custom_url": gateway.url,
        "smtp_url": f"smtp://127.0.0.1:{mail_host.port}",
        "mail_from": "codes@example.org",
    }


def sent_to(gateway):
    return [message.body["to"] for message in gateway.received]


def is_sent(someone):
    (verification,) = someone.call("GET", "/api/identity/user/v1.0/me/verifications").json()["verifications"]
    return verification["delivery"] == "sent"


def test_a_change_is_told_to_the_old_number_and_taken_back_by_the_mail(begin, gateway, mail_host, settings):
    service = begin(**settings)
    admin, bob = service.printed()
    user = f"/scim2/Users/{bob.me()['id']}"
    bob.set_mobile("/scim2/Me", NEW)
    assert bob.validate(code_in(gateway.wait_for(1)[0].body["content"])).status_code == 200

    wait_until(lambda: len(gateway.received) == 2 and len(mail_host.host.mails) == 1)
    (link,) = re.findall(r"http://\S+/revert/\S+", mail_host.host.texts[0])
    browser = requests.Session()
    shown = Page(browser.get(link, timeout=CALL_TIMEOUT), "/revert")
    told, still = sent_to(gateway), mobile_of(bob.me())
    done = browser.post(link, shown.forms[0].values, timeout=CALL_TIMEOUT)

    assert told == [NEW, OLD]
    assert link.startswith(service.url)
    assert (shown.status, still, done.status_code) == (200, NEW, 200)
    assert mobile_of(admin.call("GET", user).json()) == OLD
    wait_until(lambda: bob.call("GET", "/scim2/Me").status_code == 401)
    assert browser.get(link, timeout=CALL_TIMEOUT).status_code == 410
    assert service.process.stop() == 0


def test_notices_of_a_killed_service_arrive_once_and_none_of_what_was_not_stored(begin, gateway, mail_host, settings):
    service = begin(**settings)
    _, bob = service.printed()
    bob.set_mobile("/scim2/Me", NEW)
    (message,) = gateway.wait_for(1)
    wait_until(lambda: is_sent(bob))
    children, (worker,) = descendants(service.process.pid), delivery_workers(service.process.pid)
    # It sleeps from here on, so that nothing leaves between the change and the end.
    worker.suspend()

    assert bob.validate(code_in(message.body["content"])).status_code == 200
    # One that waits for its code is not stored.
    assert bob.set_mobile("/scim2/Me", OTHER).status_code == 200
    before = (sent_to(gateway), mail_host.host.mails)
    os.kill(service.process.pid, signal.SIGKILL)
    worker.kill()
    wait_until(lambda: are_gone(children) and is_free(service.port))
    again = begin(port=service.port, **settings)

    assert before == ([NEW], [])
    wait_until(lambda: len(gateway.received) == 3 and len(mail_host.host.mails) == 1)
    assert mobile_of(again.printed()[1].me()) == NEW
    # What comes next comes after all that there was.
    assert again.process.stop() == 0
    assert sorted(sent_to(gateway)) == sorted([NEW, OLD, OTHER])
    assert len(mail_host.host.mails) == 1
