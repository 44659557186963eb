"""Loading a part of the program when it is needed (docs/decisions/0012)."""

from __future__ import annotations

import gc
from pkgutil import resolve_name
from typing import Any


def load(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import `module:name`, without looking for garbage meanwhile: what is loaded stays, and a start is shorter."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return resolve_name(name)
    finally:
        if was_enabled:
            gc.enable()
