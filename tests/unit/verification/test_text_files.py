"""Texts of a deployer's own, laid over the packaged ones."""

from __future__ import annotations

import json
import re

import pytest

from tests.factories.tree import ROOT
from verification.channels import Channel
from verification.errors import InvalidTexts
from verification.templates import Template
from verification.texts import Texts

CODE = "{code} is your code for {minutes} min."


def load(folder, **files):
    for name, content in files.items():
        path = folder / f"{name.replace('_', '-')}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Texts.load(folder)


def faults(folder, **files):
    with pytest.raises(InvalidTexts) as caught:
        load(folder, **files)
    return list(caught.value.faults)


def sms(texts, locale, template=Template.MOBILE_UPDATE, **values):
    return texts.write(template, Channel.SMS, locale, **{"code": "123456", "minutes": 5, **values}).body


def mail(texts, locale, template=Template.MFA_RESET, **values):
    return texts.write(template, Channel.EMAIL, locale, **values)


def test_one_text_is_replaced_and_all_others_stay(tmp_path):
    texts = load(tmp_path, en={"mobile_update": {"sms": CODE}})

    assert sms(texts, "en") == "123456 is your code for 5 min."
    assert sms(texts, "de") == sms(Texts.load(), "de")
    assert sms(texts, "en", Template.SIGN_IN) == sms(Texts.load(), "en", Template.SIGN_IN)


def test_a_new_language_may_begin_with_one_text(tmp_path):
    texts = load(tmp_path, it={"mobile_update": {"sms": "{code} è il codice per {minutes} min."}})

    assert sms(texts, "it-CH") == "123456 è il codice per 5 min."
    assert sms(texts, "it", Template.SIGN_IN) == sms(texts, "en", Template.SIGN_IN)


def test_a_region_says_only_what_it_says_otherwise(tmp_path):
    texts = load(tmp_path, en_GB={"phrases": {"alarm": "Ring us, please."}})

    assert "Ring us, please." in mail(texts, "en-GB").body
    assert "Ring us, please." not in mail(texts, "en").body
    assert sms(texts, "en-gb") == sms(texts, "en")


def test_a_script_or_region_needs_no_file_of_its_language(tmp_path):
    texts = load(tmp_path, sr_Latn={"mobile_update": {"sms": "{code} je kod, {minutes} min."}})

    assert sms(texts, "sr-Latn-RS") == "123456 je kod, 5 min."
    assert sms(texts, "sr") == sms(texts, "en")


def test_a_phrase_is_replaced_wherever_it_is_said(tmp_path):
    texts = load(tmp_path, en={"phrases": {"closing": "Your {service} team"}})

    assert mail(texts, "en").body.endswith("\n\nYour Lineproof team\n")
    assert mail(texts, "en", Template.FACTOR_ADDED).body.endswith("\n\nYour Lineproof team\n")


def test_the_example_of_the_document_is_a_file(tmp_path):
    page = (ROOT / "docs" / "texts.md").read_text(encoding="utf-8")

    texts = load(tmp_path, en=re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])

    assert sms(texts, "en") == "123456 is your Lineproof code. It is good for 5 minutes."


def test_files_of_other_kinds_are_left_alone(tmp_path):
    (tmp_path / "README.md").write_text("not a text")

    assert load(tmp_path).locales == Texts.load().locales


def test_a_subject_may_have_values(tmp_path):
    body = ["{code} for {minutes} min"]
    texts = load(tmp_path, en={"sign_in": {"email": {"subject": "{code} is your code", "body": body}}})

    assert mail(texts, "en", Template.SIGN_IN, code="123456", minutes=5).subject == "123456 is your code"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param("{", "cannot be read as JSON in UTF-8", id="not JSON"),
        pytest.param([], "must be an object", id="list"),
        pytest.param({"hello": {}}, "hello: there is no such template", id="unknown template"),
        pytest.param({"sign_in": "x"}, "sign_in: must be an object of channels", id="no channels"),
        pytest.param({"sign_in": {"fax": "x"}}, "sign_in.fax: the template has no such channel", id="unknown channel"),
        pytest.param({"mobile_update": {"sms": 1}}, "mobile_update.sms: must be a text", id="number"),
        pytest.param({"mobile_update": {"sms": " "}}, "mobile_update.sms: must be a text", id="blank"),
        pytest.param({"phrases": []}, "phrases: must be an object", id="phrases are a list"),
        pytest.param({"phrases": {"alarm": 1}}, "phrases.alarm: must be a text", id="phrase is a number"),
        pytest.param({"phrases": {"alram": "x"}}, "phrases.alram: no text has it", id="misspelt phrase"),
        pytest.param(
            {"phrases": {"alarm": "{x"}}, "phrases.alarm: has braces that hold more or less than a name", id="brace"
        ),
        pytest.param(
            {"mobile_update": {"sms": CODE + "{cod}"}}, "mobile_update.sms: unknown placeholder {cod}", id="unknown"
        ),
        pytest.param(
            {"mobile_update": {"sms": CODE + "{link}"}}, "mobile_update.sms: unknown placeholder {link}", id="foreign"
        ),
        pytest.param(
            {"mobile_update": {"sms": "{code}"}}, "mobile_update.sms: misses the placeholder {minutes}", id="missing"
        ),
        *(
            pytest.param(
                {"mobile_update": {"sms": text}},
                "mobile_update.sms: has a run of four digits or more besides the code",
                id=text,
            )
            for text in (CODE + "Call 555123", "9" + CODE, "{code}{minutes}", "{code} 20{minutes}", CODE + "٠١٢٣")
        ),
        *(
            pytest.param(
                {"mobile_update": {"sms": text}},
                "mobile_update.sms: has braces that hold more or less than a name",
                id=text,
            )
            for text in (
                "{code} {minutes",
                "{code} {minutes}}",
                "{} {minutes}",
                "{code.x}",
                "{code!r}",
                "{code:>9}",
                "{{",
            )
        ),
        *(
            pytest.param(
                {"mfa_reset": {"email": text}},
                "mfa_reset.email: must be a subject in one line, and a body of paragraphs",
                id=f"mail {number}",
            )
            for number, text in enumerate(
                (
                    "x",
                    {"subject": "x"},
                    {"subject": "x", "body": "x"},
                    {"subject": "x", "body": []},
                    {"subject": "x", "body": [1]},
                    {"subject": "", "body": ["x"]},
                    {"subject": "x\ny", "body": ["x"]},
                    {"subject": 1, "body": ["x"]},
                    {"subject": "x", "body": ["x"], "html": "x"},
                )
            )
        ),
        pytest.param(
            {"mfa_reset": {"email": {"subject": "2026", "body": ["x"]}}},
            "mfa_reset.email: has a run of four digits or more besides the code",
            id="subject with a year",
        ),
        pytest.param(
            {"invitation": {"email": {"subject": "{link}", "body": ["{link} {hours}"]}}},
            "invitation.email: unknown placeholder {link}",
            id="link in a subject",
        ),
    ],
)
def test_a_fault_is_named_with_its_file_and_place(tmp_path, content, fault):
    assert faults(tmp_path, en=content) == [f"en.json: {fault}"]


def test_every_fault_is_named_at_once(tmp_path):
    found = faults(
        tmp_path,
        en={"mobile_update": {"sms": "{cod}"}, "x": {}},
        english="{}",
        de={"mobile_update": {"sms": "Kode"}},
    )

    assert sorted(found) == [
        "de.json: mobile_update.sms: misses the placeholder {code}",
        "de.json: mobile_update.sms: misses the placeholder {minutes}",
        "en.json: mobile_update.sms: misses the placeholder {code}",
        "en.json: mobile_update.sms: misses the placeholder {minutes}",
        "en.json: mobile_update.sms: unknown placeholder {cod}",
        "en.json: x: there is no such template",
        "english.json: the name is not that of a locale, like de.json or pt-BR.json",
    ]


def test_a_phrase_that_loses_its_placeholder_is_found_in_every_text_that_has_it(tmp_path):
    found = faults(tmp_path, en={"phrases": {"undo": "Too late."}})

    assert "en.json: phone_changed.email: misses the placeholder {link}" in found
    assert "en.json: email_removed.email: misses the placeholder {hours}" in found


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    (tmp_path / "fr.json").write_bytes(b'{"x": "\xe9"}')

    with pytest.raises(InvalidTexts, match=r"fr\.json: cannot be read as JSON in UTF-8"):
        load(tmp_path)
