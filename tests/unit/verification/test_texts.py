"""The texts of messages in every locale."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from verification.gsm import Encoding, segments
from verification.texts import is_webotp_domain, locale_for, locales, render, whole_minutes

IN_GSM_7 = {"de", "en", "es", "fr", "pt"}
IN_UCS_2 = {"hi", "ja", "si", "ta"}


def test_the_texts_are_those_of_the_package():
    assert set(locales()) == IN_GSM_7 | IN_UCS_2


@pytest.mark.parametrize("locale", sorted(IN_GSM_7 | IN_UCS_2))
@pytest.mark.parametrize("code", ["123456", "1234567", "12345678"])
@pytest.mark.parametrize("domain", [None, "login.example.com"])
def test_the_code_is_the_only_run_of_digits_that_looks_like_one(locale, code, domain):
    text = render(code, 999, locale, domain)

    assert set(re.findall(r"\d{4,}", text)) == {code}


@pytest.mark.parametrize("locale", sorted(IN_GSM_7 | IN_UCS_2))
def test_every_text_tells_the_minutes(locale):
    assert re.search(r"(?<!\d)17(?!\d)", render("123456", 17, locale, None))


@pytest.mark.parametrize("locale", sorted(IN_GSM_7 | IN_UCS_2))
def test_the_longest_text_of_a_language_is_one_part(locale):
    size = segments(render("12345678", 999, locale, None))

    assert size.parts == 1
    assert size.encoding is (Encoding.GSM_7 if locale in IN_GSM_7 else Encoding.UCS_2)


@pytest.mark.parametrize("locale", sorted(IN_GSM_7))
def test_a_text_with_a_bound_code_is_still_one_part(locale):
    assert segments(render("12345678", 999, locale, "login.example.com")).parts == 1


def test_the_last_line_binds_the_code_to_the_domain():
    assert render("123456", 5, "en", "login.example.com").splitlines()[-1] == "@login.example.com #123456"


def test_without_a_domain_there_is_no_such_line():
    assert len(render("123456", 5, "en", None).splitlines()) == 1


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("FR_ca", "fr"),
        ("zh-Hant-TW", "en"),
        ("de-CH, fr;q=0.8", "de"),
        ("pt-BR;q=0.9", "pt"),
        ("", "en"),
        (None, "en"),
        ("../en", "en"),
    ],
)
def test_a_locale_falls_back_to_its_language_and_then_to_english(locale, expected):
    assert locale_for(locale) == expected
    assert render("123456", 5, locale, None) == render("123456", 5, expected, None)


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
