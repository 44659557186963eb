"""The Console: the rules of verification, the SMS provider in the guide's tabs, and a message that tries it."""

from __future__ import annotations

import pytest

from api.auth.scopes import Scope
from tests.factories.gateways import ACCOUNT_SID, AUTH_TOKEN, Gateway, Reply
from tests.factories.sign_ins import administrator

RULES = "/console/verification"
SMS = "/console/sms-provider"
LENGTH = "UserClaimUpdate.OTP.OTPLength"
MOBILE = "UserClaimUpdate.MobileNumber.EnableVerification"
EMAIL = "UserClaimUpdate.Email.EnableVerification"
LIFETIME = "UserClaimUpdate.MobileNumber.VerificationCode.ExpiryTime"
NUMBER = "+94771234567"
TWILIO = {"key": ACCOUNT_SID, "secret": AUTH_TOKEN, "sender": "+15005550006"}
CUSTOM = {"template": '{"text": {{body}}, "nr": {{mobile}}}', "headers": "x-key: geheim"}


@pytest.fixture
def database_url(sqlite_url):
    """Return the URL of one engine: the use cases behind these pages are tried on both by tests of their own."""
    return sqlite_url


@pytest.fixture
def root(application):
    return administrator(application)


@pytest.fixture
def gateway():
    with Gateway() as found:
        yield found


@pytest.fixture
def inside(start):
    """Start the application where providers may be on loopback."""
    return start(allow_private_urls="true")


def rules(application):
    return {value.rule.name: (value.text, value.source) for value in application.services.governance.values()}


def faults_of(page):
    return {
        element.get("id").removesuffix("-error"): "".join(element.itertext())
        for element in page.root.iter("p")
        if element.get("class") == "error"
    }


def revert_form(page):
    return next(form for form in page.forms if form.action == f"{RULES}/revert")


def set_up(window, kind, **values):
    page = window.get(f"{SMS}/{kind}")
    return window.send(page.form_with("sender" if kind != "custom" else "url"), **values)


def test_rules_are_shown_with_their_sources(start):
    application = start(otp_length="7")
    page = administrator(application).get(RULES)

    assert page.heading == "Number verification"
    assert page.form_with(LENGTH).values[LENGTH] == "7"
    assert "from the environment" in page.text
    assert page.form_with(LENGTH).values[MOBILE] == "true"
    assert "Codes have digits." in page.text


def test_what_is_changed_is_set_and_taken_back(application, root):
    form = root.get(RULES).form_with(LENGTH)
    del form.values[MOBILE]

    saved = root.send(form, **{LENGTH: "8"})

    assert "The settings are saved." in saved.text
    assert rules(application)[LENGTH] == ("8", "stored")
    assert rules(application)[MOBILE] == ("false", "stored")
    assert rules(application)[LIFETIME] == ("5", "default")
    undone = root.send(saved.form_with("rules"))
    assert "The environment's values hold again." in undone.text
    assert rules(application)[LENGTH] == ("6", "default")
    again = root.send(undone.form_with("rules" if "rules" in str(undone.forms) else f"was.{LENGTH}"))
    assert rules(application)[LENGTH] == ("8", "stored")
    assert "The settings are saved." in again.text


@pytest.mark.parametrize("act", ["save", "revert"])
def test_rules_are_changed_by_who_signed_in_a_moment_ago(application, root, act):
    root.send(root.get(RULES).form_with(LENGTH), **{LENGTH: "8"})
    page = root.get(RULES)
    form = page.form_with(LENGTH) if act == "save" else revert_form(page)
    application.clock.move(minutes=11)

    answer = root.send(form, **{LENGTH: "4", "rules": LENGTH})

    assert answer.path == "/sign-in?return_to=%2Fconsole%2Fverification&notice=stale_rules"
    assert "Sign in again before you change what has to be proved." in answer.text
    assert rules(application)[LENGTH] == ("8", "stored")
    assert "shortly after signing in" in root.get(RULES).text


def test_one_rule_is_reverted_by_its_button(application, root):
    root.send(root.get(RULES).form_with(LENGTH), **{LENGTH: "8", LIFETIME: "9"})

    page = root.get(RULES)
    root.send(revert_form(page), rules=LENGTH)

    assert rules(application)[LENGTH] == ("6", "default")
    assert rules(application)[LIFETIME] == ("9", "stored")


def test_a_stored_value_comes_back_by_the_undo(application, root):
    root.send(root.get(RULES).form_with(LENGTH), **{LENGTH: "8"})
    saved = root.send(root.get(RULES).form_with(LENGTH), **{LENGTH: "7"})

    root.send(saved.forms[[form.action for form in saved.forms].index(RULES)])

    assert rules(application)[LENGTH] == ("8", "stored")


def test_nothing_changed_changes_nothing(application, root):
    page = root.send(root.get(RULES).form_with(LENGTH))

    assert "saved" not in page.text
    assert rules(application)[LENGTH] == ("6", "default")


def test_a_value_that_cannot_be_is_told_beside_its_field(application, root):
    page = root.send(root.get(RULES).form_with(LENGTH), **{LENGTH: "12", LIFETIME: "0"})

    assert page.status == 422
    assert set(faults_of(page)) == {LENGTH, LIFETIME}
    assert page.form_with(LENGTH).values[LENGTH] == "12"
    assert rules(application)[LENGTH] == ("6", "default")


def test_addresses_need_a_mail_server(start):
    application = start(
        env="production",
        sms_providers="custom",
        custom_url="https://sms.example.com",
        base_url="http://localhost",
    )
    root = administrator(application)

    page = root.send(root.get(RULES).form_with(LENGTH), **{EMAIL: "true", LENGTH: "12"})

    assert page.status == 422
    assert set(faults_of(page)) == {EMAIL, LENGTH}
    assert "LINEPROOF_SMTP_URL" in faults_of(page)[EMAIL]


def test_who_may_only_see_rules_sees_them(application):
    viewer = administrator(application, "viewer", frozenset({Scope.GOVERNANCE_VIEW}))
    page = viewer.get(RULES)

    assert not any(LENGTH in form.values for form in page.forms)
    assert "Length of codes" in page.text
    assert [link.get("href") for link in page.root.iter("a") if link.get("aria-current")] == [RULES]
    assert viewer.get(SMS).status == 403


def test_a_provider_is_set_up_in_the_guides_form(application, root):
    page = root.get(SMS)
    assert page.heading == "SMS Provider"
    assert "Printed on the terminal" in page.text
    labels = [" ".join("".join(label.itertext()).split()) for label in page.root.iter("label")]
    assert labels[:3] == ["Twilio Account SID", "Twilio Auth Token", "Sender"]

    done = set_up(root, "twilio", **TWILIO)

    assert "Twilio is set up" in done.text
    assert done.form_with("sender").values == {
        "form_token": done.form_with("sender").values["form_token"],
        "key": ACCOUNT_SID,
        "secret": "",
        "sender": "+15005550006",
    }
    assert "One is kept" in done.text
    assert application.services.senders.show("SMSPublisher").secret == AUTH_TOKEN
    set_up(root, "twilio", sender="Us")
    assert application.services.senders.show("SMSPublisher").secret == AUTH_TOKEN
    assert "Twilio is set up now" in root.get(f"{SMS}/vonage").text


def test_the_custom_form_has_the_guides_fields(inside, gateway):
    root = administrator(inside)
    page = root.get(f"{SMS}/custom")
    labels = [" ".join("".join(label.itertext()).split()) for label in page.root.iter("label")]
    assert labels[:5] == ["SMS Provider URL", "Content Type", "HTTP Method", "Payload Template", "Headers"]

    done = set_up(
        root,
        "custom",
        url=gateway.url,
        authentication="BEARER",
        **{"auth.accessToken": "t1", "http_method": "PUT"},
        **CUSTOM,
    )

    assert "Custom is set up" in done.text
    sender = inside.services.senders.show("SMSPublisher")
    assert sender.secrets_set == ("properties.http.headers", "authentication.accessToken")
    assert "geheim" not in done.answer.text
    # The text of an area is no value that the test's browser fills in.
    set_up(root, "custom", content_type="FORM", template="a={{body}}")
    assert inside.services.senders.show("SMSPublisher").secrets_set == sender.secrets_set


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("twilio", {**TWILIO, "secret": ""}, "secret"),
        ("vonage", {**TWILIO, "sender": ""}, "sender"),
        ("custom", {"url": "http://127.0.0.1/", **CUSTOM}, "url"),
        ("custom", {"url": "https://203.0.114.20/", **CUSTOM, "template": "{"}, "template"),
        ("custom", {"url": "https://203.0.114.20/", **CUSTOM, "template": " "}, "template"),
        ("custom", {"url": "https://203.0.114.20/", **CUSTOM, "headers": "x"}, "headers"),
        ("custom", {"url": "https://203.0.114.20/", **CUSTOM, "authentication": "BEARER"}, "auth.accessToken"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(standing, kind, values, field):
    window = administrator(standing.application)

    page = set_up(window, kind, **values)

    assert (page.status, list(faults_of(page))) == (422, [field])
    assert standing.application.services.senders.list() == ()


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        ("twilio", {"key": "", "secret": "", "sender": ""}, ["key", "secret", "sender"]),
        (
            "custom",
            {"url": "ftp://sms", "template": " ", "headers": "x", "authentication": "BASIC"},
            ["url", "template", "headers", "auth.username", "auth.password"],
        ),
        ("custom", {"url": "http://127.0.0.1/", "content_type": "FORM", "template": " "}, ["url", "template"]),
        (
            "custom",
            {
                "url": "http://127.0.0.1/",
                **CUSTOM,
                "authentication": "CLIENT_CREDENTIAL",
                "auth.clientId": "a",
                "auth.clientSecret": "b",
                "auth.tokenEndpoint": "http://127.0.0.1/token",
            },
            ["url", "auth.tokenEndpoint"],
        ),
    ],
    ids=["twilio", "custom", "form", "two hosts"],
)
def test_all_that_is_wrong_with_a_provider_is_told_at_once(standing, kind, values, fields):
    window = administrator(standing.application)

    page = set_up(window, kind, **values)

    assert (page.status, list(faults_of(page))) == (422, fields)
    # What was made up to see it is none of it.
    assert len([each for each in page.root.iter("a") if (each.get("href") or "").startswith("#")]) == len(fields) + 1


def test_secrets_are_asked_for_again_where_they_would_go_elsewhere(application, root):
    set_up(root, "custom", url="https://203.0.114.20/", **CUSTOM)

    page = set_up(root, "custom", url="https://203.0.114.21/", template=CUSTOM["template"])

    assert page.status == 422
    assert "enter every secret again" in page.text


def test_a_provider_is_removed_after_a_question(application, root):
    set_up(root, "twilio", **TWILIO)
    question = root.get(f"{SMS}/stored/SMSPublisher/remove")
    assert question.heading == "Remove SMSPublisher?"

    form = next(form for form in question.forms if form.action.endswith("/remove"))
    page = root.send(form)

    assert "SMSPublisher is removed." in page.text
    assert application.services.senders.list() == ()
    assert root.get(f"{SMS}/stored/SMSPublisher/remove").status == 404
    assert root.send(form).status == 404
    assert root.get(f"{SMS}/plivo").status == 404


def test_who_was_slower_is_told(application, root):
    page = root.get(f"{SMS}/twilio")
    set_up(root, "twilio", **TWILIO)

    late = root.send(page.form_with("sender"), **TWILIO)

    assert late.status == 422
    assert "Somebody else has changed the provider meanwhile" in late.text


def test_a_message_tries_the_provider(inside, gateway):
    root = administrator(inside)
    set_up(root, "custom", url=gateway.url, **CUSTOM)
    form = root.get(f"{SMS}/custom").form_with("to")

    assert "was taken by SMSPublisher" in root.send(form, to=NUMBER).text
    assert gateway.received[0].body["nr"] == NUMBER
    gateway.always(Reply(401))
    assert "The message was refused: The gateway refused our credentials" in root.send(form, to=NUMBER).text
    gateway.always(Reply(503))
    assert "The message was not taken now: The gateway has trouble" in root.send(form, to=NUMBER).text
    assert list(faults_of(root.send(form, to=""))) == ["to"]
    assert list(faults_of(root.send(form, to="x"))) == ["to"]


def test_trials_have_limits_too(start):
    application = start(otp_max_sends_per_number="1")
    root = administrator(application)
    form = root.get(f"{SMS}/twilio").form_with("to")
    root.send(form, to=NUMBER)

    page = root.send(form, to=NUMBER)

    assert page.status == 429
    assert "Too many messages were sent." in faults_of(page)["to"]


def test_who_may_only_see_providers_sees_them(application):
    set_up(administrator(application), "twilio", **TWILIO)
    viewer = administrator(application, "viewer", frozenset({Scope.SENDER_VIEW}))

    page = viewer.get(SMS)

    assert "You may see the provider, but not change it." in page.text
    assert [form.action for form in page.forms] == ["/sign-out", "/language"]


@pytest.mark.parametrize(
    ("settings", "texts"),
    [
        ({}, ("Printed on the terminal", "default")),
        (
            {"smtp_url": "smtps://user:geheim@mail.example.com", "mail_from": "a@example.com"},
            ("mail.example.com:465", "TLS", "user", "a@example.com", "from the environment"),
        ),
    ],
)
def test_the_mail_provider_is_shown(start, settings, texts):
    page = administrator(start(**settings)).get("/console/mail-provider")

    assert all(text in page.text for text in texts)
    assert "geheim" not in page.answer.text


def test_a_mail_tries_the_mail_server(application, root, capsys):
    form = root.get("/console/mail-provider").form_with("to")

    assert "was taken by console" in root.send(form, to="bob@example.com").text
    assert "A test message" in capsys.readouterr().out
    assert list(faults_of(root.send(form, to="bob"))) == ["to"]
    viewer = administrator(application, "viewer", frozenset({Scope.SENDER_VIEW}))
    assert [form.action for form in viewer.get("/console/mail-provider").forms] == ["/sign-out", "/language"]


def test_who_carries_messages_is_changed_by_who_signed_in_a_moment_ago(application, root):
    set_up(root, "twilio", **TWILIO)
    form = root.get(f"{SMS}/twilio").form_with("sender")
    removal = next(
        form for form in root.get(f"{SMS}/stored/SMSPublisher/remove").forms if form.action.endswith("/remove")
    )
    application.clock.move(minutes=11)

    for answer in (root.send(form, key="other", secret="s"), root.send(removal)):
        assert answer.path.startswith("/sign-in")
        assert "Sign in again before you change who carries messages." in answer.text

    (sender,) = application.services.senders.list()
    assert sender.key == ACCOUNT_SID
