"""Codes, derived from a key and never stored: the same verification and generation always give the same one."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

import pyotp
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from verification.errors import InvalidKeys, UnknownKey
from verification.policy import Alphabet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from verification.policy import OtpRules

KEY_BYTES = 32
# RFC 8628 §6.1: consonants alone spell no words. With the digits that look like no letter of other fonts.
ALPHANUMERICS = "BCDFGHJKLMNPQRSTVWXZ23456789"
LONGEST_SUBMISSION = 64  # nobody types more; what is longer is no code

_KID = re.compile(r"[A-Za-z0-9._-]{1,32}")
_SEPARATORS = re.compile(r"[\s\u002d\u2010-\u2015\u2212]+")


class Label(StrEnum):
    """What a key derived from a master key is for; no key serves two ends."""

    CODE = "code"
    DIGEST = "digest"
    CURSOR = "cursor"
    LINK = "link"
    FORM = "form"
    AT_REST = "at-rest"
    DEMO = "demo"


class KeyRing:
    """The master keys by their names: the first one is used for what is new, all for what is there."""

    __slots__ = ("_derived", "_masters")

    def __init__(self, masters: Mapping[str, bytes]) -> None:
        if not masters or any(len(master) < KEY_BYTES for master in masters.values()):
            raise InvalidKeys(f"At least one master key is needed, each of {KEY_BYTES} bytes or more.")
        self._masters = dict(masters)
        self._derived = {
            (kid, label): _derived(master, label) for kid, master in self._masters.items() for label in Label
        }

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read `kid:base64,kid:base64`, in either alphabet of base64, padded or not.

        Raises:
            InvalidKeys: Something is wrong with a key. Its place is told, never its text.
        """
        masters: dict[str, bytes] = {}
        for place, part in enumerate(text.split(","), start=1):
            kid, master = _read_master(part.strip(), place)
            if kid in masters:
                raise InvalidKeys(f"Master key {place} has the name of an earlier one.")
            masters[kid] = master
        return cls(masters)

    @classmethod
    def generate(cls, kid: str, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> KeyRing:
        """Make a ring of one new key."""
        return cls({kid: random_bytes(KEY_BYTES)})

    def export(self) -> str:
        """Return the secret text that `parse` reads."""
        return ",".join(f"{kid}:{base64.b64encode(master).decode()}" for kid, master in self._masters.items())

    @property
    def first(self) -> str:
        """Return the name of the key that is used for what is new."""
        return next(iter(self._masters))

    @property
    def kids(self) -> tuple[str, ...]:
        """Return the names of all keys, the first one first."""
        return tuple(self._masters)

    def key(self, kid: str, label: Label) -> bytes:
        """Return the key derived from a master key for one end."""
        try:
            return self._derived[kid, label]
        except KeyError:
            raise UnknownKey from None

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.kids)})"


def code_for(
    ring: KeyRing, rules: OtpRules, *, kid: str, purpose: str, verification_id: str, target_key: str, generation: int
) -> str:
    """Derive the code of one generation of a verification.

    The target and the purpose are part of what is signed: a code sent to one number proves no other.
    """
    signed = b"".join(_length_prefixed(part) for part in (purpose, verification_id, target_key))
    secret = hmac.digest(ring.key(kid, Label.CODE), signed, hashlib.sha256)
    if rules.alphabet is Alphabet.NUMERIC:
        return pyotp.HOTP(base64.b32encode(secret).decode(), digits=rules.length).at(generation)
    return "".join(letter for letter, _ in zip(_letters(secret, generation), range(rules.length), strict=False))


def digest(ring: KeyRing, kid: str, code: str) -> str:
    """Return the keyed digest of a code, which a row may hold."""
    return hmac.digest(ring.key(kid, Label.DIGEST), code.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()


def digests(ring: KeyRing, code: str) -> dict[str, str]:
    """Return the digest a code would have under each key, to look it up once a key."""
    return {kid: digest(ring, kid, code) for kid in ring.kids}


def normalise(submitted: str) -> str:
    """Bring a submitted code to the form codes are made in: no spaces, no hyphens, no full-width forms."""
    if len(submitted) > LONGEST_SUBMISSION:
        return ""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", submitted)).upper()


def is_same(code: str, submitted: str) -> bool:
    """Compare a code with a normalised submission, in the same time whatever they hold."""
    return hmac.compare_digest(code.encode(), submitted.encode("utf-8", "surrogatepass"))


def _read_master(part: str, place: int) -> tuple[str, bytes]:
    kid, colon, encoded = part.partition(":")
    if not colon or not _KID.fullmatch(kid):
        raise InvalidKeys(f"Master key {place} has no name: it reads kid:base64.")
    unpadded = encoded.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        master = base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidKeys(f"Master key {place} is not base64.") from None
    if len(master) < KEY_BYTES:
        raise InvalidKeys(f"Master key {place} is shorter than {KEY_BYTES} bytes.")
    return kid, master


def _derived(master: bytes, label: Label) -> bytes:
    """Derive the key of one end by HKDF (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(master)


def _length_prefixed(part: str) -> bytes:
    encoded = part.encode()
    return len(encoded).to_bytes(4) + encoded


def _letters(secret: bytes, generation: int) -> Iterator[str]:
    """Draw letters from the keyed stream of a generation; bytes that would favour some letters are skipped."""
    fair = 256 - 256 % len(ALPHANUMERICS)
    block = 0
    while True:
        message = generation.to_bytes(8) + block.to_bytes(4)
        yield from (
            ALPHANUMERICS[byte % len(ALPHANUMERICS)]
            for byte in hmac.digest(secret, message, hashlib.sha256)
            if byte < fair
        )
        block += 1
