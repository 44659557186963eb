"""The texts as they are kept: a JSON file per locale, read, laid over one another and checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

from verification.channels import Channel
from verification.errors import InvalidTexts
from verification.templates import (
    CODE,
    HOURS,
    LINK,
    MINUTES,
    SHAPES,
    Template,
    looks_like_a_code,
    placeholders,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from verification.templates import Shape

Source = tuple[Template, Channel]

_TEMPLATES = frozenset(map(str, Template))
_SUFFIX = ".json"
_PHRASES = "phrases"
_SUBJECT = "subject"
_BODY = "body"
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")  # RFC 5646 §2.1: languages with their scripts and regions
# A text is looked at with these in place: what stands beside them must not make another run of digits with them.
_SAMPLES = {CODE: "47110815", MINUTES: "99", HOURS: "99"}


@dataclass(frozen=True, slots=True)
class Draft:
    """One text that waits for its values; only a mail has a subject."""

    subject: str | None
    paragraphs: tuple[str, ...]

    def with_phrases(self, phrases: Mapping[str, str]) -> Draft:
        """Put phrases where they are named."""
        return Draft(self.subject, tuple(_with_phrases(text, phrases) for text in self.paragraphs))


@dataclass(slots=True)
class _Locale:
    phrases: dict[str, str] = field(default_factory=dict)
    drafts: dict[Source, Draft] = field(default_factory=dict)

    def lay(self, other: _Locale) -> None:
        self.phrases.update(other.phrases)
        self.drafts.update(other.drafts)


def read_texts(directory: Traversable | None) -> Mapping[str, Mapping[Source, Draft]]:
    """Read the packaged texts, lay those of a directory over them, and return them by locale.

    Raises:
        InvalidTexts: the texts are faulty; all faults are named.
    """
    read: dict[str, _Locale] = {}
    faults: list[str] = []
    for folder in (files("verification") / "locales", directory):
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder else ():
            if entry.name.endswith(_SUFFIX):
                faults.extend(f"{entry.name}: {fault}" for fault in _read_file(entry, read))
    whole = {tag: _whole(tag, read) for tag in read}
    for tag, locale in whole.items():
        faults.extend(f"{tag}{_SUFFIX}: {fault}" for fault in _faults(locale))
    if faults:
        raise InvalidTexts(tuple(faults))
    return {
        tag: {source: draft.with_phrases(locale.phrases) for source, draft in locale.drafts.items()}
        for tag, locale in whole.items()
    }


def lineage(tag: str) -> Iterator[str]:
    """Yield a language tag and what it falls back to: `de-ch-1901`, `de-ch`, `de`."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def _whole(tag: str, read: Mapping[str, _Locale]) -> _Locale:
    """Return a locale with all that it has from its language: a file of `de-ch` says only what it says otherwise."""
    whole = _Locale()
    for name in reversed(tuple(lineage(tag))):
        if name in read:
            whole.lay(read[name])
    return whole


def _read_file(entry: Traversable, read: dict[str, _Locale]) -> Iterator[str]:
    """Take up one file, and name what is wrong with its form."""
    tag = entry.name.removesuffix(_SUFFIX).replace("_", "-").lower()
    if not _TAG.fullmatch(tag):
        yield "the name is not that of a locale, like de.json or pt-BR.json"
        return
    try:
        content = json.loads(entry.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        yield "cannot be read as JSON in UTF-8"
        return
    locale = read.setdefault(tag, _Locale())
    for name, value in _members(content):
        if name == _PHRASES:
            yield from _read_phrases(value, locale)
        elif name in _TEMPLATES:
            yield from _read_template(Template(name), value, locale)
        else:
            yield f"{name}: there is no such template"
    if not isinstance(content, dict):
        yield "must be an object"


def _read_phrases(value: object, locale: _Locale) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{_PHRASES}: must be an object"
    for name, phrase in _members(value):
        if not isinstance(phrase, str):
            yield f"{_PHRASES}.{name}: must be a text"
        elif fault := _brace_fault(phrase):
            yield f"{_PHRASES}.{name}: {fault}"
        else:
            locale.phrases[name] = phrase


def _read_template(template: Template, value: object, locale: _Locale) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{template}: must be an object of channels"
    for name, text in _members(value):
        where = f"{template}.{name}"
        if name not in SHAPES[template]:
            yield f"{where}: the template has no such channel"
            continue
        channel = Channel(name)
        draft = _sms(text) if channel is Channel.SMS else _mail(text)
        if draft is None:
            expected = "a text" if channel is Channel.SMS else "a subject in one line, and a body of paragraphs"
            yield f"{where}: must be {expected}"
        elif fault := next(filter(None, map(_brace_fault, (draft.subject or "", *draft.paragraphs))), None):
            yield f"{where}: {fault}"
        else:
            locale.drafts[template, channel] = draft


def _sms(text: object) -> Draft | None:
    return Draft(None, (text,)) if isinstance(text, str) and text.strip() else None


def _mail(text: object) -> Draft | None:
    if not isinstance(text, dict) or set(text) != {_SUBJECT, _BODY}:
        return None
    subject, body = text[_SUBJECT], text[_BODY]
    is_body = isinstance(body, list) and bool(body) and all(isinstance(part, str) for part in body)
    is_subject = isinstance(subject, str) and bool(subject.strip()) and len(subject.splitlines()) == 1
    return Draft(subject, tuple(body)) if is_body and is_subject else None


def _faults(locale: _Locale) -> Iterator[str]:
    """Name what is wrong with the words of a locale."""
    named = {name for draft in locale.drafts.values() for text in draft.paragraphs for name in placeholders(text)}
    yield from (f"{_PHRASES}.{name}: no text has it" for name in locale.phrases if name not in named)
    for (template, channel), draft in locale.drafts.items():
        shape = SHAPES[template][channel]
        for fault in _draft_faults(draft.with_phrases(locale.phrases), shape):
            yield f"{template}.{channel}: {fault}"


def _draft_faults(draft: Draft, shape: Shape) -> Iterator[str]:
    body = "\n".join(draft.paragraphs)
    in_body, in_subject = placeholders(body), placeholders(draft.subject or "")
    # A mail may go out without a link, and then without the paragraphs that speak of it; but never without a subject.
    unknown = (in_body - shape.allowed) | (in_subject - (shape.allowed - {LINK, HOURS}))
    yield from (f"unknown placeholder {{{name}}}" for name in sorted(unknown))
    yield from (f"misses the placeholder {{{name}}}" for name in sorted(shape.needed - in_body))
    sample = {name: _SAMPLES.get(name, "") for name in in_body | in_subject}
    if looks_like_a_code(f"{draft.subject}\n{body}".format(**sample), _SAMPLES[CODE]):
        yield "has a run of four digits or more besides the code"


def _brace_fault(text: str) -> str | None:
    try:
        placeholders(text)
    except ValueError:
        return "has braces that hold more or less than a name"
    return None


def _with_phrases(text: str, phrases: Mapping[str, str]) -> str:
    for name in placeholders(text) & phrases.keys():
        text = text.replace(f"{{{name}}}", phrases[name])
    return text


def _members(value: object) -> Iterator[tuple[str, object]]:
    yield from value.items() if isinstance(value, dict) else ()
