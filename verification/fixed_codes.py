"""Test numbers: their code is fixed and never sent, until a day that ends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PROVIDER = "test"
"""The provider of a delivery that nobody carries."""


@dataclass(frozen=True, slots=True)
class FixedCode:
    """The code of a test number, and the moment from which on it is a number like any other."""

    key: str
    code: str = field(repr=False)
    until: datetime
