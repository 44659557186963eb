"""docs/providers.md says what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from providers import twilio, vonage
from providers.custom import SIGNATURE_HEADER, sign
from providers.templates import DEFAULT_FORM, DEFAULT_JSON

TEXT = (Path(__file__).parents[3] / "docs" / "providers.md").read_text()


def section(title):
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(("title", "table"), [("twilio", twilio.CODES), ("vonage", vonage.STATUSES)])
def test_each_code_is_documented(title, table):
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", section(title), re.MULTILINE)

    assert rows == [(code, table[code].reason.value, table[code].fault.value) for code in sorted(table, key=int)]


def test_the_sample_of_a_signature_is_right():
    payload = b'{"content": "Code 493816", "to": "+94711234567"}'

    signature = sign(b"correct horse battery staple", payload, 1795348800)

    assert f"{SIGNATURE_HEADER}: {signature}\n" in TEXT
    assert f"'1795348800.{payload.decode()}'" in TEXT


@pytest.mark.parametrize("template", [DEFAULT_JSON, DEFAULT_FORM])
def test_the_default_templates_are_documented(template):
    assert f"`{template}`" in section("custom")
