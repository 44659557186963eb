"""The reference and the example say what the code says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.setting_fields import PREFIX, settings_of
from api.settings import Settings
from api.settings_reference import env_example, main, settings_page
from tests.factories.tree import ROOT

NAMES = [PREFIX + name.upper() for name in settings_of(Settings)]


def assignments():
    lines = [line for line in env_example().splitlines() if "=" in line and line.startswith(("LINEPROOF_", "# LINE"))]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(("file", "made"), [("docs/settings.md", settings_page), (".env.example", env_example)])
def test_file_is_up_to_date(file, made):
    assert (ROOT / file).read_text(encoding="utf-8") == made(), "make settings brings it up to date"


def test_example_holds_the_defaults():
    assigned = {name: value for name, value in assignments().items() if not name.startswith("#")}
    by_example = Settings.from_environment(assigned)

    assert replace(by_example, given=frozenset()) == Settings.from_environment({})


def test_example_names_every_setting_once():
    assert [name.removeprefix("# ") for name in assignments()] == NAMES


def test_page_has_a_row_for_every_setting():
    rows = [line.split("`")[1] for line in settings_page().splitlines() if line.startswith("| `")]

    assert rows == NAMES


def test_page_marks_what_is_secret():
    secrets = {line.split("`")[1] for line in settings_page().splitlines() if line.endswith("| yes |")}

    assert {"LINEPROOF_MASTER_KEYS", "LINEPROOF_TWILIO_AUTH_TOKEN", "LINEPROOF_DATABASE_URL"} <= secrets
    assert "LINEPROOF_PORT" not in secrets


@pytest.mark.parametrize(("form", "made"), [("markdown", settings_page), ("environment", env_example)])
def test_command_prints_one_form(form, made, capsys):
    assert main([form]) == 0
    assert capsys.readouterr().out == made()


@pytest.mark.parametrize("arguments", [[], ["html"], ["markdown", "environment"]], ids=repr)
def test_command_knows_no_other_form(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: ")
