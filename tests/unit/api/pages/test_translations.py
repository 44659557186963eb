"""Every page speaks every language, and the visitor's where there is one."""

from __future__ import annotations

import json
import re
import string
from importlib.resources import files

import pytest

from api.pages.translations import choose, translations
from tests.factories.tree import ROOT

LOCALES = sorted(translations())
PAGES = ROOT / "api" / "pages"
TEMPLATES = "".join(path.read_text() for path in sorted(PAGES.glob("templates/**/*.html")))
VIEWS = "".join(path.read_text() for path in sorted(PAGES.rglob("*.py")))
COMPUTED = (
    *(f"console.{name}." for name in ("area", "deactivate", "delete", "done", "error", "field", "hint", "method")),
    *(f"console.{name}." for name in ("outcome", "report", "right", "rights", "tab")),
    *(f"watch.{name}." for name in ("audit.export", "clients", "deed", "delivery", "notice", "reason", "refusal")),
    *(f"watch.{name}." for name in ("calls", "guard", "look", "receipts", "scenario", "series", "span", "transfer")),
    "account.",
    "contact.",
    *(f"setting.{name}." for name in ("auth", "done", "error", "field", "flag", "hint", "rule", "source")),
    "setting.sms.about.",
    "consent.scope.",
    "error.",
    "factor.",
    "fault.",
    "restore.",
    "sign_in.",
    "revert.",
    "reverted.",
)
"""What stands before keys that are put together from a value."""


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_pages_speak_the_languages_of_the_messages():
    files_of_messages = (files("verification") / "locales").iterdir()

    assert sorted(path.name.removesuffix(".json") for path in files_of_messages) == LOCALES


def test_no_text_is_in_two_files():
    keys = [key for path in sorted(PAGES.glob("locales/**/en.json")) for key in json.loads(path.read_text())]

    assert len(keys) == len(set(keys)) == len(translations()["en"].texts)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_has_every_text(locale):
    english, other = translations()["en"].texts, translations()[locale].texts

    assert list(other) == list(english)
    assert {key for key, text in other.items() if not text.strip()} == set()
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_no_locale_repeats_the_english(locale):
    english, other = translations()["en"].texts, translations()[locale].texts

    assert [key for key, text in other.items() if text == english[key] and len(text) > 12] == []


def test_every_key_that_is_asked_for_is_there():
    asked = set(re.findall(r"""\bt\("([a-z0-9_.]+)"[,)]""", TEMPLATES))
    asked |= set(re.findall(r"""\btext\("([a-z0-9_.]+)"[,)]""", VIEWS))

    assert asked - set(translations()["en"].texts) == set()


def test_every_key_that_is_there_is_asked_for():
    idle = {key for key in translations()["en"].texts if f'"{key}"' not in TEMPLATES + VIEWS}

    assert {key for key in idle if not key.startswith(COMPUTED)} == set()


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [
        ([], "en"),
        ([""], "en"),
        (["de"], "de"),
        (["de-CH-1996"], "de"),
        (["DE_at"], "de"),
        (["xx", "fr-CA", "de"], "fr"),
        (["xx"], "en"),
        (["../en"], "en"),
    ],
)
def test_first_language_that_there_is_counts(preferred, expected):
    assert choose(preferred).locale == expected


def test_a_text_takes_its_values():
    assert translations()["en"]("wait.seconds", seconds=5) == "Try again in 5 s."
