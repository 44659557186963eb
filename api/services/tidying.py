"""Removing what nobody looks at any more: the uses of limits, figures, and refused attempts of long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.statistics import FIGURES_KEPT
from verification.conversion import BUCKET

if TYPE_CHECKING:
    from api.services.core import Core
    from persistence.unit_of_work import UnitOfWork

PORTION = 500
"""Rows of a kind that are removed in one transaction."""
MOST_PORTIONS = 50
"""Portions of a turn: a worker also has codes to deliver."""
IMPORTS_KEPT = timedelta(days=7)
"""How long a file of users is kept that was brought to the Console: it may have passwords in it."""
LONGEST_WINDOW = timedelta(days=1)
"""The longest span of a limit on checks."""


@dataclass(frozen=True, slots=True)
class TidyService:
    """The use case of a worker that has a moment."""

    core: Core
    attempts_kept: timedelta

    def tidy(self) -> int:
        """Remove what there is in portions, within bounds, and return how many rows it was."""
        removed = 0
        for _ in range(MOST_PORTIONS):
            portion = self.core.database.transact(self._portion)
            removed += portion
            if portion < PORTION:
                break
        return removed

    def _portion(self, unit: UnitOfWork) -> int:
        now = self.core.clock.now()
        judged = self.core.policy.guard.conversion.span + BUCKET
        return (
            unit.limits.prune(now - LONGEST_WINDOW, PORTION)
            + unit.send_marks.prune(now, PORTION)
            + unit.conversions.prune(now - judged, PORTION)
            + unit.imports.prune(now - IMPORTS_KEPT, PORTION)
            + unit.provider_figures.prune(now - FIGURES_KEPT, PORTION)
            + unit.blocked_attempts.prune(now - self.attempts_kept, PORTION)
        )
