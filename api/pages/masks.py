"""Masked numbers and addresses, so that they can be read aloud."""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"\*+")


def shown(masked: str | None) -> str | None:
    """Write each hidden part as one sign: a screen reader would read eight asterisks one by one."""
    return None if masked is None else _HIDDEN.sub("…", masked)
