"""What a browser says of itself, in the two words that its owner knows it by."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 512
"""Characters of what a client calls itself that are looked at; those of browsers have half as many."""

# Names of our own, and what tells them; the first that fits counts: most call themselves Safari, too, and many Chrome.
_BROWSERS = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/", "Edge/")),
    ("Opera", ("OPR/", "OPiOS/", "Opera")),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("Chrome/", "CriOS/", "Chromium/")),
    ("Safari", ("Safari/",)),
)
_SYSTEMS = (
    ("Windows", ("Windows",)),
    ("Android", ("Android",)),
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Mac", ("Macintosh",)),
    ("ChromeOS", ("CrOS",)),
    ("Linux", ("Linux", "X11")),
)


@dataclass(frozen=True, slots=True)
class Agent:
    """A browser and the system that it runs on, as far as they are known: never a word of what was sent."""

    browser: str | None = None
    system: str | None = None

    @classmethod
    def of(cls, told: str | None) -> Agent:
        """Read what a client calls itself (RFC 9110 §10.1.5)."""
        words = (told or "")[:LONGEST]
        return cls(_named(words, _BROWSERS), _named(words, _SYSTEMS))


def _named(words: str, names: tuple[tuple[str, tuple[str, ...]], ...]) -> str | None:
    return next((name for name, marks in names if any(mark in words for mark in marks)), None)
