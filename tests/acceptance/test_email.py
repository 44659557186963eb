"""A real mail server, a real service: an address counts when the code that was mailed to it comes back."""

from __future__ import annotations

import time

import pytest

from tests.factories.mail_server import MailServer
from tests.factories.servers import ENTERPRISE, code_in

pytestmark = pytest.mark.acceptance

OLD, NEW = "bobsmith@abc.com", "Bob.Smith@example.com"


@pytest.fixture
def mail_server():
    """Run a mail server that takes everything."""
    with MailServer() as running:
        yield running


def _wait_for_mail(host, count):
    deadline = time.monotonic() + 30
    while len(host.mails) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return host.mails[count - 1]


def test_an_address_is_changed_by_the_code_that_was_mailed_to_it(begin, mail_server, tmp_path):
    service = begin(
        email_verification="true",
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        mail_from="Lineproof <codes@example.org>",
        otp_length="8",
    )
    _, bob = service.printed()
    listed = "/api/identity/user/v1.0/me/verifications"

    asked = bob.patch("/scim2/Me", {"emails": [{"value": NEW, "type": "work", "primary": True}]})
    mail = _wait_for_mail(mail_server.host, 1)
    code = code_in(mail.get_content())
    waiting = bob.me()
    (pending,) = bob.call("GET", listed).json()["verifications"]
    answer = bob.validate(code)
    proved = bob.me()

    assert asked.status_code == 200
    assert (mail["To"], mail["From"]) == (NEW, "Lineproof <codes@example.org>")
    assert [item["value"] for item in waiting["emails"]] == [OLD]
    assert waiting[ENTERPRISE]["pendingEmails"] == [{"value": NEW}]
    assert (pending["scenario"], pending["target"]) == ("EMAIL_OTP_VERIFICATION_ON_UPDATE", "B***@e***.com")
    assert answer.status_code == 200
    assert [item["value"] for item in proved["emails"]] == [NEW]
    assert proved[ENTERPRISE]["emailVerified"] is True
    assert "pendingEmails" not in proved[ENTERPRISE]
    assert service.process.stop() == 0
    log = "\n".join(service.process.errors)
    assert not any(private in log for private in (code, OLD, NEW))
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert code.encode() not in files
