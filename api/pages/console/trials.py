"""A message that tries a gateway, and what the page says came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.console.reasons import reason_text
from api.pages.form_errors import FormError
from api.pages.waits import wait_fault
from api.services.sender_drafts import SenderRefused
from api.services.trials import Outcome
from verification.errors import InvalidTarget, LimitReached, TargetRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.pages.visits import Visit
    from api.services.trials import Trial

TO = "to"
"""The field of the number or address."""


def tried(visit: Visit, send: Callable[[str], Trial], invalid: str) -> FormError | None:
    """Send to what the form says; return what went wrong, or have the next page say that nothing did.

    `invalid` is the key of what is said of a number or an address that is none.
    """
    to = visit.field(TO).strip()
    try:
        trial = send(to)
    except InvalidTarget:
        return FormError(visit.text(invalid), TO)
    except LimitReached as error:
        return wait_fault(visit, error, "setting.error.limit", TO)
    except TargetRefused:
        return FormError(visit.text("console.error.target_refused"), TO)
    except SenderRefused as error:
        return FormError(visit.text("setting.error.other", detail=str(error)))
    if trial.outcome is Outcome.ACCEPTED:
        visit.tell("setting.done.tried", provider=trial.provider or "")
        return None
    key = "setting.try.refused" if trial.outcome is Outcome.REFUSED else "setting.try.postponed"
    return FormError(visit.text(key, reason=reason_text(visit.text, trial.reason)))
