"""The texts of pages, as data: one file per locale, and the choice among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

DEFAULT_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts of one locale."""

    locale: str
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key, with values in its places."""
        text = self.texts[key]
        return text.format_map(values) if values else text

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self.texts


@cache
def translations() -> Mapping[str, Translation]:
    """Return every locale with its texts, in the order of their tags; they are read once.

    A locale is a file of texts, and a file of the same name in each folder beside it: one folder a domain.
    """
    folder = files("api.pages") / "locales"
    domains = sorted((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    tags = sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {
        tag: Translation(tag, {key: text for place in (folder, *domains) for key, text in _texts(place, tag).items()})
        for tag in tags
    }


def _texts(folder: Traversable, tag: str) -> Mapping[str, str]:
    texts: Mapping[str, str] = json.loads((folder / f"{tag}.json").read_text("utf-8"))
    return texts


def choose(preferred: Iterable[str]) -> Translation:
    """Return the texts of the first language tag that there are texts for, else English.

    RFC 4647 §3.4: each tag is shortened from its end until one is found, `de-CH-1996` to `de-CH` to `de`.
    """
    known = translations()
    for preference in preferred:
        tag = preference.strip().replace("_", "-").lower()
        while tag:
            if tag in known:
                return known[tag]
            tag = tag.rpartition("-")[0]
    return known[DEFAULT_LOCALE]
