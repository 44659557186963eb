"""The texts of messages in every locale."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from verification.channels import Channel
from verification.gsm import Encoding
from verification.templates import CODE, OF_PURPOSE, SHAPES, Template
from verification.texts import Texts, is_webotp_domain, locale_for, whole_minutes
from verification.verifications import Purpose

IN_GSM_7 = {"de", "en", "es", "fr", "pt"}
IN_UCS_2 = {"hi", "ja", "si", "ta"}
LOCALES = sorted(IN_GSM_7 | IN_UCS_2)

TEXTS = Texts.load()
BOUND = Texts.load(webotp_domain="login.example.com")
SOURCES = [(template, channel) for template, shapes in SHAPES.items() for channel in shapes]
OF_CODES = [(template, channel) for template, channel in SOURCES if CODE in SHAPES[template][channel].needed]
OF_NOTICES = [source for source in SOURCES if source not in OF_CODES]
SHORT = [template for template, channel in SOURCES if channel is Channel.SMS]

VALUES = {"link": "https://id.example.com/r/x", "hours": 72, "old": "*******89", "new": "*******12"}


def write(source, locale, texts=TEXTS, **values):
    return texts.write(*source, locale, **{"code": "12345678", "minutes": 999, **VALUES, **values})


def code_sms(locale, texts=TEXTS):
    return write((Template.MOBILE_UPDATE, Channel.SMS), locale, texts).body


def test_the_locales_are_those_of_the_package():
    assert sorted(TEXTS.locales) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_has_every_text(locale):
    assert set(TEXTS.locales[locale]) == set(SOURCES)


def test_every_purpose_has_a_template():
    assert set(Purpose) <= set(OF_PURPOSE)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("source", OF_CODES, ids=".".join)
@pytest.mark.parametrize("texts", [TEXTS, BOUND], ids=["plain", "bound"])
def test_the_code_is_the_only_run_of_digits_that_looks_like_one(locale, source, texts):
    text = write(source, locale, texts)

    assert set(re.findall(r"\d{4,}", f"{text.subject}\n{text.body}")) == {"12345678"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("source", OF_NOTICES, ids=".".join)
def test_a_notice_holds_nothing_that_looks_like_a_code(locale, source):
    text = write(source, locale)

    assert re.findall(r"\d{4,}", f"{text.subject}\n{text.body}") == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("source", OF_CODES, ids=".".join)
def test_every_text_with_a_code_tells_the_minutes(locale, source):
    assert re.search(r"(?<!\d)17(?!\d)", write(source, locale, minutes=17).body)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", SHORT)
def test_the_longest_short_message_is_as_short_as_its_language_allows(locale, template):
    size = TEXTS.size(template, locale)

    assert size.parts <= {Encoding.GSM_7: 1, Encoding.UCS_2: 2}[size.encoding]
    assert size.encoding is Encoding.GSM_7 or locale in IN_UCS_2


@pytest.mark.parametrize("locale", LOCALES)
def test_the_code_for_a_number_is_one_part(locale):
    assert TEXTS.size(Template.MOBILE_UPDATE, locale).parts == 1


def test_a_bound_code_is_no_larger_than_it_may_be():
    assert list(BOUND.oversized()) == []


def test_a_name_that_makes_messages_longer_is_told():
    longer = Texts.load(service="The Very Honourable Company of Clockmakers", webotp_domain="login.clockmakers.example")

    found = [item for item in longer.oversized() if item.locale == "en"]

    assert (found[0].template, found[0].size.parts) == (Template.SIGN_IN, 2)


def test_the_last_line_of_an_sms_binds_the_code_to_the_domain():
    assert code_sms("en", BOUND).splitlines()[-1] == "@login.example.com #12345678"


def test_without_a_domain_there_is_no_such_line():
    assert len(code_sms("en").splitlines()) == 1


@pytest.mark.parametrize("source", [s for s in SOURCES if s not in OF_CODES or s[1] is Channel.EMAIL], ids=".".join)
def test_neither_a_notice_nor_a_mail_has_such_a_line(source):
    values = VALUES if source in OF_NOTICES else {"code": "123456", "minutes": 5}

    assert "login.example.com" not in BOUND.write(*source, "en", **values).body


def test_a_mail_has_a_subject_and_paragraphs():
    text = write((Template.PHONE_CHANGED, Channel.EMAIL), "en")

    assert text.subject == "Your phone number was changed"
    assert "was changed from *******89 to *******12.\n\nIf this was not you" in text.body
    assert text.body.endswith("https://id.example.com/r/x\n\nLineproof\n")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("source", [s for s in OF_NOTICES if "link" in SHAPES[s[0]][s[1]].needed], ids=".".join)
def test_a_mail_can_go_without_its_link(locale, source):
    whole, without = (
        write(source, locale, link=link, hours=hours) for link, hours in ((VALUES["link"], 72), (None, None))
    )

    assert VALUES["link"] in whole.body
    assert "http" not in without.body
    assert "None" not in without.body
    assert set(without.body.splitlines()) < set(whole.body.splitlines())


def test_the_service_is_called_by_its_name():
    assert "Example Bank" in code_sms("en", Texts.load(service="Example Bank"))
    assert "Lineproof" in code_sms("en")


def test_a_template_has_only_its_own_channels():
    with pytest.raises(LookupError, match="email_update has no text for sms"):
        write((Template.EMAIL_UPDATE, Channel.SMS), "en")


def test_no_text_is_shown_in_a_repr():
    assert "12345678" not in repr(write((Template.MOBILE_UPDATE, Channel.SMS), "en"))


@pytest.mark.parametrize(
    ("preferred", "locale", "shown"),
    [
        ("fr", "fr", "fr"),
        ("fr-CA", "fr-ca", "fr"),
        ("FR_ca", "fr-ca", "fr"),
        ("zh-Hant-TW", "zh-hant-tw", "en"),
        ("de-CH, fr;q=0.8", "de-ch", "de"),
        ("pt-BR;q=0.9", "pt-br", "pt"),
        ("", None, "en"),
        (None, None, "en"),
        ("../en", "../en", "en"),
        ("de-" + "x" * 100, "de-" + "x" * 32, "de"),
    ],
)
def test_a_preference_falls_back_to_its_language_and_then_to_english(preferred, locale, shown):
    assert locale_for(preferred) == locale
    assert code_sms(preferred) == code_sms(locale) == code_sms(shown)


@pytest.mark.parametrize(("seconds", "minutes"), [(300, 5), (301, 6), (1, 1), (60, 1)])
def test_minutes_are_rounded_up(seconds, minutes):
    assert whole_minutes(timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(
    ("domain", "is_fit"),
    [
        ("example.com", True),
        ("localhost", True),
        ("a1-b2.example.com", True),
        ("Example.COM", True),
        ("id123.example.com", True),
        ("id1234.example.com", False),
        ("https://example.com", False),
        ("example.com:8080", False),
        ("example.com/x", False),
        ("-example.com", False),
        ("example..com", False),
        ("", False),
        ("a" * 64 + ".com", False),
        (".".join(["abc"] * 70), False),
    ],
)
def test_a_domain_is_a_host_name_without_anything_like_a_code(domain, is_fit):
    assert is_webotp_domain(domain) is is_fit
