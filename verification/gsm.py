"""How many parts a text takes on the air (3GPP TS 23.038 §6, TS 23.040 §9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# TS 23.038 §6.2.1 and §6.2.1.1; a letter of the extension table is sent as two septets.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """How the letters of a text travel."""

    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"


LAST_OF_BASIC_PLANE = 0xFFFF  # beyond it a letter is a surrogate pair

# Units in a message that stands alone, and in one of several parts, which carries a header as well.
ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of a text: units are septets in GSM-7 and UTF-16 units in UCS-2."""

    encoding: Encoding
    units: int
    parts: int


def segments(text: str) -> Segments:
    """Measure a text as a handset's encoder does; no letter is split over two parts."""
    if BASIC.union(EXTENSION).issuperset(text):
        encoding = Encoding.GSM_7
        sizes = [2 if letter in EXTENSION else 1 for letter in text]
    else:
        encoding = Encoding.UCS_2
        sizes = [2 if ord(letter) > LAST_OF_BASIC_PLANE else 1 for letter in text]
    alone, joined = ROOM[encoding]
    return Segments(encoding, sum(sizes), 1 if sum(sizes) <= alone else _parts(sizes, joined))


def _parts(sizes: Iterable[int], room: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
