"""The front door to the texts of messages: a template, a channel and a locale in, subject and body out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from verification.channels import Channel
from verification.gsm import Encoding, segments
from verification.templates import CODE, LONGEST, SERVICE, Template, looks_like_a_code, placeholders
from verification.text_files import lineage, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta
    from importlib.resources.abc import Traversable

    from verification.gsm import Segments
    from verification.text_files import Draft, Source

DEFAULT_LOCALE = "en"
DEFAULT_SERVICE = "Lineproof"
LONGEST_DOMAIN = 253  # RFC 1035 §2.3.4, as text
MOST_PARTS = {Encoding.GSM_7: 1, Encoding.UCS_2: 2}

_LONGEST_TAG = 35  # RFC 5646 §4.4.1 asks for room for as much
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.IGNORECASE)
_LONGEST_MASKED = "*" * 13 + "00"  # E.164 has 15 digits at most


@dataclass(frozen=True, slots=True)
class Text:
    """What one message says; a short message has no subject."""

    subject: str | None = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Oversized:
    """A short message that takes more parts than it should."""

    locale: str
    template: Template
    size: Segments


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of a deployment.

    Attributes:
        service: The name by which they speak of the service.
        webotp_domain: The domain that codes in short messages are bound to, if to any.
    """

    locales: Mapping[str, Mapping[Source, Draft]] = field(repr=False)
    service: str = DEFAULT_SERVICE
    webotp_domain: str | None = None

    @classmethod
    def load(
        cls,
        directory: Traversable | None = None,
        *,
        service: str = DEFAULT_SERVICE,
        webotp_domain: str | None = None,
    ) -> Texts:
        """Read the packaged texts, and those that a directory has instead of them or besides.

        Raises:
            InvalidTexts: texts of the directory are faulty; all faults are named.
        """
        return cls(read_texts(directory), service, webotp_domain)

    def write(self, template: Template, channel: Channel, locale: str | None, **values: str | int | None) -> Text:
        """Write a message in a locale, or in the nearest one that has it.

        A paragraph that speaks of a value which is None is left out: that is how a mail goes without its link. The
        last line of a short message with a code binds the code to the domain, where there is one, so that a browser
        fills it in there alone (origin-bound one-time codes: `@domain #code`).
        """
        draft = self._draft((template, channel), locale)
        known = {**values, SERVICE: self.service}
        told = [text for text in draft.paragraphs if all(known[name] is not None for name in placeholders(text))]
        body = "\n\n".join(told).format(**known)
        if draft.subject is not None:
            return Text(draft.subject.format(**known), f"{body}\n")
        binding = f"\n@{self.webotp_domain} #{known[CODE]}" if self.webotp_domain and CODE in known else ""
        return Text(None, f"{body}{binding}")

    def oversized(self) -> Iterator[Oversized]:
        """Name the short messages that take more than one part in GSM-7, or two where the language needs UCS-2."""
        for locale, drafts in sorted(self.locales.items()):
            for template, channel in drafts:
                if channel is Channel.SMS:
                    size = self.size(template, locale)
                    if size.parts > MOST_PARTS[size.encoding]:
                        yield Oversized(locale, template, size)

    def size(self, template: Template, locale: str) -> Segments:
        """Measure a short message with the longest values it may have."""
        names = {
            name for text in self._draft((template, Channel.SMS), locale).paragraphs for name in placeholders(text)
        }
        values = {name: LONGEST.get(name, _LONGEST_MASKED) for name in names - {SERVICE}}
        return segments(self.write(template, Channel.SMS, locale, **values).body)

    def _draft(self, source: Source, locale: str | None) -> Draft:
        for tag in (*lineage(locale_for(locale) or DEFAULT_LOCALE), DEFAULT_LOCALE):
            if source in self.locales.get(tag, ()):
                return self.locales[tag][source]
        raise LookupError(f"the template {source[0]} has no text for {source[1]}")


def locale_for(preferred: str | None) -> str | None:
    """Return the locale that somebody prefers, as the files of texts are named; None where none is told.

    A preference is a language tag such as `de-CH` or `de_CH`, or a list of them as in SCIM's preferredLanguage
    (RFC 7643 §4.1.1), of which the first counts.
    """
    tag = re.split("[,;]", preferred or "")[0].strip().replace("_", "-").lower()
    return tag[:_LONGEST_TAG] or None


def whole_minutes(span: timedelta) -> int:
    """Return a span in minutes as the text tells it, rounded up."""
    return ceil(span.total_seconds() / 60)


def is_webotp_domain(domain: str) -> bool:
    """Tell whether a text may end in this domain: a host name without anything that looks like a code."""
    is_host = len(domain) <= LONGEST_DOMAIN and _DOMAIN.fullmatch(domain) is not None
    return is_host and not looks_like_a_code(domain)
