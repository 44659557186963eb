"""Whether the service can do its work: its database answers, its schema is current, deliveries move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from persistence.errors import PersistenceError

if TYPE_CHECKING:
    from api.services.core import Core

STUCK_AFTER = timedelta(seconds=60)
"""Deliveries that are due are claimed within a second; a minute without that means no worker is at work."""


@dataclass(frozen=True, slots=True)
class ReadinessService:
    """The use case behind /readyz."""

    core: Core

    def checks(self) -> dict[str, bool]:
        """Return what is looked at, and whether each is well."""
        try:
            is_current = self.core.database.is_current()
            oldest = self.core.database.read(lambda unit: unit.deliveries.oldest_due()) if is_current else None
        except PersistenceError:
            return {"database": False, "schema": False, "delivery": False}
        is_stuck = oldest is not None and self.core.clock.now() - oldest > STUCK_AFTER
        return {"database": True, "schema": is_current, "delivery": is_current and not is_stuck}
