"""Documents, containers and units name settings that exist, and every setting is explained."""

from __future__ import annotations

import re

from tests.factories.tree import ROOT, documents, settings_in

REFERENCE = "docs/settings.md"


def listed() -> set[str]:
    """Return the settings of the reference's tables."""
    return set(re.findall(r"^\| `(LINEPROOF_[A-Z0-9_]+)` \|", (ROOT / REFERENCE).read_text(), re.MULTILINE))


def test_example_environment_names_each_setting():
    assert settings_in((ROOT / ".env.example").read_text()) == listed()


def test_documents_name_settings_that_exist():
    named = {
        (name, setting)
        for name, text in documents().items()
        for setting in settings_in(text)
        if setting.removesuffix("_FILE") not in listed()
    }

    assert named == set()
