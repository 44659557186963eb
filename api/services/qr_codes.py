"""QR codes. Loaded with the first one."""

from __future__ import annotations

import segno

_PIXELS = 4  # to a module: some five centimetres on a screen, which a phone reads at arm's length


def svg_of(text: str) -> str:
    """Return a QR code as an `svg` element that needs no style, and keeps its light parts on a dark page."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=_PIXELS, dark="#000", light="#fff")
