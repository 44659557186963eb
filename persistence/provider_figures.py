"""What workers tell of providers: how calls of them went, and whether they are asked in their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from persistence.statements import Statement, oldest
from persistence.tables_statistics import country_figures, provider_calls, provider_circuits

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from persistence.links import Link
    from persistence.statistics import CallCount, StoredCircuit

_CALLS = insert(provider_calls).values({c.name: bindparam(c.name, type_=c.type) for c in provider_calls.columns})
_COUNT_CALLS = Statement(
    _CALLS.on_conflict_do_update(
        index_elements=list(provider_calls.primary_key.columns),
        set_={
            "calls": provider_calls.c.calls + _CALLS.excluded.calls,
            "milliseconds": provider_calls.c.milliseconds + _CALLS.excluded.milliseconds,
        },
    )
)
_CIRCUIT = insert(provider_circuits).values({c.name: bindparam(c.name) for c in provider_circuits.columns})
_SAVE_CIRCUIT = Statement(
    _CIRCUIT.on_conflict_do_update(
        index_elements=list(provider_circuits.primary_key.columns),
        set_={name: _CIRCUIT.excluded[name] for name in ("state", "changed_at", "seen_at")},
    )
)
_PRUNE_CALLS = Statement(oldest(provider_calls.c.hour_at, keeps_last=True))
_PRUNE_COUNTRIES = Statement(oldest(country_figures.c.hour_at, keeps_last=True))
_PRUNE_CIRCUITS = Statement(oldest(provider_circuits.c.seen_at, keeps_last=True))


class ProviderFigures:
    """Figures that workers add to."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def count_calls(self, hour_at: datetime, counts: Iterable[CallCount]) -> None:
        """Add calls of an hour to those that were counted before."""
        rows = [
            {
                "hour_at": hour_at,
                "provider": count.provider,
                "outcome": count.outcome,
                "calls": count.count,
                "milliseconds": count.milliseconds,
            }
            # In one order, so that no two workers wait for each other.
            for count in sorted(counts, key=lambda count: (count.provider, count.outcome))
        ]
        self._link.run_many(_COUNT_CALLS, rows)

    def save_circuits(self, circuits: Iterable[StoredCircuit]) -> None:
        """Keep what a worker says, in place of what it said before."""
        self._link.run_many(
            _SAVE_CIRCUIT,
            (
                {
                    "worker": circuit.worker,
                    "provider": circuit.provider,
                    "state": circuit.state,
                    "changed_at": circuit.changed_at,
                    "seen_at": circuit.seen_at,
                }
                for circuit in circuits
            ),
        )

    def prune(self, before: datetime, limit: int) -> int:
        """Remove some figures from before a moment; return how many."""
        return sum(
            self._link.run(statement, {"before": before, "limit": limit})
            for statement in (_PRUNE_CALLS, _PRUNE_COUNTRIES, _PRUNE_CIRCUITS)
        )
