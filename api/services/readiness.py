"""Whether the service can do its work: its database answers, its schema is current, deliveries move, senders open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from persistence.errors import PersistenceError

if TYPE_CHECKING:
    from api.services.core import Core

STUCK_AFTER = timedelta(seconds=60)
"""Deliveries that are due are claimed within a second; a minute in which nobody does means that no worker is there.

That is asked of the outbox, not of a worker: whichever process delivers, on whatever machine, this is what counts.
"""


@dataclass(frozen=True, slots=True)
class ReadinessService:
    """The use case behind /readyz."""

    core: Core

    def checks(self) -> dict[str, bool]:
        """Return what is looked at, and whether each is well."""
        can_send = self.core.senders.can_send
        try:
            is_current = self.core.database.is_current()
            is_stuck = is_current and self._is_stuck()
        except PersistenceError:
            return {"database": False, "schema": False, "delivery": False, "senders": can_send}
        moves = is_current and not is_stuck and can_send
        return {"database": True, "schema": is_current, "delivery": moves, "senders": can_send}

    def _is_stuck(self) -> bool:
        now = self.core.clock.now()
        since = self.core.database.read(lambda unit: unit.deliveries.neglected_since(now))
        return since is not None and now - since > STUCK_AFTER
