"""Senders that administrators set up over HTTP: kept sealed, told without secrets, checked before they are stored."""

from __future__ import annotations

import json
import socket

import pytest
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from api.auth.scopes import Scope
from api.sender_gateways import SenderGateways
from api.services.sender_values import unseal
from persistence.database import Database
from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN, Gateway, Reply, TwilioGateway, VonageGateway
from tests.factories.mail_server import MailServer
from tests.factories.verification import key_ring

V1 = "/api/server/v1/notification-senders/sms"
V2 = "/api/server/v2/notification-senders/sms"
MAIL = "/api/server/v1/notification-senders/email/try"
NUMBER, OTHER = "+94771234567", "+94771234568"
BODY = {"key": "body", "value": '{"text": {{body}}, "nr": {{mobile}}}'}
PUBLIC = "https://203.0.114.20/messages"
TWILIO = {"provider": "Twilio", "key": ACCOUNT_SID, "secret": AUTH_TOKEN, "sender": "+15005550006"}


def custom(url=PUBLIC, **members):
    """Return a sender of a custom gateway."""
    return {"provider": "Custom", "providerURL": url, "contentType": "JSON", "properties": [BODY], **members}


def headers(text):
    return {"key": "http.headers", "value": text}


def auth(type_, **properties):
    return {"authentication": {"type": type_, "properties": properties}}


@pytest.fixture
def gateway():
    with Gateway() as found:
        yield found


@pytest.fixture
def inside(start):
    """Start the application where senders may lead to loopback."""
    return start(allow_private_urls="true")


def carrier(application):
    """Return what a worker would carry by."""
    core = application.services.core
    stored = core.database.read(lambda unit: unit.senders.list())
    return SenderGateways(application.services.settings, None).carrier_of(stored, core.keys)


def tried(application, **members):
    return application.admin().post(f"{V1}/try", {"to": NUMBER, **members})


def test_a_sender_is_set_up_shown_changed_and_removed(application):
    admin = application.admin()

    made = admin.post(V1, custom(properties=[BODY, headers("x-key: geheim"), {"key": "http.method", "value": "PUT"}]))

    assert (made.status_code, made.headers["Location"]) == (201, f"{V1}/SMSPublisher")
    shown = {
        "name": "SMSPublisher",
        "provider": "Custom",
        "providerURL": PUBLIC,
        "key": "",
        "sender": "",
        "contentType": "JSON",
        "properties": [BODY, {"key": "http.method", "value": "PUT"}],
        "secretsSet": ["properties.http.headers"],
    }
    assert made.get_json() == shown
    assert admin.get(V1).get_json() == [shown]
    assert admin.get(f"{V1}/SMSPublisher").get_json() == shown
    changed = admin.put(f"{V1}/SMSPublisher", custom(contentType="FORM", properties=[{**BODY, "value": "a={{body}}"}]))
    assert changed.status_code == 200
    assert (changed.get_json()["contentType"], changed.get_json()["secretsSet"]) == (
        "FORM",
        ["properties.http.headers"],
    )
    assert admin.delete(f"{V1}/SMSPublisher").status_code == 204
    assert admin.get(V1).get_json() == []


@pytest.mark.parametrize("name", [".", "..", ".a", "-a", "_", "a/b", "", "a" * 65, "a\n"])
def test_a_name_is_one_that_a_path_can_hold(application, name):
    assert application.admin().post(V1, custom(name=name)).status_code == 400


def test_a_name_may_have_points_and_lines_within(application):
    assert application.admin().post(V1, custom(name="a._-")).status_code == 201
    assert application.admin().delete(f"{V1}/a._-").status_code == 204


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive"])
def test_the_frame_of_a_request_is_not_the_senders(application, name):
    admin = application.admin()

    of_key = admin.post(V2, custom(**auth("API_KEY", header=name, value="x")))
    of_headers = admin.post(V2, custom(properties=[BODY, headers(f"{name}: x")]))

    assert [(answer.status_code, answer.get_json()["code"]) for answer in (of_key, of_headers)] == [
        (400, "SENDER_REFUSED")
    ] * 2


def test_the_second_version_tells_of_authentications_without_their_secrets(application):
    admin = application.admin()

    made = admin.post(V2, custom(**auth("CLIENT_CREDENTIAL", clientId="me", clientSecret="s1", tokenEndpoint=PUBLIC)))

    assert made.status_code == 201
    assert made.get_json()["authentication"] == {
        "type": "CLIENT_CREDENTIAL",
        "properties": {"clientId": "me", "tokenEndpoint": PUBLIC},
    }
    assert made.get_json()["secretsSet"] == ["authentication.clientSecret"]
    assert "authentication" not in admin.get(f"{V1}/SMSPublisher").get_json()
    # Who knows the first version only changes the rest.
    assert admin.put(f"{V1}/SMSPublisher", custom(sender="Us")).status_code == 200
    assert admin.get(f"{V2}/SMSPublisher").get_json()["authentication"]["type"] == "CLIENT_CREDENTIAL"
    assert admin.put(f"{V2}/SMSPublisher", custom(**auth("NONE"))).get_json()["authentication"] == {
        "type": "NONE",
        "properties": {},
    }


def test_key_and_secret_of_a_custom_gateway_are_basic(application):
    admin = application.admin()

    admin.post(V1, custom(key="me", secret="s1"))

    shown = admin.get(f"{V2}/SMSPublisher").get_json()
    assert shown["authentication"] == {"type": "BASIC", "properties": {"username": "me"}}
    assert (shown["key"], shown["secretsSet"]) == ("me", ["secret", "authentication.password"])
    assert admin.put(f"{V1}/SMSPublisher", custom(key="me")).get_json()["secretsSet"] == shown["secretsSet"]
    assert admin.put(f"{V1}/SMSPublisher", custom(key="you")).get_json()["code"] == "NSM-60007"


def test_secrets_stay_where_they_are_not_told_again_but_never_go_elsewhere(application):
    admin = application.admin()
    told = custom(properties=[BODY, headers("x-key: geheim")], **auth("BEARER", token="t1"))
    admin.post(V2, told)

    moved = admin.put(f"{V2}/SMSPublisher", custom("https://203.0.114.21/messages", **auth("BEARER")))

    assert (moved.status_code, moved.get_json()["code"]) == (400, "SENDER_REFUSED")
    assert "tell every secret again" in moved.get_json()["description"]
    elsewhere = {**told, "providerURL": "https://203.0.114.21/messages"}
    assert admin.put(f"{V2}/SMSPublisher", elsewhere).status_code == 200
    same_place = custom("https://203.0.114.21/others", **auth("BEARER"))
    assert admin.put(f"{V2}/SMSPublisher", same_place).get_json()["secretsSet"] == [
        "properties.http.headers",
        "authentication.accessToken",
    ]


def test_secrets_of_another_provider_are_not_taken_over(application):
    admin = application.admin()
    admin.post(V1, TWILIO)

    assert admin.put(f"{V1}/SMSPublisher", {**TWILIO, "secret": None, "sender": "Us"}).get_json()["sender"] == "Us"
    other = admin.put(f"{V1}/SMSPublisher", {**TWILIO, "provider": "Vonage", "secret": None})

    assert (other.status_code, other.get_json()["description"]) == (400, "secret is missing.")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "NSM-60003"),
        ({"provider": " "}, "NSM-60003"),
        ({"provider": "Custom", "providerURL": PUBLIC}, "NSM-60004"),
        (custom(properties=[{"key": "body", "value": " "}]), "NSM-60004"),
        (custom(key="me", **auth("BEARER", accessToken="t")), "NSM-60007"),
        (custom(key="me", secret="other", **auth("BASIC", username="me", password="s")), "NSM-60007"),
        (custom(key="me"), "NSM-60007"),
        (custom(authentication={"properties": {}}), "NSM-60009"),
        (custom(authentication={}), "NSM-60009"),
        (custom(**auth("DIGEST")), "NSM-60010"),
        (custom(**auth("BEARER", accessToken=" ")), "NSM-60011"),
        (custom(**auth("API_KEY", header="x-key")), "NSM-60012"),
        ({"provider": "Plivo", "key": "k", "secret": "s", "sender": "+1"}, "SENDER_REFUSED"),
        ({"provider": "Twilio", "key": ACCOUNT_SID}, "SENDER_REFUSED"),
        (custom(""), "SENDER_REFUSED"),
        (custom("ftp://203.0.114.20/"), "SENDER_REFUSED"),
        (custom("https://user:pass@203.0.114.20/"), "SENDER_REFUSED"),
        (custom("https://other.example\\@203.0.114.20/"), "SENDER_REFUSED"),
        (custom("http://127.0.0.1:9999/"), "SENDER_REFUSED"),
        (custom("http://[::1]/"), "SENDER_REFUSED"),
        (custom("http://169.254.169.254/latest/"), "SENDER_REFUSED"),
        (custom("http://localhost/"), "SENDER_REFUSED"),
        (custom("http://2130706433/"), "SENDER_REFUSED"),
        (
            custom(**auth("CLIENT_CREDENTIAL", clientId="a", clientSecret="b", tokenEndpoint="http://10.0.0.1/")),
            "SENDER_REFUSED",
        ),
        (custom(**auth("API_KEY", header="Content-Type", value="x")), "SENDER_REFUSED"),
        (custom(**auth("API_KEY", header="x y", value="x")), "SENDER_REFUSED"),
        (custom(properties=[{**BODY, "value": '{"a": {{code}}}'}]), "SENDER_REFUSED"),
        (custom(properties=[BODY, headers("no colon")]), "SENDER_REFUSED"),
        (custom(properties=[BODY, {"key": "http.method", "value": "GET"}]), "SENDER_REFUSED"),
        (custom(contentType="XML"), "INVALID_REQUEST"),
        (custom(name="a b"), "INVALID_REQUEST"),
    ],
)
def test_what_could_not_send_is_not_stored(standing, body, code):
    admin = standing.application.admin()

    answer = admin.post(V2, body)

    assert (answer.status_code, answer.get_json()["code"]) == (400, code)
    assert admin.get(V2).get_json() == []


def test_names_are_unique_and_unknown_ones_not_found(application):
    admin = application.admin()
    admin.post(V1, custom())

    assert admin.post(V1, custom()).get_json()["code"] == "NSM-60002"
    for answer in (
        admin.get(f"{V1}/other"),
        admin.put(f"{V1}/other", custom()),
        admin.delete(f"{V1}/other"),
        tried(application, sender="other"),
        admin.get(f"{V1}/%00"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "NSM-60006")


def test_there_may_be_ten(application):
    admin = application.admin()
    for number in range(10):
        assert admin.post(V1, custom(name=f"s{number}")).status_code == 201

    assert admin.post(V1, custom(name="one-more")).get_json()["code"] == "SENDER_LIMIT"


def test_each_request_needs_its_scope(application):
    admin = application.admin()
    admin.post(V1, custom())
    scopes = {
        Scope.SENDER_VIEW: ("GET", f"{V1}/SMSPublisher", None),
        Scope.SENDER_UPDATE: ("PUT", f"{V1}/SMSPublisher", custom()),
        Scope.SENDER_DELETE: ("DELETE", f"{V1}/SMSPublisher", None),
        Scope.SENDER_CREATE: ("POST", V1, custom()),
    }
    bob = application.add_user("bob")
    for scope, (method, path, body) in scopes.items():
        others = application.user(bob, frozenset(Scope) - {scope})
        assert others.call(method, path, body).status_code == 403
        assert application.user(bob, frozenset({scope})).call(method, path, body).status_code < 300


def test_what_is_stored_is_sealed_and_told_to_nobody(application):
    admin = application.admin()
    secrets = ("geheim-1", "geheim-2")
    admin.post(V2, custom(properties=[BODY, headers("x-key: geheim-1")], **auth("BEARER", accessToken="geheim-2")))

    (stored,) = application.services.core.database.read(lambda unit: unit.senders.list())
    events = admin.get("/api/server/v1/audit").get_json()["events"]
    told = admin.get(V2).get_data(as_text=True) + json.dumps(events) + stored.sealed + repr(stored)

    assert not any(secret in told for secret in secrets)
    assert repr(unseal(application.services.core.keys, stored)).find("geheim") == -1


def test_who_did_what_is_on_record(application):
    admin = application.admin()
    admin.post(V1, custom())
    application.clock.move(seconds=1)
    admin.put(f"{V1}/SMSPublisher", custom())
    application.clock.move(seconds=1)
    admin.delete(f"{V1}/SMSPublisher")

    events = admin.get("/api/server/v1/audit").get_json()["events"]
    assert [(event["event"], event["detail"]) for event in events] == [
        ("sender.removed", {"sender": "SMSPublisher"}),
        ("sender.changed", {"sender": "SMSPublisher", "provider": "Custom"}),
        ("sender.added", {"sender": "SMSPublisher", "provider": "Custom"}),
    ]


def test_two_changes_at_once_are_not_mixed(application):
    admin = application.admin()
    admin.post(V1, custom())
    senders, database = application.services.senders, application.services.core.database
    (stored,) = database.read(lambda unit: unit.senders.list())
    application.clock.move(seconds=1)
    assert database.transact(lambda unit: unit.senders.save(stored, expected=application.clock.now())) is False
    assert senders.show("SMSPublisher").url == PUBLIC


def test_senders_are_tried_in_the_order_in_which_they_were_made(inside, gateway):
    admin = inside.admin()
    gateway.then(Reply(503))
    for name in ("b", "a"):
        admin.post(V1, custom(f"{gateway.url}/{name}", name=name))
        inside.clock.move(seconds=1)

    assert carrier(inside).names == ("b", "a")
    assert tried(inside).get_json() == {"outcome": "accepted", "provider": "a", "reason": None, "reference": "gw-1"}
    assert [received.path for received in gateway.received] == ["/b", "/a"]


def test_a_message_that_tries_a_gateway_tells_what_it_said(inside, gateway):
    admin = inside.admin()
    admin.post(V1, custom(gateway.url))

    answer = tried(inside, sender="SMSPublisher", locale="de")

    assert answer.get_json()["outcome"] == "accepted"
    assert gateway.received[0].body == {
        "text": "Das ist eine Testnachricht von Lineproof. Es ist nichts zu tun.",
        "nr": NUMBER,
    }
    gateway.always(Reply(401))
    assert tried(inside).get_json() == {
        "outcome": "refused",
        "provider": None,
        "reason": "credentials refused",
        "reference": None,
    }
    gateway.always(Reply(503))
    assert tried(inside).get_json()["outcome"] == "postponed"
    events = admin.get("/api/server/v1/audit").get_json()["events"]
    assert {event["event"] for event in events} == {"sender.added", "sender.tried"}
    details = [event["detail"] for event in events if event["event"] == "sender.tried"]
    assert {detail["outcome"] for detail in details} == {"accepted", "refused", "postponed"}
    assert NUMBER not in json.dumps(details)


def test_without_senders_the_environments_are_tried(start):
    with TwilioGateway() as gateway:
        application = start(
            sms_providers="twilio",
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            twilio_sender="+15005550006",
            twilio_base_url=gateway.url,
        )
        assert tried(application).get_json()["provider"] == "twilio"


@pytest.mark.parametrize(
    ("double", "setting", "sender"),
    [
        (TwilioGateway, "twilio_base_url", TWILIO),
        (
            VonageGateway,
            "vonage_base_url",
            {"provider": "vonage", "key": "abcd1234", "secret": "a-vonage-secret", "sender": "Us"},
        ),
    ],
)
def test_accounts_of_known_providers_send(start, double, setting, sender):
    with double() as gateway:
        application = start(**{setting: gateway.url})
        assert application.admin().post(V1, sender).status_code == 201

        assert tried(application).get_json()["provider"] == "SMSPublisher"
        refused = application.admin().put(f"{V1}/SMSPublisher", {**sender, "secret": "wrong"})
        assert refused.status_code == 200
        assert tried(application).get_json()["reason"] == "credentials refused"


def test_a_mail_tries_the_mail_server(start):
    with MailServer() as server:
        application = start(smtp_url=f"smtp://127.0.0.1:{server.port}", mail_from="a@example.com")

        answer = application.admin().post(MAIL, {"to": "bob@example.com"})

        assert (answer.get_json()["outcome"], answer.get_json()["provider"]) == ("accepted", "smtp")
        assert server.host.mails[0]["Subject"] == "A test message"
        server.host.on_recipient.append("550 no such mailbox")
        assert application.admin().post(MAIL, {"to": "bob@example.com"}).get_json()["outcome"] == "refused"
    (event, *_) = application.admin().get("/api/server/v1/audit?event=sender.tried").get_json()["events"]
    assert (event["detail"]["channel"], event["detail"]["target"]) == ("email", "b***@e***.com")


def test_without_a_mail_server_no_mail_is_tried(start):
    application = start(
        env="production",
        sms_providers="custom",
        custom_url="https://sms.example.com",
        base_url="https://id.example.com",
    )

    answer = application.admin().post(MAIL, {"to": "bob@example.com"})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "SENDER_REFUSED")
    assert application.admin().post(MAIL, {"to": "bob"}).status_code == 400


def test_trials_are_bound_by_the_limits_of_codes(start, gateway):
    application = start(allow_private_urls="true", otp_max_sends_per_number="1")
    application.admin().post(V1, custom(gateway.url))

    assert tried(application).status_code == 200
    limited = tried(application)

    assert (limited.status_code, limited.get_json()["code"]) == (429, "OTP_NUMBER")
    assert int(limited.headers["Retry-After"]) > 0
    assert tried(application, to="no number").status_code == 400
    assert tried(application, to=OTHER).status_code == 200
    assert len(gateway.received) == 2


def test_nothing_is_sent_to_test_numbers(start):
    application = start(test_numbers=f"{NUMBER}=123456@2026-12-31")

    assert tried(application).get_json() == {
        "outcome": "accepted",
        "provider": "test",
        "reason": None,
        "reference": None,
    }


def test_a_host_that_has_moved_inside_is_refused_when_it_is_called(start, gateway, monkeypatch):
    application = start()
    addresses = ["203.0.114.20"]
    found = socket.getaddrinfo

    def resolve(host, port, *args, **options):
        return found(addresses[0] if host == "sms.example" else host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = f"http://sms.example:{gateway.port}/"
    assert application.admin().post(V1, custom(url)).status_code == 201
    addresses[0] = "127.0.0.1"

    assert tried(application).get_json()["reason"] == "gateway address refused"
    assert gateway.received == []


def test_a_host_that_nobody_knows_is_told(application, monkeypatch):
    def fail(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    answer = application.admin().post(V1, custom("https://nowhere.invalid/"))

    assert answer.get_json()["description"] == "providerURL: The host of the URL is not known."


def test_a_sender_whose_key_is_gone_is_passed_over_and_can_be_set_up_anew(start, keys):
    application = start()
    application.admin().post(V1, custom(key="me", secret="s1"))

    later = start(master_keys=key_ring("k9").export())

    assert later.admin().get(f"{V1}/SMSPublisher").get_json()["providerURL"] == ""
    assert tried(later, sender="SMSPublisher").get_json()["code"] == "SENDER_REFUSED"
    assert later.admin().post(V1, custom(name="second")).status_code == 201
    assert carrier(later).names == ("second",)
    assert later.admin().put(f"{V1}/SMSPublisher", custom()).status_code == 200
    assert carrier(later).names == ("SMSPublisher", "second")


def test_where_no_sender_can_be_opened_nothing_is_sent_by_others(start):
    start().admin().post(V1, custom(key="me", secret="s1"))
    later = start(master_keys=key_ring("k9").export())
    bob = later.user(later.add_user("bob"))
    bob.set_mobile("/scim2/Me", NUMBER)

    with capture_logs() as logs:
        later.carrier.send = carrier(later).send
        (delivery,) = later.deliver()

    assert (delivery.status, delivery.reason) == ("queued", "no stored sender usable")
    assert [entry["event"] for entry in logs] == [
        "stored sender not usable",
        "no sms is sent: no stored sender is usable",
    ]
    assert tried(later).get_json()["outcome"] == "postponed"
    ready = later.app.test_client().get("/readyz")
    assert (ready.status_code, ready.get_json()["checks"]["senders"]) == (503, False)
    assert later.admin().delete(f"{V1}/SMSPublisher").status_code == 204
    assert later.app.test_client().get("/readyz").status_code == 200
    assert carrier(later).names == ("console",)


def test_a_new_key_seals_what_is_written_from_then_on(start, keys):
    application = start()
    application.admin().post(V1, custom(key="me", secret="s1"))

    later = start(master_keys=f"{key_ring('k2').export()},{keys['master_keys']}")

    assert later.admin().put(f"{V1}/SMSPublisher", custom(key="me")).status_code == 200
    (stored,) = later.services.core.database.read(lambda unit: unit.senders.list())
    assert stored.sealed.startswith("k2:")
    assert unseal(later.services.core.keys, stored).secret == "s1"


def test_receipts_of_a_stored_twilio_are_believed_by_its_token(start):
    with TwilioGateway() as gateway:
        application = start(twilio_base_url=gateway.url, base_url="https://id.example.com")
        application.admin().post(V1, TWILIO)
        bob = application.user(application.add_user("bob"))
        bob.set_mobile("/scim2/Me", NUMBER)
        application.carrier.name, application.carrier.send = "SMSPublisher", carrier(application).send
        (delivery,) = application.deliver()

        url = gateway.received[0].body["StatusCallback"]
        assert url == "https://id.example.com/receipts/SMSPublisher"
        fields = {"MessageSid": delivery.reference, "MessageStatus": "delivered"}

        def report(token):
            headers = {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, fields)}
            return application.app.test_client().post("/receipts/SMSPublisher", data=fields, headers=headers)

        assert report("other").status_code == 403
        assert report(AUTH_TOKEN).status_code == 204
        found = bob.get("/api/identity/user/v1.0/me/verifications").get_json()["verifications"]
        assert found[0]["delivery"] == "delivered"


def test_other_senders_have_no_receipts(application):
    application.admin().post(V1, custom())

    for name in ("SMSPublisher", "nobody"):
        assert application.app.test_client().post(f"/receipts/{name}", data={}).status_code == 404


def test_receipts_are_judged_by_the_sender_that_is_in_force(start):
    application = start(twilio_auth_token="of-the-environment", base_url="https://id.example.com")
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}

    def report(token):
        url = "https://id.example.com/receipts/twilio"
        headers = {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, fields)}
        return application.app.test_client().post("/receipts/twilio", data=fields, headers=headers).status_code

    # 503: it is believed, and there is no such message.
    assert (report("of-the-environment"), report(AUTH_TOKEN)) == (503, 403)
    application.admin().post(V1, {**TWILIO, "name": "twilio"})
    assert (report("of-the-environment"), report(AUTH_TOKEN)) == (403, 503)
    application.admin().delete(f"{V1}/twilio")
    assert report("of-the-environment") == 503


def test_who_asks_for_receipts_has_nothing_read(application, monkeypatch):
    application.admin().post(V1, custom())

    def fail(_act):
        raise AssertionError

    monkeypatch.setattr(Database, "read", fail)

    for name in ("SMSPublisher", "nobody"):
        assert application.app.test_client().post(f"/receipts/{name}", data={}).status_code == 404
