"""The links inside the documents lead somewhere."""

from __future__ import annotations

import re

from tests.factories.tree import ROOT, documents

DOCUMENTS = documents()

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)

_FILE = re.compile(r"`((?:api|deploy|docs|persistence|providers|scim|tests|verification)/[\w./-]+)`")


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    headings = _HEADING.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken(name: str) -> list[str]:
    """Return the relative links of a document that lead nowhere."""
    found = []
    for link in _LINK.findall(_CODE.sub("", DOCUMENTS[name])):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            found.append(link)
    return found


def test_relative_links_resolve():
    assert {name: links for name in DOCUMENTS if (links := broken(name))} == {}


def test_every_document_is_linked_from_another():
    linked = {
        ((ROOT / source).parent / link.partition("#")[0]).resolve()
        for source, text in DOCUMENTS.items()
        for link in _LINK.findall(_CODE.sub("", text))
        if not link.startswith("#")
    }

    assert [name for name in DOCUMENTS if name.startswith("docs/") and ROOT / name not in linked] == []


def test_files_and_folders_that_documents_name_are_there():
    gone = {
        (name, path)
        for name, text in DOCUMENTS.items()
        for path in _FILE.findall(text)
        if name != "CHANGELOG.md" and not (ROOT / path).exists()
    }

    assert gone == set()
