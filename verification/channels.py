"""How a message travels."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"
