"""How often a restore may be begun: of one address, and from one place of the network."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api.services.sending import wait_for
from scim.folding import fold
from verification.errors import Limit, LimitReached
from verification.limits import Window
from verification.places import keyed, source_of

if TYPE_CHECKING:
    from datetime import datetime

    from api.services.callers import Caller
    from api.services.restores import RestoreRules
    from persistence.unit_of_work import UnitOfWork
    from verification.codes import KeyRing

_HOUR = timedelta(hours=1)


def count_start(
    ring: KeyRing, unit: UnitOfWork, rules: RestoreRules, address: str, caller: Caller, at: datetime
) -> None:
    """Count that somebody begins a restore of an address, or raise LimitReached."""
    windows = (
        (Window(Limit.RESTORE, _HOUR, rules.per_address), f"address:{keyed(ring, 'restore', fold(address))}"),
        (
            Window(Limit.RESTORE, _HOUR, rules.per_source),
            f"source:{keyed(ring, 'source', source_of(caller.ip))}",
        ),
    )
    for _, subject in windows:
        unit.limits.hold(subject)
    wait = max(wait_for(unit, window, subject, at) for window, subject in windows)
    if wait:
        raise LimitReached(Limit.RESTORE, wait)
    for _, subject in windows:
        unit.limits.add(Limit.RESTORE, subject, at)
