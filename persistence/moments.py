"""Moments that lists are bounded by."""

from __future__ import annotations

from datetime import UTC, datetime

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
"""Later than anything stored."""
