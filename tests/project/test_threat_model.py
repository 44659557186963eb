"""The tests that the threat model names are there."""

from __future__ import annotations

import re
from pathlib import PurePath

from tests.factories.tree import documents, modules

_NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
_DOCUMENT = documents()["docs/threat-model.md"]


def test_every_test_it_names_exists():
    written = {
        (PurePath(path).name, name)
        for path, source in modules("tests").items()
        for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)
    }

    assert sorted(set(_NAMED.findall(_DOCUMENT)) - written) == []


def test_every_attack_has_its_test():
    rows = [line for line in _DOCUMENT.partition("## Proving")[2].splitlines() if line.startswith("| ")]
    attacks = [line for line in rows if not line.startswith("| attack")]

    assert [line for line in attacks if not _NAMED.search(line)] == []
    assert len(attacks) > 40
