"""E-mail addresses: what is accepted, and the canonical key they are compared by.

The domain is compared without case and in its ASCII form. The part before the `@` is compared without case as well:
RFC 5321 §2.4 would let a server tell `Bob` from `bob`, yet none that matters does, people type either, and of two
accounts that differ by case alone one would sooner or later be sent the other's code. A proved address keeps the
spelling in which it was proved, and is written to in that spelling, so that no server is relied on for this.
"""

from __future__ import annotations

import re
import unicodedata

from verification.errors import InvalidEmailAddress
from verification.targets import Target

LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3: a path of 256 octets, less its brackets
LONGEST_LOCAL_PART = 64  # RFC 5321 §4.5.3.1.1, in octets
LONGEST_LABEL = 63  # RFC 1035 §2.3.4

# RFC 5322 §3.2.3, and beyond ASCII what RFC 6531 §3.3 adds. A quoted local part is not taken: RFC 5321 §4.1.2 advises
# against them, and a comma in one would come apart where a list of addresses is written as one text.
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_OF_WORDS = frozenset("LMN")  # letters, marks and numbers, by the first letter of their category
_UNSEEN = frozenset("CZ")  # controls, formats, separators


class EmailAddress(Target):
    """An e-mail address; its key is in lower case, the domain in ASCII."""

    __slots__ = ()


def read_address(text: str) -> EmailAddress:
    """Read an address a request brings: the bare one, without a name or brackets.

    Raises:
        InvalidEmailAddress: The text is none. The message does not repeat it.
    """
    key = _key(text)
    if key is None:
        raise InvalidEmailAddress
    return EmailAddress(text, key)


def stored_address(text: str) -> EmailAddress:
    """Read an address off a stored document, which may be older than the rules."""
    return EmailAddress(text, _key(text.strip()) or text)


def _key(text: str) -> str | None:
    local, _, domain = text.rpartition("@")
    if not _is_local_part(local):
        return None
    labels = [_ascii_label(label) for label in domain.split(".")]
    known = [label for label in labels if label is not None]
    # A name of one label is no full one, and one that ends in digits is an IP address (RFC 5321 §2.3.5, §4.1.3).
    if len(known) < max(2, len(labels)) or known[-1].isdigit():
        return None
    key = f"{unicodedata.normalize('NFC', local).lower()}@{'.'.join(known)}"
    return key if max(len(key.encode()), len(text.encode())) <= LONGEST_ADDRESS else None


def _is_local_part(local: str) -> bool:
    return (
        all(_ATOM.fullmatch(atom) for atom in local.split("."))
        and not any(unicodedata.category(letter)[0] in _UNSEEN for letter in local)
        and len(local.encode()) <= LONGEST_LOCAL_PART
    )


def _ascii_label(label: str) -> str | None:
    """Return the form of a label that DNS knows (RFC 5890 §2.3.2.1), or None where there is none."""
    if not label.isascii():
        # RFC 5895 §2: width and case do not count.
        folded = unicodedata.normalize("NFKC", label).lower()
        if not all(letter == "-" or unicodedata.category(letter)[0] in _OF_WORDS for letter in folded):
            return None
        label = folded if folded.isascii() else f"xn--{folded.encode('punycode').decode()}"
    label = label.lower()
    return label if _LABEL.fullmatch(label) and len(label) <= LONGEST_LABEL else None
