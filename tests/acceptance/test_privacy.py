"""What a running service writes anywhere: no code, no token, and no whole number in its log."""

from __future__ import annotations

import re

import pytest
import requests

from tests.factories.gateways import Reply
from tests.factories.mail_server import MailServer
from tests.factories.processes import wait_until
from tests.factories.realms import Realm
from tests.factories.servers import WSO2, mobile_of

pytestmark = pytest.mark.acceptance

NUMBERS = ("0123456789", "0123456780", "0123456781")
OLD, NEW, LAST, ADDRESS = "+94771234567", "+94771234568", "+94771234569", "bob.smith@example.com"
PASSWORD, WRONG = "a horse with batteries", "a horse without batteries"


@pytest.fixture
def mail_server():
    """Run a mail server that takes everything."""
    with MailServer() as running:
        yield running


def _long_code(message):
    return re.search(r"\b\d{8}\b", message.body["content"]).group()


def test_log_and_files_hold_no_code_and_no_token(begin, gateway, tmp_path):
    """Codes of eight digits, and a gateway that refuses one: eight digits stand nowhere by chance."""
    gateway.then(Reply(503, {}), Reply(200, {}), Reply(400, {"error": "no"}), Reply(200, {}))
    service = begin(
        sms_providers="custom", custom_url=f"{gateway.url}?key=gateway-secret", otp_length="8", otp_resend_cooldown="0"
    )
    admin, bob = service.printed()
    printed = "\n".join(service.process.lines)

    bob.set_mobile("/scim2/Me", NUMBERS[0])
    first = _long_code(gateway.wait_for(2, 30)[1])
    refused = bob.validate("00000000")
    bob.set_mobile("/scim2/Me", NUMBERS[1])
    second = _long_code(gateway.wait_for(3, 30)[2])
    bob.call(
        "POST",
        "/api/identity/user/v1.0/me/resend-code",
        {"properties": [{"key": "RecoveryScenario", "value": "MOBILE_VERIFICATION_ON_UPDATE"}]},
    )
    third = _long_code(gateway.wait_for(4, 30)[3])
    late = bob.validate(second)
    assert bob.validate(third).status_code == 200
    faulty = admin.call("POST", "/api/identity/user/v1.0/validate-code", {"code": [third]})
    assert mobile_of(bob.me()) == NUMBERS[1]
    assert service.process.stop() == 0

    log = "\n".join(service.process.errors)
    assert "message handed to gateway" in log
    told = log + "".join(answer.text for answer in (refused, late, faulty))
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (first, second, third, bob.token, admin.token):
        assert secret not in told
        assert secret.encode() not in files
    for private in (*NUMBERS, "0111111111", "gateway-secret"):
        assert private not in log
    # Only the console provider writes messages to standard output, and it is not in use here.
    assert "\n".join(service.process.lines) == printed


def _texted(gateway, number):
    """Wait for the code that goes to a number."""
    found = []

    def has_come():
        found[:] = [item for item in gateway.received if item.body["to"] == number]
        return bool(found)

    wait_until(has_come, 30)
    return _long_code(found[0])


def _mailed(host, pattern):
    """Wait for a mail with something in it, and return that."""
    found = []

    def has_come():
        texts = [mail.get_body(("plain",)).get_content() for mail in host.mails]
        found[:] = [match.group(1) for text in texts if (match := re.search(pattern, text))]
        return bool(found)

    wait_until(has_come, 30)
    return found[0]


def test_log_and_files_hold_nothing_of_a_sign_in_a_restore_and_an_undo(request, gateway, mail_server, tmp_path):
    realm = Realm.make(
        tmp_path,
        {
            "sms_providers": "custom",
            "custom_url": gateway.url,
            "smtp_url": f"smtp://127.0.0.1:{mail_server.port}",
            "mail_from": "codes@example.org",
            "email_verification": "true",
            "restore_policy": "email+password",
            "otp_length": "8",
        },
        workers=1,
    )
    service, host = realm.service.start(), mail_server.host
    request.addfinalizer(service.process.kill)
    verified = {"verifiedMobileNumbers": [OLD], "verifiedEmailAddresses": [ADDRESS]}
    contacts = {"phoneNumbers": [{"type": "mobile", "value": OLD}], "emails": [{"value": ADDRESS, "primary": True}]}
    bob_id = realm.add_user("bob", password=PASSWORD, **contacts, **{WSO2: verified})
    secret = service.command("client", "add", "Shop", "--scope", "internal_login").splitlines()[1].partition("=")[2]

    browser = realm.browser()
    browser.send(browser.get("/sign-in").form_with("password"), user_name="bob", password=WRONG)
    page = browser.send(browser.get("/sign-in").form_with("password"), user_name="bob", password=PASSWORD)
    flow = browser.session.cookies["lineproof-sign-in"]
    sign_in_code = _texted(gateway, OLD)
    form = page.form_with("code")
    browser.send(form, code=sign_in_code)
    cookies = [browser.session.cookies[f"lineproof-{name}"] for name in ("session", "visit")]

    def restore(step, **body):
        answer = requests.post(f"{service.url}/api/identity/recovery/v1.0/phone/{step}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    hold = restore("start", email=ADDRESS)
    mailed_code = _mailed(host, r"\b(\d{8})\b")
    restore("verify-email", code=mailed_code, **hold)
    restore("prove", password=PASSWORD, **hold)
    restore("phone", phoneNumber=NEW, **hold)
    new_code = _texted(gateway, NEW)
    restore("verify-phone", code=new_code, **hold)
    bob = realm.user(bob_id)
    assert bob.set_mobile("/scim2/Me", LAST).status_code == 200
    last_code = _texted(gateway, LAST)
    assert bob.validate(last_code).status_code == 200
    link = _mailed(host, r"/revert/([^\s>]+)")
    undone = browser.send(browser.get(f"/revert/{link}").forms[0])
    assert service.process.stop() == 0

    assert undone.status == 200
    log = "\n".join(service.process.errors)
    assert '"route":"/revert/<token>"' in log
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    secrets = [PASSWORD, WRONG, secret, flow, hold["secret"], link, *cookies, bob.token]
    secrets += [sign_in_code, mailed_code, new_code, last_code]
    for kept in (*secrets, *(part for part in flow.split(".")[1:])):
        assert kept not in log
        assert kept.encode() not in files
    for private in (OLD, NEW, LAST, ADDRESS):
        assert private not in log
