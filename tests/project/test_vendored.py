"""What others have made and we ship is what they have published, with its licence."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.factories.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MANIFESTS = sorted(ROOT.glob("api/**/static/vendor/*/manifest.json"))


def published(path: Path) -> bytes:
    """Return the content of a file as it was published: packed ones are unpacked."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def test_every_folder_of_vendored_files_has_a_manifest():
    folders = {path for path in ROOT.glob("api/**/static/vendor/*") if path.is_dir()}

    assert folders == {manifest.parent for manifest in MANIFESTS}
    assert folders


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_vendored_files_are_those_of_the_manifest(manifest: Path):
    """No more, no less, and none of them changed."""
    files = (path for path in manifest.parent.iterdir() if path != manifest)
    found = {path.name.removesuffix(".gz"): hashlib.sha256(published(path)).hexdigest() for path in files}

    assert found == json.loads(manifest.read_text())["sha256"]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_vendored_package_has_its_licence_and_its_version(manifest: Path):
    named = json.loads(manifest.read_text())

    assert "LICENSE" in named["sha256"]
    assert named["package"]
    assert named["license"]
    assert named["version"].count(".") == 2


def test_nothing_else_is_vendored():
    strays = [path for path in ROOT.glob("api/**/static/vendor/*") if path.is_file()]

    assert strays == []
